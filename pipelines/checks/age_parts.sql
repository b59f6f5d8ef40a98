-- Les bandes de cinq ans d'une commune totalisent sa population, à 3 % près (ou 15 habitants).
WITH bands AS (
    SELECT current_code(code) AS code, sum(amount) AS total, count(DISTINCT band) AS bands
    FROM stg.age
    WHERE next_age - first_age = 5 OR band = 'Y_GE95'
    GROUP BY ALL
    HAVING count(DISTINCT sex) = 2 AND NOT bool_or(sex = '_T')
)
SELECT b.code, c.name, b.total AS somme_des_ages, c.population
FROM bands AS b
JOIN commune AS c ON c.code = b.code AND c.inside
WHERE (b.bands = 20 AND abs(b.total - c.population) > greatest(15, 0.03 * c.population))
   OR b.total > c.population + greatest(15, 0.03 * c.population);
