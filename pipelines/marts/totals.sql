-- stg.open_total: one row per commune × service × date from which its total holds, never published.
-- What a merged commune's old codes have in force is added up; where one of them has nothing yet,
-- the sum is unknown. From the new commune's first own total on, its old codes count no more.
CREATE TABLE stg.open_total AS
WITH dated AS (
    SELECT t.code AS given, current_code(t.code) AS code, t.* EXCLUDE (code), m.merged
    FROM stg.commune_total AS t
    LEFT JOIN (SELECT code_old, max(date_eff) AS merged FROM carry GROUP BY code_old) AS m
        ON m.code_old = t.code
),
replaced AS (
    SELECT o.given, o.service, min(n.valid_from) AS replaced_on
    FROM dated AS o
    JOIN dated AS n ON n.given = o.code AND n.service = o.service AND n.valid_from >= o.merged
    WHERE o.given <> o.code
    GROUP BY ALL
),
period AS (
    SELECT *, lead(valid_from) OVER (PARTITION BY given, service ORDER BY valid_from) AS valid_to
    FROM dated
),
part AS (
    SELECT DISTINCT d.given, d.code, d.service, r.replaced_on
    FROM dated AS d LEFT JOIN replaced AS r ON r.given = d.given AND r.service = d.service
)
SELECT
    a.code, a.service, m.valid_from,
    CASE WHEN count(*) = count(p.headcount) THEN sum(p.headcount) END AS headcount,
    CASE WHEN count(*) = count(p.places) THEN sum(p.places) END AS places,
    any_value(p.source) AS source, max(p.source_date) AS source_date,
    bool_or(p.demonstration) AS demonstration,
    -- The strictest of the thresholds of its sources.
    max(greatest(s.masked_below, (
        SELECT max(t.masked_below) FROM stg.secret_source AS t
        WHERE regexp_matches(strip_accents(lower(p.source)), t.pattern)))) AS masked_below
FROM (SELECT DISTINCT code, service, valid_from FROM dated) AS m
JOIN part AS a ON a.code = m.code AND a.service = m.service
    AND (a.replaced_on IS NULL OR m.valid_from < a.replaced_on)
LEFT JOIN period AS p ON p.given = a.given AND p.service = a.service
    AND p.valid_from <= m.valid_from AND (p.valid_to IS NULL OR m.valid_from < p.valid_to)
LEFT JOIN service AS s ON s.id = a.service
GROUP BY a.code, a.service, m.valid_from;

-- stg.secret: one row per commune × service that is one or two private persons at a date. Where a
-- column says nobody, the other one is not trusted less: few places are few persons.
CREATE TABLE stg.secret AS
SELECT DISTINCT t.code, t.service
FROM stg.open_total AS t
JOIN service AS s ON s.id = t.service AND s.masked_below > 0
CROSS JOIN stg.secret_rule AS r
WHERE CASE
    WHEN t.service NOT IN (SELECT id FROM public) THEN t.places > 0 AND t.places < t.masked_below
    ELSE (t.headcount > 0 AND t.headcount < t.masked_below)
      OR (coalesce(t.headcount, 0) = 0 AND t.places > 0
          AND t.places <= r.most_places * (t.masked_below - 1))
END
ORDER BY ALL;
