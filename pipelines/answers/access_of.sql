-- access_of(sums, reaches, d, wanted): one row per commune (surroundings too) × service × day type
-- × reach. `sums`: name of a table of the rows of summed_at, or chosen_at, on day d at each reach
-- (`within_minutes`). `access`: accessible places per rate_per of the public, rate_per × Σ w R;
-- null is unknown, as for a commune of whose own offer nothing is known on day d, or its children.
CREATE MACRO access_of(sums, reaches, d, wanted) AS TABLE
WITH known AS (
    SELECT k.* FROM asked_of(wanted) AS k
    JOIN (SELECT DISTINCT service, day_type FROM known_offer) AS o
        ON o.service = k.service AND o.day_type IS NOT DISTINCT FROM k.day_type
    UNION
    SELECT k.* FROM asked_of(wanted) AS k
    WHERE k.day_type IS NULL
      AND k.service IN (SELECT service FROM commune_total SEMI JOIN perimeter USING (code))
),
silent AS (
    SELECT i.code, k.offer
    FROM commune AS i CROSS JOIN known AS k
    ANTI JOIN told_as_of(d, wanted) AS t ON t.code = i.code AND t.offer = k.offer
    UNION
    SELECT i.code, k.offer
    FROM commune AS i CROSS JOIN known AS k
    ANTI JOIN (FROM public_count WHERE amount IS NOT NULL) AS n
        ON n.code = i.code AND n.public = k.public
),
elementary AS (
    SELECT p.code, k.service, k.day_type, r.within_minutes,
        CASE WHEN NOT isnan(sum(p.share * coalesce(s.access, 0))) AND count(q.offer) = 0
             THEN k.rate_per * sum(p.share * coalesce(s.access, 0)) END AS access
    FROM demand_point AS p CROSS JOIN known AS k
    CROSS JOIN (SELECT unnest(reaches) AS within_minutes) AS r
    LEFT JOIN query_table(sums) AS s ON s.point = p.point AND s.offer = k.offer
        AND s.within_minutes = r.within_minutes
    LEFT JOIN silent AS q ON q.code = p.code AND q.offer = k.offer
    GROUP BY p.code, k.service, k.day_type, r.within_minutes, k.rate_per
)
SELECT * FROM elementary WHERE wanted IS NULL OR service = wanted
UNION ALL
SELECT e.code, sp.service, NULL, e.within_minutes,
    CASE WHEN count(e.access) = any_value(n.parts) THEN sum(e.access) END
FROM service_part AS sp
JOIN service AS s ON s.id = sp.service AND s.grain = 'composite'
JOIN (SELECT service, count(*) AS parts FROM service_part GROUP BY ALL) AS n
    ON n.service = sp.service
JOIN elementary AS e ON e.service = sp.part
WHERE wanted IS NULL OR sp.service = wanted
GROUP BY e.code, sp.service, e.within_minutes;
