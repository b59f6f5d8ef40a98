-- masked: one row per commune × service whose figures are hidden, at every date, for any reason;
-- the code is null where the total of the territory is.
-- Run once for each set of masks that is tried: stg.hidden, and in stg.withheld a total that is
-- hidden or a service of which nothing is published.
CREATE OR REPLACE TABLE masked AS
SELECT h.code, h.service FROM stg.hidden AS h
ANTI JOIN stg.withheld AS w ON w.service = h.service AND w.role = 'service'
UNION ALL
SELECT NULL, service FROM stg.withheld WHERE role = 'total'
ORDER BY ALL;

-- commune_total: one row per commune × service × period of one total. A masked commune is one row
-- for all dates, without a date, a source or a figure of its own.
CREATE OR REPLACE TABLE commune_total AS
WITH shown AS (
    SELECT * FROM stg.open_total AS t
    ANTI JOIN masked AS m ON m.code = t.code AND m.service = t.service
    ANTI JOIN stg.withheld AS w ON w.service = t.service AND w.role = 'service'
),
start AS (
    SELECT t.service, coalesce(
        (SELECT min(s.valid_from) FROM shown AS s WHERE s.service = t.service),
        CAST(date_trunc('year', min(t.valid_from)) AS DATE)) AS day
    FROM stg.open_total AS t GROUP BY t.service
)
SELECT
    code, service, valid_from, headcount, places,
    -- A free text: where a total may be one person's, it may name that person.
    CASE WHEN service NOT IN (SELECT id FROM service WHERE masked_below > 0)
        THEN source END AS source,
    source_date, demonstration, false AS masked,
    lead(valid_from) OVER (PARTITION BY code, service ORDER BY valid_from) AS valid_to
FROM shown
UNION ALL
SELECT m.code, m.service, s.day, NULL, NULL, NULL, NULL,
    coalesce((SELECT bool_or(t.demonstration) FROM stg.open_total AS t
              WHERE t.code = m.code AND t.service = m.service), false), true, NULL
FROM masked AS m JOIN start AS s ON s.service = m.service
WHERE m.code IS NOT NULL
ORDER BY code, service, valid_from;

-- territory_total: one row per service × date at which an open commune's total begins: the total
-- of the perimeter; unknown when a commune is. Where communes are masked, what they hold together
-- is rounded by itself, then the rest: however the open communes move, the two tell no more than
-- the first.
CREATE OR REPLACE TABLE territory_total AS
WITH moment AS (
    SELECT DISTINCT service, valid_from FROM commune_total SEMI JOIN perimeter USING (code)
    WHERE NOT masked
),
period AS (
    SELECT t.*, m.code IS NOT NULL AS hidden,
        lead(t.valid_from) OVER (PARTITION BY t.code, t.service ORDER BY t.valid_from) AS valid_to
    FROM stg.open_total AS t SEMI JOIN perimeter AS p ON p.code = t.code
    LEFT JOIN masked AS m ON m.code = t.code AND m.service = t.service
),
summed AS (
    SELECT o.service, o.valid_from, count(t.headcount) AS headcounts, count(t.places) AS amounts,
        coalesce(sum(t.headcount) FILTER (NOT t.hidden), 0) AS open_headcount,
        coalesce(sum(t.places) FILTER (NOT t.hidden), 0) AS open_places,
        coalesce(sum(t.headcount) FILTER (t.hidden), 0) AS hidden_headcount,
        coalesce(sum(t.places) FILTER (t.hidden), 0) AS hidden_places,
        bool_or(t.demonstration) AS demonstration
    FROM moment AS o
    JOIN period AS t ON t.service = o.service AND t.valid_from <= o.valid_from
        AND (t.valid_to IS NULL OR o.valid_from < t.valid_to)
    GROUP BY ALL
)
SELECT
    s.service, s.valid_from,
    lead(s.valid_from) OVER (PARTITION BY s.service ORDER BY s.valid_from) AS valid_to,
    CASE WHEN h.service IS NOT NULL OR s.headcounts < n.communes THEN NULL
         WHEN r.service IS NULL THEN s.open_headcount
         ELSE nearest(s.open_headcount) + nearest(s.hidden_headcount) END AS headcount,
    CASE WHEN h.service IS NOT NULL OR s.amounts < n.communes THEN NULL
         WHEN r.service IS NULL THEN s.open_places
         ELSE nearest(s.open_places) + nearest(s.hidden_places) END AS places,
    s.demonstration, r.service IS NOT NULL AS rounded
FROM summed AS s
CROSS JOIN (SELECT count(*) AS communes FROM perimeter) AS n
LEFT JOIN (SELECT DISTINCT service FROM masked SEMI JOIN perimeter USING (code)) AS r
    ON r.service = s.service
LEFT JOIN (SELECT DISTINCT service FROM stg.withheld) AS h ON h.service = s.service
ORDER BY 1, 2;
