-- offer_key: one row per elementary offer (service × day type) that has a catchment. Numbers start
-- at 101, so that columns named after them keep their order. `child_set`: offers whose places the
-- same children may draw from share one: the same public, the same communes of the surroundings.
CREATE TABLE offer_key AS
WITH drawn AS (
    SELECT o.service, o.day_type, s.rank, s.public, s.rate_per,
        md5(coalesce(string_agg(a.code, ',' ORDER BY a.code), '')) AS outside
    FROM offer AS o JOIN service AS s ON s.id = o.service
    LEFT JOIN (SELECT DISTINCT service, day_type, code FROM known_around) AS a
        ON a.service = o.service AND a.day_type IS NOT DISTINCT FROM o.day_type
    WHERE s.grain <> 'composite' AND s.catchment
    GROUP BY ALL
)
SELECT CAST(100 + row_number() OVER (ORDER BY rank, day_type) AS INTEGER) AS offer,
    CAST(100 + dense_rank() OVER (ORDER BY public, outside) AS INTEGER) AS child_set,
    service, day_type, public, rate_per
FROM drawn;
