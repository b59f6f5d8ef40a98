-- beyond_as_of(d, rule, wanted): one row per commune inside × service (composite or not) × day type
-- with a catchment. `beyond`: of what weighs in its accessible supply (people in reach × the weight
-- of their minutes), the share that lives where the supply is unknown on day d, 0 to 1.
CREATE MACRO beyond_as_of(d, rule, wanted) AS TABLE
WITH weighed AS (
    SELECT code, place, people * weight_at(minutes, rule) AS weight
    FROM around WHERE minutes <= rule['reach']
),
whole AS (SELECT code, sum(weight) AS weight FROM weighed GROUP BY code),
told AS (
    SELECT w.code, t.offer, sum(w.weight) AS weight
    FROM weighed AS w JOIN told_as_of(d, wanted) AS t ON t.code = w.place GROUP BY ALL
),
elementary AS (
    SELECT w.code, k.service, k.day_type,
        greatest(0, 1 - coalesce(t.weight, 0) / nullif(w.weight, 0)) AS beyond
    FROM whole AS w CROSS JOIN asked_of(wanted) AS k
    LEFT JOIN told AS t ON t.code = w.code AND t.offer = k.offer
)
-- Parts of one service have the same neighbours: what is said is of the least known of them.
SELECT e.code, p.service, e.day_type, max(e.beyond) AS beyond
FROM elementary AS e JOIN service_part AS p ON p.part = e.service
WHERE wanted IS NULL OR p.service = wanted
GROUP BY ALL;
