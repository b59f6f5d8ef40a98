-- access: one row per demand point × offer: A_i = Σ w R, accessible places per child; 0 when
-- nothing is in reach, null when the places of a site in reach or the children of the point are
-- unknown.
SELECT demand.point, demand.offer,
    CASE WHEN demand.children IS NULL OR reached.unknown > 0 THEN NULL
         ELSE coalesce(reached.access, 0) END AS access
FROM demand
LEFT JOIN (
    SELECT weight.point, weight.offer, sum(weight.weight * ratio.ratio) AS access,
        sum(CASE WHEN ratio.ratio IS NULL THEN 1 ELSE 0 END) AS unknown
    FROM weight JOIN ratio ON ratio.site = weight.site AND ratio.offer = weight.offer
    GROUP BY weight.point, weight.offer
) AS reached ON reached.point = demand.point AND reached.offer = demand.offer
