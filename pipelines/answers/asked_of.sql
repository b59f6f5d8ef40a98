-- asked_of(wanted): one row per elementary offer with a catchment that a service is made of, itself
-- or its parts. `wanted`: a service, composite or not; null is all of them.
CREATE MACRO asked_of(wanted) AS TABLE
FROM offer_key
WHERE wanted IS NULL OR service IN (SELECT part FROM service_part WHERE service = wanted);
