-- stg.population_year: one row per commune (or municipal arrondissement) × vintage.
CREATE TABLE stg.population_year AS
SELECT
    stg.insee(code) AS code, stg.number(population) AS population,
    stg.number(total) AS total_population, _vintage AS vintage
FROM raw.popref
QUALIFY row_number() OVER (PARTITION BY stg.insee(code), _vintage ORDER BY _file, _row) = 1;

-- stg.population: one row per commune (or municipal arrondissement), latest vintage.
CREATE TABLE stg.population AS
SELECT code, population, total_population, vintage
FROM stg.population_year
QUALIFY row_number() OVER (PARTITION BY code ORDER BY vintage DESC) = 1;
