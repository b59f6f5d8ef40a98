-- demand_point: one row per place where the children of a commune are counted: its town hall, or
-- the weighted points given for it. `share` is of the commune's children. x, y, z: on the sphere,
-- in km.
CREATE MACRO sphere_x(lon, lat) AS 6371.0088 * cos(radians(lat)) * cos(radians(lon));
CREATE MACRO sphere_y(lon, lat) AS 6371.0088 * cos(radians(lat)) * sin(radians(lon));
CREATE MACRO sphere_z(lat) AS 6371.0088 * sin(radians(lat));

CREATE TABLE demand_point AS
WITH given AS (
    SELECT current_code(code) AS code, id, any_value(lon) AS lon, any_value(lat) AS lat,
        sum(weight) AS weight
    FROM stg.demand_point
    WHERE lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90 AND weight > 0
    GROUP BY ALL
),
placed AS (
    SELECT g.code, g.id, g.lon, g.lat, g.weight / sum(g.weight) OVER (PARTITION BY g.code) AS share
    FROM given AS g SEMI JOIN commune AS c ON c.code = g.code
    UNION ALL
    SELECT code, code, lon, lat, 1.0 FROM commune
    WHERE lon IS NOT NULL AND lat IS NOT NULL AND code NOT IN (SELECT code FROM given)
)
SELECT CAST(row_number() OVER (ORDER BY code, id) AS INTEGER) AS point, *,
    sphere_x(lon, lat) AS x, sphere_y(lon, lat) AS y, sphere_z(lat) AS z
FROM placed ORDER BY point;

-- supply_point: one row per establishment, and one per commune with totals, which stand at its town
-- hall (`establishment` null). An establishment without a position stands there too, not `located`.
-- What stands at one spot shares one `site`, unless the table of travel times names it.
CREATE TABLE supply_point AS
WITH placed AS (
    SELECT e.id AS establishment, e.code, e.lon IS NOT NULL AND e.position IS DISTINCT
        FROM 'approximate' AS located,
        coalesce(e.lon, c.lon) AS lon, CASE WHEN e.lon IS NULL THEN c.lat ELSE e.lat END AS lat,
        CASE WHEN e.id IN (SELECT destination FROM stg.travel_time) THEN e.id END AS named
    FROM establishment AS e LEFT JOIN commune AS c ON c.code = e.code
    UNION ALL
    SELECT NULL, t.code, c.lon IS NOT NULL, c.lon, c.lat, NULL
    FROM (SELECT DISTINCT code FROM commune_total) AS t LEFT JOIN commune AS c ON c.code = t.code
)
SELECT p.*, s.site FROM placed AS p JOIN (
    SELECT code, lon, lat, named, CAST(row_number()
        OVER (ORDER BY code, lon, lat, named) AS INTEGER) AS site
    FROM (SELECT DISTINCT code, lon, lat, named FROM placed)
) AS s ON s.code = p.code AND s.lon IS NOT DISTINCT FROM p.lon AND s.lat IS NOT DISTINCT FROM p.lat
    AND s.named IS NOT DISTINCT FROM p.named;

-- supply_site: one row per site; x, y, z on the sphere, in km.
CREATE TABLE supply_site AS
SELECT site, any_value(code) AS code, any_value(named) AS named, any_value(lon) AS lon,
    any_value(lat) AS lat,
    sphere_x(any_value(lon), any_value(lat)) AS x, sphere_y(any_value(lon), any_value(lat)) AS y,
    sphere_z(any_value(lat)) AS z
FROM supply_point GROUP BY site ORDER BY site;

-- travel: one row per demand point × site of the table of travel times, when there is one. A
-- point or an establishment named in it is worth more than its commune. Directed: from home to it.
CREATE TEMP TABLE timed AS
SELECT current_code(origin) AS origin, current_code(destination) AS destination,
    min(minutes) FILTER (minutes >= 0) AS minutes
FROM stg.travel_time GROUP BY ALL;
CREATE TEMP TABLE timed_home AS
SELECT point, id AS origin, 0 AS rank FROM demand_point
UNION ALL SELECT point, code, 1 FROM demand_point WHERE id <> code;
CREATE TEMP TABLE travel AS
WITH place AS (
    SELECT site, named AS destination, 0 AS rank FROM supply_site WHERE named IS NOT NULL
    UNION ALL SELECT site, code, 1 FROM supply_site
)
SELECT h.point, p.site, t.minutes
FROM timed AS t JOIN timed_home AS h ON h.origin = t.origin JOIN place AS p ON p.destination
    = t.destination
QUALIFY row_number() OVER (PARTITION BY h.point, p.site ORDER BY t.minutes IS NULL, p.rank, h.rank)
    = 1;

-- hall_minutes: one row per demand point × commune of the table of travel times: minutes to its
-- town hall, where nothing may stand yet (siting).
CREATE TABLE hall_minutes AS
SELECT h.point, t.destination AS code, t.minutes
FROM timed AS t JOIN timed_home AS h ON h.origin = t.origin
SEMI JOIN commune AS c ON c.code = t.destination
WHERE t.minutes IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY h.point, t.destination ORDER BY h.rank) = 1
ORDER BY h.point, t.destination;

-- Both ends are in the table with a time somewhere: it is the table that says how far they are, and
-- a pair that it leaves out is out of reach. Otherwise the straight line speaks.
CREATE TEMP TABLE timed_point AS SELECT DISTINCT point FROM travel WHERE minutes IS NOT NULL;
CREATE TEMP TABLE timed_site AS SELECT DISTINCT site FROM travel WHERE minutes IS NOT NULL;

