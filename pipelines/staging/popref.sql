-- stg.population: one row a commune (or municipal arrondissement), latest vintage.
CREATE TABLE stg.population AS
SELECT stg.insee(code) AS code, stg.number(population) AS population, _vintage AS vintage
FROM raw.popref
QUALIFY row_number() OVER (PARTITION BY stg.insee(code) ORDER BY _vintage DESC, _file) = 1;
