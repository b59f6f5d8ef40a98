-- unmet_as_of(d): one row per commune inside × offer (service × day type) where an establishment
-- tells how many requests found no place, and one for the territory (code is null): their sum over
-- the establishments that tell it, how many tell it, of how many that stand there and are open.
CREATE MACRO unmet_as_of(d) AS TABLE
WITH told AS (
    SELECT e.code, e.id, sp.whole AS service, u.day_type, u.unmet
    FROM establishment AS e
    JOIN perimeter AS p ON p.code = e.code
    JOIN unmet_request AS u ON u.establishment = e.id AND in_force(u.valid_from, u.valid_to, d)
    JOIN (
        SELECT id AS part, id AS whole FROM service
        UNION SELECT part, service FROM service_part
    ) AS sp ON sp.part = e.service
    WHERE in_force(e.opened, e.closed, d)
)
SELECT code, service, day_type, sum(unmet) AS unmet,
    count(DISTINCT id) FILTER (unmet IS NOT NULL) AS unmet_told, count(DISTINCT id) AS unmet_asked
FROM told
GROUP BY GROUPING SETS ((code, service, day_type), (service, day_type))
HAVING count(unmet) > 0;