-- reach: one row per demand point × site at most max_minutes apart. Points are bucketed on a
-- grid of cells half as wide as the longest reach, so that only 5 × 5 cells are looked into. It is
-- the sites that look, in their order: what is summed by site meets its rows side by side.
-- Figures that do not change from a row to the next are variables: one look-up for the whole join.
SET VARIABLE minutes_per_km = (SELECT detour / speed_kmh * 60 FROM travel_rule);
SET VARIABLE max_minutes = (SELECT max_minutes FROM travel_rule);
SET VARIABLE angle = least(pi(),
    getvariable('max_minutes') / getvariable('minutes_per_km') / 6371.0088);
SET VARIABLE chord2 = power(2 * 6371.0088 * sin(getvariable('angle') / 2), 2);
SET VARIABLE tall = degrees(getvariable('angle')) / 2;
SET VARIABLE wide = (
    SELECT getvariable('tall') / greatest(0.01,
        cos(radians(least(89, max(abs(lat)) + 2 * getvariable('tall')))))
    FROM (SELECT lat FROM demand_point UNION ALL SELECT lat FROM supply_site)
);
CREATE MACRO cell(lon, lat, dx, dy) AS
    (CAST(floor(lon / getvariable('wide')) AS BIGINT) + dx) * 1000000
        + CAST(floor(lat / getvariable('tall')) AS BIGINT) + dy;

-- step: one row per cell of the grid, by its distance in cells from the one that is looked from.
CREATE TEMP TABLE step AS
SELECT x.n AS dx, y.n AS dy FROM range(-2, 3) AS x(n) CROSS JOIN range(-2, 3) AS y(n);
-- Minutes from end to end of a chord of the sphere, from its square (km²).
CREATE MACRO chord_minutes(chord2) AS
    2 * 6371.0088 * getvariable('minutes_per_km')
        * asin(least(1, sqrt(chord2) / (2 * 6371.0088)));

-- `timed_in`: the commune of an end that the table of travel times knows.
CREATE TABLE reach AS
WITH home AS (
    SELECT p.point, p.x, p.y, p.z, cell(p.lon, p.lat, 0, 0) AS cell,
        CASE WHEN t.point IS NOT NULL THEN p.code END AS timed_in
    FROM demand_point AS p LEFT JOIN timed_point AS t ON t.point = p.point
),
place AS (
    SELECT p.site, p.x, p.y, p.z, cell(p.lon, p.lat, dx, dy) AS cell,
        CASE WHEN t.site IS NOT NULL THEN p.code END AS timed_in
    FROM supply_site AS p LEFT JOIN timed_site AS t ON t.site = p.site CROSS JOIN step
    WHERE p.lon IS NOT NULL AND p.lat IS NOT NULL
),
near AS (
    SELECT h.point, p.site,
        (h.x - p.x) * (h.x - p.x) + (h.y - p.y) * (h.y - p.y) + (h.z - p.z) * (h.z - p.z) AS chord2
    FROM place AS p JOIN home AS h ON h.cell = p.cell
    WHERE h.timed_in IS NULL OR p.timed_in IS NULL OR p.timed_in = h.timed_in
)
SELECT point, site, false AS measured, chord_minutes(chord2) AS minutes
FROM near
ANTI JOIN (FROM travel WHERE minutes IS NOT NULL) AS t USING (point, site)
WHERE chord2 <= getvariable('chord2')
UNION ALL
SELECT point, site, true, minutes FROM travel WHERE minutes <= getvariable('max_minutes');

-- reach_report: one row per name of the files of travel times and demand points that found no
-- place, or a place that the travel times leave to the straight line; `rows`: how many rows are at
-- stake.
CREATE TABLE reach_report AS
SELECT 'travel_pair_unsnapped' AS kind, origin || ' → ' || destination AS id,
    CAST(count(*) AS DOUBLE) AS rows
FROM stg.travel_time WHERE minutes IS NULL OR minutes < 0 GROUP BY ALL
UNION ALL
SELECT 'travel_origin_unknown', origin, count(*) FROM stg.travel_time
WHERE current_code(origin) NOT IN (SELECT id FROM demand_point UNION ALL SELECT code
    FROM demand_point) GROUP BY ALL
UNION ALL
SELECT 'travel_destination_unknown', destination, count(*) FROM stg.travel_time
WHERE current_code(destination) NOT IN (SELECT code FROM supply_site UNION ALL SELECT named
    FROM supply_site WHERE named IS NOT NULL)
GROUP BY ALL
UNION ALL
SELECT 'travel_origin_missing', id, 1 FROM demand_point SEMI JOIN perimeter USING (code)
WHERE point NOT IN (SELECT point FROM timed_point) AND EXISTS (SELECT 1 FROM stg.travel_time)
UNION ALL
SELECT 'travel_destination_missing', coalesce(s.establishment, s.code), 1
    FROM supply_point AS s SEMI JOIN commune AS c ON c.code = s.code
WHERE s.site NOT IN (SELECT site FROM timed_site) AND EXISTS (SELECT 1 FROM stg.travel_time)
UNION ALL
SELECT 'demand_point_rejected', coalesce(id, code), count(*) FROM stg.demand_point
WHERE lon IS NULL OR lat IS NULL OR weight IS NULL OR weight <= 0 OR lon NOT BETWEEN -180 AND 180
    OR lat NOT BETWEEN -90 AND 90
    OR current_code(code) NOT IN (SELECT code FROM commune)
GROUP BY ALL
ORDER BY ALL;
