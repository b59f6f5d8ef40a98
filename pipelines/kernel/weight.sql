-- weight: one row per pair that weighs. The words of weight_at.sql, on a row of rule values.
SELECT weighed.point, weighed.site, weighed.offer, weighed.weight
FROM (
    SELECT m.point, m.site, m.offer, CASE
    WHEN m.minutes > rule.reach THEN 0.0
    WHEN rule.gaussian THEN exp(-0.5 * (m.minutes / rule.sigma) * (m.minutes / rule.sigma))
    WHEN m.minutes < rule.b1 THEN rule.w1
    WHEN m.minutes < rule.b2 THEN rule.w2
    WHEN m.minutes < rule.b3 THEN rule.w3
    ELSE rule.w4 END AS weight
    FROM pair AS m CROSS JOIN rule
) AS weighed
WHERE weighed.weight > 0
