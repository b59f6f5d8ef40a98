-- nearest_as_of(d): one row per commune × service with an open place: minutes to the nearest one.
-- With several points, their mean by share; a point further than max_minutes from any counts for
-- that.
CREATE MACRO nearest_as_of(d) AS TABLE
WITH opened AS (
    SELECT DISTINCT s.site, sp.service
    FROM supply_at(d) AS s JOIN service_part AS sp ON sp.part = s.service
    WHERE s.amount IS NULL OR s.amount > 0
),
nearest AS (
    SELECT r.point, o.service, min(r.minutes) AS minutes
    FROM reach AS r JOIN opened AS o ON o.site = r.site GROUP BY ALL
),
reached AS (
    SELECT p.code, n.service, sum(p.share * n.minutes) AS minutes, sum(p.share) AS share
    FROM nearest AS n JOIN demand_point AS p ON p.point = n.point GROUP BY ALL
)
SELECT code, service,
    minutes + greatest(0, 1 - share) * (SELECT max_minutes FROM travel_rule) AS minutes
FROM reached;
