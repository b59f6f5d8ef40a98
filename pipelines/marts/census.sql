-- establishment: one row an establishment. `site` is what counts once under the maximum rule.
CREATE TABLE establishment AS
WITH one AS (
    SELECT
        id, any_value(name) AS name, any_value(service) AS service, any_value(status) AS status,
        any_value(manager) AS manager, any_value(current_code(code)) AS code,
        any_value(address) AS address, any_value(lon) AS lon, any_value(lat) AS lat,
        min(opened) AS opened, max(closed) AS closed, any_value(source) AS source,
        max(source_date) AS source_date, bool_or(demonstration) AS demonstration
    FROM stg.capacity GROUP BY id
)
SELECT one.*,
    CASE WHEN s.site_rule = 'max'
         THEN one.code || '|' || coalesce(lower(address), lon || ',' || lat, one.id)
         ELSE one.id END AS site
FROM one LEFT JOIN service AS s ON s.id = one.service
ORDER BY one.id;

-- capacity: one row an establishment × day type × period [valid_from, valid_to[ of one capacity.
CREATE TABLE capacity AS
SELECT
    id AS establishment, day_type, amount, valid_from,
    lead(valid_from) OVER (PARTITION BY id, day_type ORDER BY valid_from) AS valid_to
FROM stg.capacity
ORDER BY 1, 2, 4;

-- commune_total: one row a commune × service × period of one total.
CREATE TABLE commune_total AS
WITH summed AS (
    SELECT
        current_code(code) AS code, service, valid_from,
        CASE WHEN count(*) = count(headcount) THEN sum(headcount) END AS headcount,
        CASE WHEN count(*) = count(places) THEN sum(places) END AS places,
        any_value(source) AS source, max(source_date) AS source_date,
        bool_or(demonstration) AS demonstration
    FROM stg.commune_total GROUP BY 1, 2, 3
)
SELECT *, lead(valid_from) OVER (PARTITION BY code, service ORDER BY valid_from) AS valid_to
FROM summed
ORDER BY code, service, valid_from;
