-- supply_at(d): one row per supply point × service × day type open on day d; amount null is
-- unknown. What the masked communes of the perimeter hold together (its published total less the
-- communes shown) is spread over them by their children: an `estimated` amount, which tells
-- nobody's own. A masked commune without such a total is left out, and reported.
CREATE MACRO supply_at(d) AS TABLE
WITH total AS (
    SELECT t.code, t.service, t.places, t.masked, t.demonstration, coalesce(n.amount, 0) AS children
    FROM commune_total AS t
    JOIN service AS s ON s.id = t.service
    LEFT JOIN public_count AS n ON n.code = t.code AND n.public = s.public
    WHERE in_force(t.valid_from, t.valid_to, d)
),
rest AS (
    SELECT w.service,
        greatest(0, any_value(w.places) - coalesce(sum(t.places), 0)) AS places,
        sum(t.children) FILTER (t.masked) AS children, count(*) FILTER (t.masked) AS communes
    FROM territory_total AS w
    JOIN total AS t ON t.service = w.service SEMI JOIN perimeter AS p ON p.code = t.code
    WHERE w.places IS NOT NULL AND in_force(w.valid_from, w.valid_to, d)
    GROUP BY w.service
)
SELECT p.site, p.establishment, o.service, o.day_type, o.amount, o.demonstration, false AS estimated
FROM open_capacity(d) AS o JOIN supply_point AS p ON p.establishment = o.establishment
UNION ALL
SELECT p.site, NULL, t.service, NULL,
    CASE WHEN NOT t.masked THEN t.places
         WHEN r.children > 0 THEN r.places * t.children / r.children ELSE r.places / r.communes END,
    t.demonstration, t.masked
FROM total AS t
JOIN supply_point AS p ON p.code = t.code AND p.establishment IS NULL
LEFT JOIN rest AS r ON t.masked AND r.service = t.service AND t.code IN (SELECT code FROM perimeter)
WHERE NOT t.masked OR r.service IS NOT NULL;
