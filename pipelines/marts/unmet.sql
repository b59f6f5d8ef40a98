-- unmet_request: one row per establishment × day type × period [valid_from, valid_to[ of one
-- capacity: how many requests found no place there; null when nobody told.
CREATE TABLE unmet_request AS
SELECT
    id AS establishment, day_type, unmet, valid_from,
    lead(valid_from) OVER (PARTITION BY id, day_type ORDER BY valid_from) AS valid_to
FROM stg.capacity
ORDER BY 1, 2, 4;
