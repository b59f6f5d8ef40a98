-- summed_at(d, rule, wanted): one row per demand point × offer: Σ w R, NaN when places in reach are
-- unknown. The same sums as drawn_at's, wide; `choice`, whose weights differ by offer, is left to
-- it.
CREATE MACRO summed_at(d, rule, wanted) AS TABLE
WITH opened AS MATERIALIZED (
    SELECT s.site, k.offer, any_value(k.public_number) - 100 AS public,
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
ratio AS (
    SELECT o.site, o.offer, o.amount / p.potentials[o.public] AS ratio
    FROM opened AS o
    JOIN (SELECT site, [*COLUMNS(* EXCLUDE (site))] AS potentials FROM potential) AS p
        ON p.site = o.site
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
