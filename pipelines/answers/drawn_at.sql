-- drawn_at(d, rule, wanted): one row per demand point × offer of a supply point in reach. `ratio`
-- is R_j = S_j / Σ w P: places per weighted child; null when the places are unknown, 0 when no
-- child is in reach. Those of the surroundings draw where their own supply is known alone.
-- `wanted`: a service, composite or not; null is all of them.
CREATE MACRO drawn_at(d, rule, wanted) AS TABLE
WITH slot AS MATERIALIZED (
    SELECT CAST(row_number() OVER () AS INTEGER) AS slot, s.site, s.establishment, k.offer,
        s.amount
    FROM supply_at(d) AS s
    JOIN offer_key AS k ON k.service = s.service AND k.day_type IS NOT DISTINCT FROM s.day_type
    WHERE wanted IS NULL OR s.service IN (SELECT part FROM service_part WHERE service = wanted)
),
child AS MATERIALIZED (
    SELECT k.offer, p.point, n.amount * p.share AS children
    FROM asked_of(wanted) AS k
    JOIN public_count AS n ON n.public = k.public
    JOIN demand_point AS p ON p.code = n.code
    WHERE n.amount IS NOT NULL
),
raw_weight AS (
    SELECT r.point, s.slot, s.offer, r.minutes, weight_at(r.minutes, rule) AS weight
    FROM reach AS r JOIN slot AS s ON s.site = r.site
    ANTI JOIN aside_as_of(d, wanted) AS a ON a.point = r.point AND a.offer = s.offer
    WHERE r.minutes <= rule['reach']
),
choice AS (
    SELECT point, offer, sum(weight) AS total FROM raw_weight
    WHERE rule['choice'] GROUP BY ALL
),
weighed AS (
    SELECT point, slot, offer, minutes, weight FROM raw_weight WHERE NOT rule['choice']
    UNION ALL
    SELECT w.point, w.slot, w.offer, w.minutes, w.weight * w.weight / c.total
    FROM raw_weight AS w JOIN choice AS c ON c.point = w.point AND c.offer = w.offer AND c.total > 0
    WHERE rule['choice']
),
potential AS (
    SELECT w.slot, sum(w.weight * c.children) AS potential
    FROM weighed AS w JOIN child AS c ON c.point = w.point AND c.offer = w.offer
    GROUP BY w.slot
),
shared AS (
    SELECT s.slot, s.site, s.establishment, s.amount, p.potential,
        CASE WHEN p.potential > 0 THEN s.amount / p.potential
             WHEN s.amount IS NOT NULL THEN 0 END AS ratio
    FROM slot AS s LEFT JOIN potential AS p ON p.slot = s.slot
)
SELECT w.point, s.site, s.establishment, w.offer, w.minutes, w.weight, s.amount, s.potential,
    s.ratio
FROM weighed AS w JOIN shared AS s ON s.slot = w.slot
WHERE w.weight > 0;
