-- offer_key: one row per elementary offer (service × day type) that has a catchment. Numbers start
-- at 101, so that columns named after them keep their order.
CREATE TABLE offer_key AS
SELECT CAST(100 + row_number() OVER (ORDER BY s.rank, o.day_type) AS INTEGER) AS offer,
    CAST(100 + dense_rank() OVER (ORDER BY s.public) AS INTEGER) AS public_number,
    o.service, o.day_type, s.public, s.rate_per
FROM offer AS o JOIN service AS s ON s.id = o.service
WHERE s.grain <> 'composite' AND s.catchment;
