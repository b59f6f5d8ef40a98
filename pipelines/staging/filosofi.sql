-- stg.income: one row per commune, latest vintage.
CREATE TABLE stg.income AS
SELECT stg.insee(code) AS code, stg.number(median_eur) AS median_eur, _vintage AS vintage
FROM raw.filosofi
QUALIFY row_number() OVER (PARTITION BY stg.insee(code) ORDER BY _vintage DESC, _file, _row) = 1;
