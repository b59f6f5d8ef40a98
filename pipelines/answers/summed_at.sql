-- summed_at(d, rule, wanted): one row per demand point × offer: Σ w R, NaN when places in reach are
-- unknown. The same sums as chosen_at's, wide, but of a rule of `choice`: its weights differ by
-- offer, and it has no row here.
CREATE MACRO summed_at(d, rule, wanted) AS TABLE
WITH opened AS MATERIALIZED (
    SELECT s.site, k.offer, any_value(k.child_set) - 100 AS child_set,
        sum(coalesce(s.amount, 'NaN'::DOUBLE)) AS amount
    FROM supply_at(d) AS s
    JOIN offer_key AS k ON k.service = s.service AND k.day_type IS NOT DISTINCT FROM s.day_type
    WHERE NOT rule['choice']
      AND (wanted IS NULL OR s.service IN (SELECT part FROM service_part WHERE service = wanted))
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
-- Children of the surroundings who draw from an offer on other days, and not on this one.
idle AS (
    SELECT n.site, a.offer, sum(n.weight * p.share * c.amount) AS potential
    FROM aside_as_of(d, wanted) AS a
    JOIN offer_key AS k ON k.offer = a.offer
    SEMI JOIN known_around AS o ON o.code = a.code AND o.service = k.service
        AND o.day_type IS NOT DISTINCT FROM k.day_type
    JOIN demand_point AS p ON p.point = a.point
    JOIN public_count AS c ON c.code = a.code AND c.public = k.public
    JOIN near AS n ON n.point = a.point
    GROUP BY n.site, a.offer
),
shared AS (
    SELECT o.site, o.offer, o.amount,
        p.potentials[o.child_set] - coalesce(i.potential, 0) AS potential
    FROM opened AS o
    JOIN (SELECT site, [*COLUMNS(* EXCLUDE (site))] AS potentials FROM potential) AS p
        ON p.site = o.site
    LEFT JOIN idle AS i ON i.site = o.site AND i.offer = o.offer
),
ratio AS (
    SELECT site, offer, amount / potential AS ratio FROM shared WHERE potential > 1e-9
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
);
