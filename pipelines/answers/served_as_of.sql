-- served_as_of(d, wanted): the same for services without catchment: who serves the commune, and how
-- much of it is the commune's share.
CREATE MACRO served_as_of(d, wanted) AS TABLE
SELECT a.code, e.code AS place, o.establishment, o.service, o.day_type,
    any_value(o.amount) AS amount,
    sum(p.share * r.minutes) / sum(p.share) FILTER (r.minutes IS NOT NULL) AS minutes,
    NULL AS weight,
    any_value(s.rate_per * o.amount * a.share / nullif(n.amount, 0)) AS contribution,
    any_value(a.share) AS share
FROM open_capacity(d) AS o
JOIN service AS s ON s.id = o.service AND NOT s.catchment
JOIN allocation AS a ON a.establishment = o.establishment
JOIN establishment AS e ON e.id = o.establishment
LEFT JOIN public_as_of(d) AS n ON n.code = a.code AND n.public = s.public
LEFT JOIN supply_point AS x ON x.establishment = o.establishment
LEFT JOIN demand_point AS p ON p.code = a.code
LEFT JOIN reach AS r ON r.point = p.point AND r.site = x.site
WHERE wanted IS NULL OR o.service = wanted
GROUP BY a.code, e.code, o.establishment, o.service, o.day_type;
