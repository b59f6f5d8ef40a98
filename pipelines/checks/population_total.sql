-- La population du territoire est celle que la DGCL publie pour l'EPCI, à 5 % près ; celle de chaque commune est la somme de ses codes, anciens et actuels.
WITH published AS (
    SELECT current_code(code) AS code, vintage, sum(population) AS population, count(*)
        = count(population) AS complete
    FROM stg.population_year GROUP BY current_code(code), vintage
    QUALIFY row_number() OVER (PARTITION BY current_code(code) ORDER BY vintage DESC) = 1
)
SELECT c.code, c.name AS nom, c.population AS population_retenue, p.population AS population_publiee
FROM commune AS c
JOIN published AS p ON p.code = c.code
WHERE c.inside AND p.complete AND (c.population IS NULL OR abs(c.population - p.population) > 0.5)
UNION ALL
-- The two publications are a year or two apart: 5 % is more than a territory moves, less than an
-- error.
SELECT t.siren, t.name, i.population, m.population
FROM territory AS t
JOIN (
    SELECT siren, vintage, max(epci_population) AS population FROM stg.membership GROUP BY ALL
) AS m ON m.siren = t.siren AND m.vintage = t.membership_vintage
CROSS JOIN (
    SELECT CASE WHEN count(*) = count(population) THEN sum(population) END AS population
        FROM commune WHERE inside
) AS i
WHERE abs(i.population - m.population) > 0.05 * m.population;
