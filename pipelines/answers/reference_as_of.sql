-- reference_as_of(d, wanted): one row per level × place × service: the rate of d's year, else of
-- the nearest earlier year, else of the nearest later one; the year goes with it. `wanted`: a
-- service; null is all of them.
CREATE MACRO reference_as_of(d, wanted) AS TABLE
SELECT level, code, service, rate, year
FROM published_rate
WHERE wanted IS NULL OR service = wanted
QUALIFY row_number() OVER (
    PARTITION BY level, code, service ORDER BY year > year(d), abs(year - year(d))
) = 1;
