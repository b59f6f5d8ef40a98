-- unreached_as_of(d, rule): one row per thing that the accessible supply does not count, or counts
-- with a guess, and why. `amount`: the places at stake, or how many rows of a file.
CREATE MACRO unreached_as_of(d, rule) AS TABLE
WITH opened AS (
    SELECT s.*, p.code, p.located, p.lon
    FROM supply_at(d) AS s
    JOIN supply_point AS p ON p.site = s.site
        AND p.establishment IS NOT DISTINCT FROM s.establishment
    SEMI JOIN commune AS c ON c.code = p.code
),
fed AS (SELECT site, offer, max(potential) AS potential FROM drawn_at(d, rule, NULL) GROUP BY ALL)
SELECT CASE WHEN lon IS NULL THEN 'place_nowhere' ELSE 'place_at_town_hall' END AS kind,
    coalesce(establishment, code) AS id, service, day_type, code, CAST(amount AS DOUBLE) AS amount
FROM opened WHERE NOT located
UNION ALL
SELECT 'no_child_in_reach', coalesce(o.establishment, o.code), o.service, o.day_type, o.code,
    o.amount
FROM opened AS o
JOIN offer_key AS k ON k.service = o.service AND k.day_type IS NOT DISTINCT FROM o.day_type
LEFT JOIN fed AS f ON f.site = o.site AND f.offer = k.offer
WHERE o.lon IS NOT NULL AND coalesce(f.potential, 0) = 0 AND (o.amount IS NULL OR o.amount > 0)
UNION ALL
SELECT 'places_unknown', coalesce(establishment, code), service, day_type, code, NULL
FROM opened WHERE amount IS NULL
UNION ALL
SELECT 'commune_nowhere', code, NULL, NULL, code, NULL
FROM perimeter WHERE code NOT IN (SELECT code FROM demand_point)
UNION ALL
SELECT DISTINCT 'children_unknown', p.code || ' ' || k.public, NULL, NULL, p.code, NULL
FROM perimeter AS p CROSS JOIN offer_key AS k
SEMI JOIN opened AS o ON o.service = k.service
LEFT JOIN public_count AS n ON n.code = p.code AND n.public = k.public
WHERE n.amount IS NULL
UNION ALL
SELECT DISTINCT 'total_unknown', p.code || ' ' || k.service, k.service, NULL, p.code, NULL
FROM perimeter AS p CROSS JOIN offer_key AS k
SEMI JOIN (SELECT DISTINCT service FROM commune_total SEMI JOIN perimeter USING (code)) AS t
    ON t.service = k.service
LEFT JOIN commune_total AS n ON n.code = p.code AND n.service = k.service
    AND in_force(n.valid_from, n.valid_to, d)
WHERE n.places IS NULL AND NOT coalesce(n.masked, false)
UNION ALL
SELECT CASE WHEN o.site IS NULL THEN 'total_masked' ELSE 'total_estimated' END,
    m.code || ' ' || m.service, m.service, NULL, m.code, NULL
FROM masked AS m SEMI JOIN commune AS c ON c.code = m.code
LEFT JOIN opened AS o ON o.code = m.code AND o.service = m.service AND o.estimated
UNION ALL
SELECT 'commune_not_covered', code, NULL, NULL, code, NULL
FROM perimeter WHERE code NOT IN (SELECT code FROM covered)
UNION ALL
SELECT kind, id, NULL, NULL, NULL, rows FROM reach_report;
