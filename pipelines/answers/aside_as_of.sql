-- aside_as_of(d, wanted): one row per demand point of the surroundings × offer of a service whose
-- supply there is unknown on day d: its children compete for no place, since those that they have
-- at home are not counted.
CREATE MACRO aside_as_of(d, wanted) AS TABLE
SELECT p.point, p.code, k.offer
FROM demand_point AS p CROSS JOIN asked_of(wanted) AS k
ANTI JOIN told_as_of(d, wanted) AS t ON t.code = p.code AND t.offer = k.offer
WHERE p.code NOT IN (SELECT code FROM perimeter);
