-- allocation: one row per establishment × commune that it serves, and that commune's share of it.
-- Shares follow the public of the communes served; when one of them is unknown, they are equal.
CREATE TABLE allocation AS
WITH serves AS (
    SELECT id, current_code(code) AS code FROM stg.served
    UNION
    SELECT id, code FROM establishment WHERE id NOT IN (SELECT id FROM stg.served)
),
weighted AS (
    SELECT
        v.id, v.code, p.amount,
        sum(p.amount) OVER w AS total, count(*) OVER w AS communes, count(p.amount) OVER w AS known
    FROM serves AS v
    JOIN establishment AS e ON e.id = v.id
    LEFT JOIN service AS s ON s.id = e.service
    LEFT JOIN public_count AS p ON p.code = v.code AND p.public = s.allocate_by
    WINDOW w AS (PARTITION BY v.id)
)
SELECT
    id AS establishment, code,
    CASE WHEN known = communes AND total > 0 THEN amount / total ELSE 1.0 / communes END AS share,
    communes > 1 AND (known < communes OR total = 0) AS equal_shares
FROM weighted
ORDER BY 1, 2;
