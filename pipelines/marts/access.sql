-- offer_key: one row per elementary offer (service × day type) that has a catchment. Numbers start
-- at 101, so that columns named after them keep their order.
CREATE TABLE offer_key AS
SELECT CAST(100 + row_number() OVER (ORDER BY s.rank, o.day_type) AS INTEGER) AS offer,
    CAST(100 + dense_rank() OVER (ORDER BY s.public) AS INTEGER) AS public_number,
    o.service, o.day_type, s.public, s.rate_per
FROM offer AS o JOIN service AS s ON s.id = o.service
WHERE s.grain <> 'composite' AND s.catchment;

-- child_wide: one row per demand point, one column per public: its children there.
-- offer_wide: one row per offer, one column per offer: 1 on the diagonal, null elsewhere.
-- Wide, everything is summed in one pass over the pairs.
CREATE TABLE child_wide AS
PIVOT (
    SELECT p.point, k.public_number, n.amount * p.share AS children
    FROM demand_point AS p CROSS JOIN (SELECT DISTINCT public, public_number FROM offer_key) AS k
    LEFT JOIN public_count AS n ON n.code = p.code AND n.public = k.public
) ON public_number USING coalesce(any_value(children), 0) GROUP BY point ORDER BY point;
CREATE TABLE offer_wide AS
PIVOT (SELECT offer AS row_offer, offer AS offer FROM offer_key)
ON offer USING any_value(1.0::DOUBLE) GROUP BY row_offer;

-- A rule says how minutes weigh, as a constant: {reach, gaussian, choice, sigma, b1…b3, w1…w4}, written
-- by weights.py from catchment.toml. weight_at(m, rule): weight of a travel time in minutes.
CREATE MACRO weight_at(m, rule) AS CASE
    WHEN m > rule['reach'] THEN 0.0 WHEN rule['gaussian'] THEN exp(-0.5 * (m / rule['sigma']) * (m / rule['sigma']))
    WHEN m < rule['b1'] THEN rule['w1'] WHEN m < rule['b2'] THEN rule['w2'] WHEN m < rule['b3'] THEN rule['w3'] ELSE rule['w4'] END;

