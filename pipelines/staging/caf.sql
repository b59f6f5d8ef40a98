-- The code of a place as the Caf writes it; null for its technical codes (XXXXX, COM…).
CREATE MACRO stg.caf_code(level, code) AS nullif(regexp_extract(
    CASE level WHEN 'com' THEN stg.insee(code) WHEN 'epci' THEN stg.siren(code)
        WHEN 'nat' THEN 'FR' ELSE upper(stg.code(code, 2)) END,
    '^(FR|[0-9]{9}|[0-9]{5}|2[AB][0-9]{3}|97[0-9]|[0-9]{2}|2[AB])$'), '');

-- stg.published_of(source): one row per level × place × year × service of a table of the Caf, its
-- figure as it was read. The latest publication wins; of two as recent, the one that starts later:
-- for 2022, the current set and not the series from 2017.
CREATE MACRO stg.published_of(source) AS TABLE
WITH long AS (
    UNPIVOT (
        SELECT * REPLACE (stg.year(coalesce(year, _vintage)) AS year,
                stg.caf_code(level, code) AS code),
            min(stg.year(coalesce(year, _vintage))) OVER (PARTITION BY _file) AS _first
        FROM query_table(source)
    ) ON COLUMNS(* EXCLUDE (year, level, code, _source, _file, _vintage, _row, _first))
    INTO NAME service VALUE figure
)
SELECT
    level, code,
    CASE service WHEN 'total' THEN 'accueil_0_2' ELSE service END AS service,
    year, stg.number(figure) AS figure, _vintage AS vintage, _file
FROM long
WHERE code IS NOT NULL AND stg.known(figure) IS NOT NULL AND year IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY level, code, service, year
    ORDER BY _vintage DESC, _file LIKE '%hist%', _first DESC, _file, _row
) = 1;

-- stg.published_rate, stg.published_places: one row per level × place × year × service.
CREATE TABLE stg.published_rate AS
SELECT * RENAME (figure AS rate) FROM stg.published_of('raw.caf_rate');
CREATE TABLE stg.published_places AS
SELECT * RENAME (figure AS places) FROM stg.published_of('raw.caf_places');

-- stg.published_count: one row per commune × year × public that the Caf counts. Counts are rounded
-- to 5: a zero may hide a few, and is unknown.
CREATE TABLE stg.published_count AS
SELECT code, service AS public, year, vintage, nullif(figure, 0) AS amount
FROM stg.published_of('raw.caf_households');
