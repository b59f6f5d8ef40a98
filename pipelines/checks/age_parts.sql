-- Les bandes d'âge d'une commune totalisent sa population, à 3 % près (ou 15 habitants), 20 % quand les millésimes diffèrent.
WITH bands AS (
    SELECT today AS code, sum(amount) AS total, count(DISTINCT band) AS bands, max(vintage) AS vintage
    FROM (
        SELECT *, current_code(code) AS today FROM stg.age
        WHERE next_age - first_age = 5 OR band = 'Y_GE95'
        QUALIFY vintage = max(vintage) OVER (PARTITION BY current_code(code))
    )
    GROUP BY today
    HAVING count(DISTINCT sex) = 2 AND NOT bool_or(sex = '_T')
),
compared AS (
    SELECT b.code, c.name AS nom, b.total AS somme_des_ages, c.population, b.bands,
        greatest(15, CASE WHEN b.vintage = c.population_vintage THEN 0.03 ELSE 0.2 END * c.population) AS slack
    FROM bands AS b
    JOIN commune AS c ON c.code = b.code AND c.inside
)
SELECT code, nom, somme_des_ages, population
FROM compared
WHERE (bands = 20 AND abs(somme_des_ages - population) > slack) OR somme_des_ages > population + slack;
