-- supply_as_of(d, wanted): one row per commune inside × offer (service × day type), and one for the
-- territory (code is null); null is unknown, as before the census begins, or masked. `wanted`: a
-- service; null is all of them.
CREATE MACRO supply_as_of(d, wanted) AS TABLE
WITH asked AS (
    SELECT o.service, o.day_type, s.grain
    FROM offer AS o
    JOIN service AS s ON s.id = o.service AND s.grain <> 'composite'
    WHERE wanted IS NULL OR o.service IN (SELECT part FROM service_part WHERE service = wanted)
),
measured AS (
    SELECT code, service, day_type, sum_if_known(supply) AS supply,
        bool_or(demonstration) AS demonstration
    FROM supply_by_status(d)
    WHERE service IN (SELECT service FROM asked)
    GROUP BY ALL
),
communes AS (
    SELECT p.code, o.service, o.day_type, o.grain,
        CASE WHEN k.since > d THEN NULL
             WHEN m.code IS NOT NULL THEN m.supply
             WHEN k.service IS NOT NULL THEN 0 END AS supply,
        coalesce(m.demonstration, k.demonstration, false) AS demonstration
    FROM perimeter AS p
    CROSS JOIN asked AS o
    LEFT JOIN measured AS m ON m.code = p.code AND m.service = o.service
        AND m.day_type IS NOT DISTINCT FROM o.day_type
    LEFT JOIN known_offer AS k ON k.code = p.code AND k.service = o.service
        AND k.day_type IS NOT DISTINCT FROM o.day_type
),
elementary AS (
    SELECT code, service, day_type, supply, demonstration FROM communes
    UNION ALL
    SELECT NULL, c.service, c.day_type,
        CASE WHEN any_value(c.grain) = 'commune' THEN any_value(m.supply)
             ELSE sum_if_known(c.supply) END,
        bool_or(c.demonstration)
    FROM communes AS c
    LEFT JOIN measured AS m ON m.code IS NULL AND m.service = c.service
    GROUP BY c.service, c.day_type
)
SELECT *, NULL AS unknown_parts FROM elementary WHERE wanted IS NULL OR service = wanted
UNION ALL
-- Of a service made of others, which of them leave it unknown where the rest is known.
SELECT e.code, sp.service, NULL, sum_if_known(e.supply), bool_or(e.demonstration),
    CASE WHEN count(e.supply) > 0
         THEN string_agg(e.service, ' ' ORDER BY e.service) FILTER (e.supply IS NULL) END
FROM service_part AS sp
JOIN service AS s ON s.id = sp.service AND s.grain = 'composite'
JOIN elementary AS e ON e.service = sp.part
WHERE wanted IS NULL OR sp.service = wanted
GROUP BY e.code, sp.service;
