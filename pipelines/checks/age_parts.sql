-- Les bandes d'âge d'une commune totalisent sa population, à 3 % près (ou 15 habitants), 20 % quand les millésimes diffèrent.
WITH latest AS (
    SELECT *, current_code(code) AS today FROM stg.age
    WHERE (next_age - first_age = 5 OR band IN ('Y_GE95', '_T'))
        AND NOT (elsewhere AND code <> current_code(code))
    QUALIFY vintage = max(vintage) OVER (PARTITION BY current_code(code))
),
-- Both sexes, or their total where it is published: never the two together.
band AS (
    SELECT today, band, max(vintage) AS vintage, CASE WHEN count(*) FILTER (sex = '_T') > 0
        THEN CASE WHEN count(*) FILTER (sex = '_T') = count(amount) FILTER (sex = '_T')
            THEN sum(amount) FILTER (sex = '_T') END
        WHEN count(DISTINCT sex) = 2 AND count(amount) = count(*) THEN sum(amount) END AS amount
    FROM latest GROUP BY today, band
),
bands AS (
    SELECT today AS code, band = '_T' AS whole, sum(amount) AS total, count(*) AS bands,
        max(vintage) AS vintage
    FROM band GROUP BY ALL HAVING count(amount) = count(*)
),
compared AS (
    SELECT b.code, c.name AS nom, b.total AS somme_des_ages, c.population, b.bands = 20
        OR b.whole AS complete,
        greatest(15, CASE WHEN b.vintage = c.population_vintage THEN 0.03
            ELSE 0.2 END * c.population) AS slack
    FROM bands AS b
    JOIN commune AS c ON c.code = b.code AND c.inside
)
SELECT code, nom, somme_des_ages, population
FROM compared
WHERE (complete AND abs(somme_des_ages - population) > slack)
    OR somme_des_ages > population + slack;
