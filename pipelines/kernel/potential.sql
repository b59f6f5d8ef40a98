-- potential: one row per site × offer that somebody reaches: D_j = Σ w P, the children who draw
-- from it. Points whose children are unknown draw nothing.
SELECT weight.site, weight.offer, sum(weight.weight * demand.children) AS potential
FROM weight JOIN demand ON demand.point = weight.point AND demand.offer = weight.offer
WHERE demand.children IS NOT NULL
GROUP BY weight.site, weight.offer
