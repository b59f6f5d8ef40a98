-- flow_as_of(d, rule, wanted): one row per commune × establishment in reach × service × day type,
-- and one per commune × commune with a total (`establishment` null, `place` its code).
-- `contribution`: supply per rate_per of the public that it brings to the commune; `share`: of its
-- places, those that the commune's children weigh. Both are null where its children are unknown.
-- Points of one commune are put together.
CREATE MACRO flow_as_of(d, rule, wanted) AS TABLE
SELECT p.code, s.code AS place, w.establishment, k.service, k.day_type,
    any_value(w.amount) AS amount,
    sum(p.share * w.minutes) / sum(p.share) AS minutes, sum(p.share * w.weight) AS weight,
    CASE WHEN any_value(n.amount) IS NOT NULL
        THEN any_value(k.rate_per) * sum(p.share * w.weight * w.ratio) END AS contribution,
    sum(p.share * w.weight * n.amount / nullif(w.potential, 0)) AS share
FROM drawn_at(d, rule, wanted) AS w
JOIN demand_point AS p ON p.point = w.point
JOIN supply_site AS s ON s.site = w.site
JOIN offer_key AS k ON k.offer = w.offer
LEFT JOIN public_count AS n ON n.code = p.code AND n.public = k.public
GROUP BY p.code, s.code, w.establishment, k.service, k.day_type;
