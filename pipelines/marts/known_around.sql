-- known_around: one row per commune of the surroundings × service × day type of which the supply is
-- known there, from the day `since` (null: always): the census stands for that commune, lists a
-- place in it or gives its total, or the BPE counts the service everywhere.
CREATE TABLE known_around AS
WITH outside AS (SELECT code FROM commune WHERE NOT inside)
SELECT DISTINCT v.code, o.service, o.day_type, o.since
FROM outside AS v
SEMI JOIN (SELECT current_code(code) AS code FROM stg.covered) AS c ON c.code = v.code
CROSS JOIN (
    SELECT DISTINCT service, day_type, since FROM known_offer
    WHERE service NOT IN (SELECT service FROM bpe_offer)
) AS o
UNION
SELECT v.code, e.service, c.day_type, NULL
FROM outside AS v
JOIN establishment AS e ON e.code = v.code
JOIN capacity AS c ON c.establishment = e.id
WHERE e.service NOT IN (SELECT service FROM bpe_offer)
  AND v.code NOT IN (SELECT current_code(code) FROM stg.covered)
UNION
SELECT v.code, t.service, NULL, min(t.valid_from)
FROM outside AS v JOIN commune_total AS t ON t.code = v.code
WHERE t.places IS NOT NULL OR t.masked
GROUP BY v.code, t.service
UNION
SELECT v.code, o.service, o.day_type, NULL
FROM outside AS v CROSS JOIN known_offer AS o
SEMI JOIN bpe_offer AS b ON b.service = o.service
ORDER BY ALL;
