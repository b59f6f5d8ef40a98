-- supply_by_status(d): one row per commune inside × service × day type × status with an offer on
-- day d, and one with a null code per service known by totals.
CREATE MACRO supply_by_status(d) AS TABLE
SELECT a.code, o.service, o.day_type, o.status, sum_if_known(o.amount * a.share) AS supply,
    count(*) AS establishments, bool_or(o.demonstration) AS demonstration
FROM open_capacity(d) AS o
JOIN allocation AS a ON a.establishment = o.establishment
SEMI JOIN perimeter AS p ON p.code = a.code
GROUP BY ALL
UNION ALL
SELECT t.code, t.service, NULL, 'total', t.places, NULL, t.demonstration
FROM commune_total AS t
SEMI JOIN perimeter AS p ON p.code = t.code
WHERE in_force(t.valid_from, t.valid_to, d)
UNION ALL
-- The territory's own total (code is null), which masked communes do not add up to.
SELECT NULL, t.service, NULL, 'total', t.places, NULL, t.demonstration
FROM territory_total AS t
WHERE in_force(t.valid_from, t.valid_to, d);
