-- known_commune: one row per commune of the COG at hand, with its town hall (WGS84) when known.
CREATE TABLE known_commune AS
WITH fact AS (
    SELECT
        current_code(code) AS code,
        arg_min(lon, (code <> current_code(code), code)) AS lon,
        arg_min(lat, (code <> current_code(code), code)) AS lat
    FROM stg.commune_fact GROUP BY 1
)
SELECT c.code, c.name, f.lon, f.lat
FROM stg.commune AS c
LEFT JOIN fact AS f ON f.code = c.code
ORDER BY c.code;

-- postcode: one row per postcode × commune of today that it serves; empty without their table.
CREATE TABLE postcode AS
SELECT DISTINCT p.postcode, current_code(p.code) AS code
FROM stg.postcode AS p
JOIN stg.commune AS c ON c.code = current_code(p.code)
ORDER BY 1, 2;

-- establishment: one row per establishment. `site` is what counts once under the maximum rule.
-- `position`: exact, geocoded (with its score), or approximate: the town hall stands for a point
-- that is missing or lies outside its commune.
CREATE TABLE establishment AS
WITH one AS (
    SELECT
        id, any_value(name) AS name, any_value(service) AS service, any_value(status) AS status,
        any_value(manager) AS manager, any_value(current_code(code)) AS code,
        any_value(address) AS address,
        any_value(lon) FILTER (position IS DISTINCT FROM 'approximate') AS lon,
        any_value(lat) FILTER (position IS DISTINCT FROM 'approximate') AS lat,
        min(opened) AS opened, max(closed) AS closed, any_value(source) AS source,
        max(source_date) AS source_date, bool_or(demonstration) AS demonstration,
        coalesce(any_value(position) FILTER (lon IS NOT NULL), 'exact') AS position,
        max(position_score) AS position_score,
        arg_max(occupancy, valid_from) AS occupancy, arg_max(atypical, valid_from) AS atypical,
        arg_max(disability, valid_from) AS disability,
        arg_max(funding_end, valid_from) AS funding_end
    FROM stg.capacity GROUP BY id
)
SELECT
    one.id, one.name, one.service, one.status, one.manager, one.code, one.address,
    coalesce(one.lon, h.lon) AS lon, coalesce(one.lat, h.lat) AS lat,
    one.opened, one.closed, one.source, one.source_date, one.demonstration,
    CASE WHEN one.lon IS NOT NULL THEN one.position
         WHEN h.lon IS NOT NULL THEN 'approximate' END AS position,
    CASE WHEN one.position = 'geocoded' THEN one.position_score END AS position_score,
    CASE WHEN s.site_rule = 'max'
         THEN one.code || '|' || coalesce(lower(one.address), one.lon || ',' || one.lat, one.id)
         ELSE one.id END AS site,
    one.occupancy, one.atypical, one.disability, one.funding_end
FROM one
LEFT JOIN service AS s ON s.id = one.service
LEFT JOIN known_commune AS h ON h.code = one.code
ORDER BY one.id;

-- capacity: one row per establishment × day type × period [valid_from, valid_to[ of one capacity;
-- null where the establishment was open before the first date of which the capacity is known.
CREATE TABLE capacity AS
WITH dated AS (
    SELECT id, day_type, amount, valid_from, opened,
        min(valid_from) OVER (PARTITION BY id, day_type) AS first_known
    FROM stg.capacity
),
every AS (
    SELECT id, day_type, amount, valid_from FROM dated
    UNION ALL
    SELECT DISTINCT id, day_type, NULL, opened FROM dated WHERE opened < first_known
)
SELECT
    id AS establishment, day_type, amount, valid_from,
    lead(valid_from) OVER (PARTITION BY id, day_type ORDER BY valid_from) AS valid_to
FROM every
ORDER BY 1, 2, 4;
