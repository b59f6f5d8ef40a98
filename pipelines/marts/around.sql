-- around: one row per commune inside × place that its families reach in max_minutes, in a straight
-- line from town hall to town hall: a commune, itself included, or (place null) what lies beyond a
-- border behind which no commune is known. `people`: who lives there, the mean where it is unknown.
CREATE TABLE around AS
WITH home AS (
    SELECT code, inside, lon, lat, sphere_x(lon, lat) AS x, sphere_y(lon, lat) AS y,
        sphere_z(lat) AS z
    FROM commune WHERE lon IS NOT NULL AND lat IS NOT NULL
),
lived AS (SELECT code, amount FROM public_count WHERE public = 'tous'),
bucket AS (
    SELECT h.*, cell(lon, lat, dx, dy) AS cell FROM home AS h
    CROSS JOIN step
    WHERE h.inside
),
near AS (
    SELECT a.code, b.code AS place,
        (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z) AS chord2
    FROM bucket AS a JOIN home AS b ON cell(b.lon, b.lat, 0, 0) = a.cell
)
SELECT n.code, n.place, chord_minutes(n.chord2) AS minutes,
    coalesce(l.amount, (SELECT avg(amount) FROM lived), 1) AS people
FROM near AS n LEFT JOIN lived AS l ON l.code = n.place
WHERE n.chord2 <= getvariable('chord2')
UNION ALL
SELECT b.code, NULL, b.minutes, b.people FROM border_ring AS b;
DROP MACRO cell;
DROP MACRO chord_minutes;
