-- stg.age: one row per commune × age band × sex, latest year.
CREATE TABLE stg.age AS
SELECT
    stg.insee(code) AS code, age AS band, sex, stg.number(value) AS amount, year AS vintage,
    TRY_CAST(regexp_extract(age, '^Y(\d+)T(\d+)$', 1) AS INTEGER) AS first_age,
    TRY_CAST(regexp_extract(age, '^Y(\d+)T(\d+)$', 2) AS INTEGER) + 1 AS next_age
FROM raw.rp_age
WHERE object IN ('COM', 'ARM') AND measure = 'POP'
QUALIFY row_number() OVER (PARTITION BY code, age, sex ORDER BY year DESC, _vintage DESC, _file) = 1;
