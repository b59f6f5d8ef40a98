-- known_offer: one row per commune × service × day type on which the census says something. There,
-- no establishment means zero, from the day of which the census begins to speak (`since`, null when
-- none of its rows has a date); before it, and elsewhere, the supply is unknown.
CREATE TABLE known_offer AS
WITH told AS (
    SELECT e.opened AS day, c.valid_from AS other
    FROM establishment AS e
    JOIN capacity AS c ON c.establishment = e.id
    JOIN allocation AS a ON a.establishment = e.id
    SEMI JOIN perimeter AS p ON p.code = a.code
    WHERE e.service NOT IN (SELECT service FROM bpe_offer)
    UNION ALL
    SELECT NULL, valid_from FROM commune_total SEMI JOIN perimeter USING (code)
),
-- A capacity without a date is written as one of 1900.
beginning AS (
    SELECT least(min(day), min(other) FILTER (other > DATE '1900-01-01')) AS since FROM told
)
SELECT v.code, o.service, o.day_type, o.demonstration, b.since
FROM covered AS v
CROSS JOIN (
    SELECT e.service, c.day_type, bool_or(e.demonstration) AS demonstration
    FROM establishment AS e
    JOIN capacity AS c ON c.establishment = e.id
    JOIN allocation AS a ON a.establishment = e.id
    SEMI JOIN perimeter AS p ON p.code = a.code
    WHERE e.service NOT IN (SELECT service FROM bpe_offer)
    GROUP BY ALL
) AS o
CROSS JOIN beginning AS b
UNION ALL
-- The BPE covers every commune, but says how much only where it gives a capacity.
SELECT p.code, o.service, o.day_type, false, NULL
FROM perimeter AS p
CROSS JOIN (
    SELECT DISTINCT e.service, c.day_type
    FROM establishment AS e
    JOIN capacity AS c ON c.establishment = e.id AND c.amount IS NOT NULL
    SEMI JOIN bpe_offer AS b ON b.service = e.service
    SEMI JOIN perimeter AS p ON p.code = e.code
) AS o
ORDER BY ALL;
