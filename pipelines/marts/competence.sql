-- competence: one row per commune × competence that the census tells who exercises, from which day.
-- Communes that merged and did not say the same leave it unknown.
CREATE TABLE competence AS
SELECT
    current_code(code) AS code, competence,
    CASE WHEN count(DISTINCT holder) = 1 THEN min(holder) END AS holder,
    max(since) AS since, min(source) AS source, max(source_date) AS source_date
FROM stg.competence
GROUP BY 1, 2
ORDER BY 1, 2;

-- outside_epci: one row per commune that is a member of no EPCI, where the membership at hand is
-- that of its département; in an extract, a commune that is not there is unknown.
CREATE TABLE outside_epci AS
WITH member AS (SELECT DISTINCT current_code(code) AS code FROM stg.membership),
told AS (
    SELECT c.dep FROM stg.commune AS c LEFT JOIN member AS m ON m.code = c.code
    GROUP BY c.dep HAVING count(m.code) >= 0.9 * count(*)
)
SELECT c.code
FROM stg.commune AS c
SEMI JOIN told AS t ON t.dep = c.dep
ANTI JOIN member AS m ON m.code = c.code
ORDER BY 1;
