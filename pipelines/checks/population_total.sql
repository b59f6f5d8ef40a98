-- Les populations des communes totalisent celles que l'Insee publie pour leurs codes, anciens et actuels.
WITH published AS (
    SELECT current_code(code) AS code, sum(population) AS population, count(*) = count(population) AS complete
    FROM stg.population GROUP BY 1
)
SELECT c.code, c.name, c.population AS population_retenue, p.population AS population_publiee
FROM commune AS c
JOIN published AS p ON p.code = c.code
WHERE c.inside AND p.complete AND (c.population IS NULL OR abs(c.population - p.population) > 0.5);
