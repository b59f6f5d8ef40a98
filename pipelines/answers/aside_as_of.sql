-- aside_as_of(d): one row per demand point of the surroundings × offer whose supply is unknown
-- there on day d: its children compete for no place, since those that they have at home are not
-- counted.
CREATE MACRO aside_as_of(d) AS TABLE
SELECT p.point, p.code, k.offer
FROM demand_point AS p CROSS JOIN offer_key AS k
ANTI JOIN told_as_of(d) AS t ON t.code = p.code AND t.offer = k.offer
WHERE p.code NOT IN (SELECT code FROM perimeter);
