-- voted_as_of(d): one row per service × day type for which the territory has a target in force on
-- day d: the last one decided by then.
CREATE MACRO voted_as_of(d) AS TABLE
SELECT service, day_type, amount, valid_from
FROM voted_target
WHERE valid_from <= d
QUALIFY row_number() OVER (PARTITION BY service, day_type ORDER BY valid_from DESC) = 1;
