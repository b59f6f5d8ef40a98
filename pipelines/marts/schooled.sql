-- schooled: one row per commune inside × period of the pupils of its schools, where the census
-- tells some. What a merged commune's old codes have in force is added up, and unknown when one of
-- them has nothing yet; from the new commune's first own count on, they count no more.
CREATE TABLE schooled AS
WITH given AS (
    SELECT p.code AS given, current_code(p.code) AS code, p.* EXCLUDE (code), m.merged,
        lead(p.valid_from) OVER (PARTITION BY p.code ORDER BY p.valid_from) AS valid_to
    FROM stg.pupils AS p
    LEFT JOIN (SELECT code_old, max(date_eff) AS merged FROM carry GROUP BY code_old) AS m
        ON m.code_old = p.code
    WHERE current_code(p.code) IN (SELECT code FROM perimeter)
),
part AS (
    SELECT g.code, g.given, min(n.valid_from) AS replaced_on
    FROM (SELECT DISTINCT code, given, merged FROM given) AS g
    LEFT JOIN given AS n ON g.given <> g.code AND n.given = g.code AND n.valid_from >= g.merged
    GROUP BY ALL
)
SELECT d.code, d.valid_from,
    lead(d.valid_from) OVER (PARTITION BY d.code ORDER BY d.valid_from) AS valid_to,
    CASE WHEN count(*) = count(g.amount) THEN sum(g.amount) END AS amount,
    coalesce(bool_or(g.demonstration), false) AS demonstration
FROM (SELECT DISTINCT code, valid_from FROM given) AS d
JOIN part AS p ON p.code = d.code AND (p.replaced_on IS NULL OR d.valid_from < p.replaced_on)
LEFT JOIN given AS g ON g.given = p.given AND g.valid_from <= d.valid_from
    AND (g.valid_to IS NULL OR d.valid_from < g.valid_to)
GROUP BY d.code, d.valid_from
ORDER BY 1, 2;
