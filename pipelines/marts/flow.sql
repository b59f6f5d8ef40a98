-- flow_as_of(d, rule, wanted): one row per commune × establishment in reach × service × day type,
-- and one per commune × commune with a total (`establishment` null, `place` its code).
-- `contribution`: supply per rate_per of the public that it brings to the commune; `share`: of its
-- places, those that the commune's children weigh. Points of one commune are put together.
CREATE MACRO flow_as_of(d, rule, wanted) AS TABLE
SELECT p.code, s.code AS place, w.establishment, k.service, k.day_type, any_value(w.amount) AS amount,
    sum(p.share * w.minutes) / sum(p.share) AS minutes, sum(p.share * w.weight) AS weight,
    any_value(k.rate_per) * sum(p.share * w.weight * w.ratio) AS contribution,
    sum(p.share * w.weight * n.amount / nullif(w.potential, 0)) AS share
FROM drawn_at(d, rule, wanted) AS w
JOIN demand_point AS p ON p.point = w.point
JOIN supply_site AS s ON s.site = w.site
JOIN offer_key AS k ON k.offer = w.offer
LEFT JOIN public_count AS n ON n.code = p.code AND n.public = k.public
GROUP BY p.code, s.code, w.establishment, k.service, k.day_type;

-- served_as_of(d, wanted): the same for services without catchment: who serves the commune, and how
-- much of it is the commune's share.
CREATE MACRO served_as_of(d, wanted) AS TABLE
SELECT a.code, e.code AS place, o.establishment, o.service, o.day_type, any_value(o.amount) AS amount,
    sum(p.share * r.minutes) / sum(p.share) FILTER (r.minutes IS NOT NULL) AS minutes, NULL AS weight,
    any_value(s.rate_per * o.amount * a.share / nullif(n.amount, 0)) AS contribution, any_value(a.share) AS share
FROM open_capacity(d) AS o
JOIN service AS s ON s.id = o.service AND NOT s.catchment
JOIN allocation AS a ON a.establishment = o.establishment
JOIN establishment AS e ON e.id = o.establishment
LEFT JOIN public_count AS n ON n.code = a.code AND n.public = s.public
LEFT JOIN supply_point AS x ON x.establishment = o.establishment
LEFT JOIN demand_point AS p ON p.code = a.code
LEFT JOIN reach AS r ON r.point = p.point AND r.site = x.site
WHERE wanted IS NULL OR o.service = wanted
GROUP BY a.code, e.code, o.establishment, o.service, o.day_type;

-- nearest_as_of(d): one row per commune × service with an open place: minutes to the nearest one.
-- With several points, their mean by share; a point further than max_minutes from any counts for
-- that.
CREATE MACRO nearest_as_of(d) AS TABLE
WITH opened AS (
    SELECT DISTINCT s.site, sp.service FROM supply_at(d) AS s JOIN service_part AS sp ON sp.part = s.service
    WHERE s.amount IS NULL OR s.amount > 0
),
nearest AS (
    SELECT r.point, o.service, min(r.minutes) AS minutes
    FROM reach AS r JOIN opened AS o ON o.site = r.site GROUP BY ALL
),
reached AS (
    SELECT p.code, n.service, sum(p.share * n.minutes) AS minutes, sum(p.share) AS share
    FROM nearest AS n JOIN demand_point AS p ON p.point = n.point GROUP BY ALL
)
SELECT code, service, minutes + greatest(0, 1 - share) * (SELECT max_minutes FROM travel_rule) AS minutes
FROM reached;

-- unreached_as_of(d, rule): one row per thing that the accessible supply does not count, or counts
-- with a guess, and why. `amount`: the places at stake, or how many rows of a file.
CREATE MACRO unreached_as_of(d, rule) AS TABLE
WITH opened AS (
    SELECT s.*, p.code, p.located, p.lon
    FROM supply_at(d) AS s
    JOIN supply_point AS p ON p.site = s.site AND p.establishment IS NOT DISTINCT FROM s.establishment
    SEMI JOIN commune AS c ON c.code = p.code
),
fed AS (SELECT site, offer, max(potential) AS potential FROM drawn_at(d, rule, NULL) GROUP BY ALL)
SELECT CASE WHEN lon IS NULL THEN 'place_nowhere' ELSE 'place_at_town_hall' END AS kind,
    coalesce(establishment, code) AS id, service, day_type, code, CAST(amount AS DOUBLE) AS amount
FROM opened WHERE NOT located
UNION ALL
SELECT 'no_child_in_reach', coalesce(o.establishment, o.code), o.service, o.day_type, o.code, o.amount
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
SEMI JOIN (SELECT DISTINCT service FROM commune_total SEMI JOIN perimeter USING (code)) AS t ON t.service = k.service
LEFT JOIN commune_total AS n ON n.code = p.code AND n.service = k.service AND n.valid_from <= d AND (n.valid_to IS NULL OR d < n.valid_to)
WHERE n.places IS NULL AND NOT coalesce(n.masked, false)
UNION ALL
SELECT CASE WHEN o.site IS NULL THEN 'total_masked' ELSE 'total_estimated' END, m.code || ' ' || m.service, m.service, NULL, m.code, NULL
FROM masked AS m SEMI JOIN commune AS c ON c.code = m.code
LEFT JOIN opened AS o ON o.code = m.code AND o.service = m.service AND o.estimated
UNION ALL
SELECT 'commune_not_covered', code, NULL, NULL, code, NULL
FROM perimeter WHERE code NOT IN (SELECT code FROM covered)
UNION ALL
SELECT kind, id, NULL, NULL, NULL, rows FROM reach_report;
