-- stg.commune_fact: one row per commune: town hall, area; latest vintage.
CREATE TABLE stg.commune_fact AS
SELECT
    stg.insee(code) AS code, stg.number(lon) AS lon, stg.number(lat) AS lat,
    stg.number(area_km2) AS area_km2, _vintage AS vintage
FROM raw.commune_facts
QUALIFY row_number() OVER (PARTITION BY stg.insee(code) ORDER BY _vintage DESC, _file, _row) = 1;

-- stg.birth: one row per commune × year.
CREATE TABLE stg.birth AS
WITH both_files AS (
    SELECT code, births, births_year AS year, _vintage, _file, _row FROM raw.commune_facts
    UNION ALL
    -- Live births (LVB) of the year. K: counted in another commune.
    SELECT code, CASE WHEN coalesce(status, 'A') <> 'K' THEN births END, year, _vintage, _file, _row
    FROM raw.birth_series
    WHERE object IN ('COM', 'ARM') AND coalesce(measure, 'LVB') = 'LVB'
        AND coalesce(frequency, 'A') = 'A'
)
SELECT
    stg.insee(code) AS code, stg.year(year) AS year, stg.number(births) AS births,
    _vintage AS vintage
FROM both_files
QUALIFY row_number() OVER (PARTITION BY stg.insee(code), stg.year(year) ORDER BY _vintage DESC,
    _file, _row) = 1;
