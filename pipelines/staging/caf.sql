-- stg.published_rate: one row per level × place × year × service; the latest publication wins.
CREATE TABLE stg.published_rate AS
WITH long AS (
    UNPIVOT (SELECT * REPLACE (stg.known(code) AS code) FROM raw.caf_rate)
    ON COLUMNS(* EXCLUDE (year, level, code, _source, _file, _vintage, _row))
    INTO NAME service VALUE rate
)
SELECT
    level,
    CASE level WHEN 'com' THEN stg.insee(code) WHEN 'epci' THEN stg.siren(code) ELSE code END AS code,
    CASE service WHEN 'total' THEN 'accueil_0_2' ELSE service END AS service,
    TRY_CAST(year AS INTEGER) AS year, stg.number(rate) AS rate, _vintage AS vintage, _file
FROM long
WHERE code IS NOT NULL AND code NOT LIKE 'XX%' AND stg.known(rate) IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY level, code, service, year ORDER BY _vintage DESC, _file LIKE '%hist%', _file
) = 1;

-- stg.published_places: one row per commune × year × service.
CREATE TABLE stg.published_places AS
WITH long AS (
    UNPIVOT (SELECT * REPLACE (stg.known(code) AS code) FROM raw.caf_places)
    ON COLUMNS(* EXCLUDE (year, code, _source, _file, _vintage, _row))
    INTO NAME service VALUE places
)
SELECT
    stg.insee(code) AS code,
    CASE service WHEN 'total' THEN 'accueil_0_2' ELSE service END AS service,
    TRY_CAST(year AS INTEGER) AS year, stg.number(places) AS places, _vintage AS vintage, _file
FROM long
WHERE code IS NOT NULL AND stg.known(places) IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY code, service, year ORDER BY _vintage DESC, _file LIKE '%hist%', _file
) = 1;
