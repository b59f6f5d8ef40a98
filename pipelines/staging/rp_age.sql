-- stg.age: one row per commune × age band (or year of age) × sex, latest year. K: counted in
-- another commune.
CREATE TABLE stg.age AS
SELECT
    stg.insee(code) AS code, age AS band, sex,
    CASE WHEN coalesce(status, 'A') <> 'K' THEN stg.number(value) END AS amount,
    CAST(stg.year(year) AS TEXT) AS vintage, coalesce(status = 'K', false) AS elsewhere,
    TRY_CAST(regexp_extract(age, '^Y(\d+)(?:T\d+)?$', 1) AS INTEGER) AS first_age,
    TRY_CAST(regexp_extract(age, '^Y(?:\d+T)?(\d+)$', 1) AS INTEGER) + 1 AS next_age
FROM raw.rp_age
WHERE object IN ('COM', 'ARM') AND measure = 'POP'
QUALIFY row_number() OVER (PARTITION BY stg.insee(code), age, sex ORDER BY year DESC,
    _vintage DESC, _file) = 1;