-- supply_at(d): one row per supply point × service × day type open on day d; amount null is
-- unknown. What the masked communes of the perimeter hold together (its published total less the
-- communes shown) is spread over them by their children: an `estimated` amount, from which no
-- commune's figure can be derived. A masked commune without such a total is left out, and reported.
CREATE MACRO supply_at(d) AS TABLE
WITH total AS (
    SELECT t.code, t.service, t.places, t.masked, t.demonstration, coalesce(n.amount, 0) AS children
    FROM commune_total AS t
    JOIN service AS s ON s.id = t.service
    LEFT JOIN public_count AS n ON n.code = t.code AND n.public = s.public
    WHERE t.valid_from <= d AND (t.valid_to IS NULL OR d < t.valid_to)
),
rest AS (
    SELECT w.service, greatest(0, any_value(w.places) - coalesce(sum(t.places), 0)) AS places,
        sum(t.children) FILTER (t.masked) AS children, count(*) FILTER (t.masked) AS communes
    FROM territory_total AS w
    JOIN total AS t ON t.service = w.service SEMI JOIN perimeter AS p ON p.code = t.code
    WHERE w.places IS NOT NULL AND w.valid_from <= d AND (w.valid_to IS NULL OR d < w.valid_to)
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

-- drawn_at(d, rule, wanted): one row per demand point × offer of a supply point in reach. `ratio`
-- is R_j = S_j / Σ w P: places per weighted child; null when the places are unknown, 0 when no
-- child is in reach. `wanted`: a service, composite or not; null is all of them.
CREATE MACRO drawn_at(d, rule, wanted) AS TABLE
WITH slot AS MATERIALIZED (
    SELECT CAST(row_number() OVER () AS INTEGER) AS slot, s.site, s.establishment, k.offer, s.amount
    FROM supply_at(d) AS s
    JOIN offer_key AS k ON k.service = s.service AND k.day_type IS NOT DISTINCT FROM s.day_type
    WHERE wanted IS NULL OR s.service IN (SELECT part FROM service_part WHERE service = wanted)
),
child AS MATERIALIZED (
    SELECT k.offer, p.point, n.amount * p.share AS children
    FROM offer_key AS k JOIN public_count AS n ON n.public = k.public JOIN demand_point AS p ON p.code = n.code
    WHERE n.amount IS NOT NULL
),
raw_weight AS (
    SELECT r.point, s.slot, s.offer, r.minutes, weight_at(r.minutes, rule) AS weight
    FROM reach AS r JOIN slot AS s ON s.site = r.site
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
        CASE WHEN p.potential > 0 THEN s.amount / p.potential WHEN s.amount IS NOT NULL THEN 0 END AS ratio
    FROM slot AS s LEFT JOIN potential AS p ON p.slot = s.slot
)
SELECT w.point, s.site, s.establishment, w.offer, w.minutes, w.weight, s.amount, s.potential, s.ratio
FROM weighed AS w JOIN shared AS s ON s.slot = w.slot
WHERE w.weight > 0;

-- summed_at(d, rule, wanted): one row per demand point × offer: Σ w R, NaN when places in reach are
-- unknown. The same sums as drawn_at's, wide; `choice`, whose weights differ by offer, is left to
-- it.
CREATE MACRO summed_at(d, rule, wanted) AS TABLE
WITH opened AS MATERIALIZED (
    SELECT s.site, k.offer, any_value(k.public_number) - 100 AS public, sum(coalesce(s.amount, 'NaN'::DOUBLE)) AS amount
    FROM supply_at(d) AS s
    JOIN offer_key AS k ON k.service = s.service AND k.day_type IS NOT DISTINCT FROM s.day_type
    WHERE NOT rule['choice'] AND (wanted IS NULL OR s.service IN (SELECT part FROM service_part WHERE service = wanted))
    GROUP BY s.site, k.offer
),
near AS (
    SELECT point, site, weight_at(minutes, rule) AS weight FROM reach
    WHERE NOT rule['choice'] AND minutes <= rule['reach']
),
potential AS (
    SELECT n.site, sum(n.weight * COLUMNS(c.* EXCLUDE (point)))
    FROM near AS n JOIN child_wide AS c ON c.point = n.point GROUP BY n.site
),
ratio AS (
    SELECT o.site, o.offer, o.amount / p.potentials[o.public] AS ratio
    FROM opened AS o
    JOIN (SELECT site, [*COLUMNS(* EXCLUDE (site))] AS potentials FROM potential) AS p ON p.site = o.site
    WHERE p.potentials[o.public] > 0
),
ratio_wide AS (
    SELECT r.site, sum(r.ratio * COLUMNS(w.* EXCLUDE (row_offer)))
    FROM ratio AS r JOIN offer_wide AS w ON w.row_offer = r.offer GROUP BY r.site
)
SELECT point, CAST(offer AS INTEGER) AS offer, access FROM (
    UNPIVOT (
        SELECT n.point, sum(n.weight * COLUMNS(r.* EXCLUDE (site)))
        FROM near AS n JOIN ratio_wide AS r ON r.site = n.site GROUP BY n.point
    ) ON COLUMNS(* EXCLUDE (point)) INTO NAME offer VALUE access
)
UNION ALL
SELECT point, offer, sum(weight * coalesce(ratio, 'NaN'::DOUBLE))
FROM drawn_at(d, rule, wanted) WHERE rule['choice'] GROUP BY ALL;

-- access_as_of(d, rule, wanted): one row per commune (surroundings too) × service × day type.
-- `access` is accessible places per rate_per of the public: rate_per × Σ w R; null is unknown, as
-- it is for a commune of the perimeter of whose own offer the census says nothing.
CREATE MACRO access_as_of(d, rule, wanted) AS TABLE
WITH known AS (
    SELECT k.offer, k.service, k.day_type, k.rate_per FROM offer_key AS k
    JOIN (SELECT DISTINCT service, day_type FROM known_offer) AS o
        ON o.service = k.service AND o.day_type IS NOT DISTINCT FROM k.day_type
    UNION
    SELECT k.offer, k.service, k.day_type, k.rate_per FROM offer_key AS k
    WHERE k.day_type IS NULL AND k.service IN (SELECT service FROM commune_total SEMI JOIN perimeter USING (code))
),
silent AS (
    SELECT i.code, k.service, k.day_type
    FROM perimeter AS i CROSS JOIN known AS k
    ANTI JOIN known_offer AS o
        ON o.code = i.code AND o.service = k.service AND o.day_type IS NOT DISTINCT FROM k.day_type
    ANTI JOIN commune_total AS t ON t.code = i.code AND t.service = k.service
),
elementary AS (
    SELECT p.code, k.service, k.day_type,
        CASE WHEN NOT isnan(sum(p.share * coalesce(s.access, 0))) AND NOT EXISTS (
                 FROM silent AS q WHERE q.code = p.code AND q.service = k.service
                   AND q.day_type IS NOT DISTINCT FROM k.day_type)
             THEN k.rate_per * sum(p.share * coalesce(s.access, 0)) END AS access
    FROM demand_point AS p CROSS JOIN known AS k
    LEFT JOIN summed_at(d, rule, wanted) AS s ON s.point = p.point AND s.offer = k.offer
    WHERE wanted IS NULL OR k.service IN (SELECT part FROM service_part WHERE service = wanted)
    GROUP BY p.code, k.service, k.day_type, k.rate_per
)
SELECT * FROM elementary WHERE wanted IS NULL OR service = wanted
UNION ALL
SELECT e.code, sp.service, NULL,
    CASE WHEN count(e.access) = any_value(n.parts) THEN sum(e.access) END
FROM service_part AS sp
JOIN service AS s ON s.id = sp.service AND s.grain = 'composite'
JOIN (SELECT service, count(*) AS parts FROM service_part GROUP BY ALL) AS n ON n.service = sp.service
JOIN elementary AS e ON e.service = sp.part
WHERE wanted IS NULL OR sp.service = wanted
GROUP BY e.code, sp.service;
