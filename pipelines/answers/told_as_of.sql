-- told_as_of(d, wanted): one row per commune (surroundings too) × offer with a catchment whose
-- supply is known on day d: the census speaks of it by then, or a total is in force, be it masked.
-- `wanted`: a service, composite or not; null is all of them.
CREATE MACRO told_as_of(d, wanted) AS TABLE
SELECT o.code, k.offer
FROM (SELECT code, service, day_type, since FROM known_offer UNION ALL FROM known_around) AS o
JOIN asked_of(wanted) AS k ON k.service = o.service AND k.day_type IS NOT DISTINCT FROM o.day_type
WHERE o.since IS NULL OR o.since <= d
UNION
SELECT t.code, k.offer
FROM commune_total AS t JOIN asked_of(wanted) AS k ON k.service = t.service AND k.day_type IS NULL
WHERE in_force(t.valid_from, t.valid_to, d) AND (t.places IS NOT NULL OR t.masked);
