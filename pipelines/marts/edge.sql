-- edge: one row per commune inside near a place, of the surroundings or of the perimeter itself,
-- whose children or supply are unknown: minutes to the nearest one, and what is missing there.
CREATE TABLE edge AS
WITH outside AS (
    SELECT code, lon, lat,
        code NOT IN (SELECT p.code FROM public_count AS p JOIN public AS b ON b.id = p.public
            AND b.first_age IS NOT NULL
                     WHERE p.amount IS NOT NULL AND p.public <> 'tous') AS no_age,
        code NOT IN (SELECT code FROM establishment UNION ALL SELECT code FROM commune_total
                     UNION ALL SELECT current_code(code) FROM stg.covered) AS no_supply
    FROM commune
    WHERE lon IS NOT NULL AND (NOT inside OR code NOT IN (SELECT code FROM covered))
),
-- On the grid of reach, whose cells are half as wide as the longest reach.
missed AS (
    SELECT CASE WHEN no_age AND no_supply THEN 'âges et offre' WHEN no_age THEN 'âges'
        ELSE 'offre' END AS missing, cell(lon, lat, dx, dy) AS cell,
        sphere_x(lon, lat) AS x, sphere_y(lon, lat) AS y, sphere_z(lat) AS z
    FROM outside CROSS JOIN step
    WHERE no_age OR no_supply
),
distant AS (
    SELECT p.code, o.missing, power(p.x - o.x, 2) + power(p.y - o.y, 2) + power(p.z - o.z, 2)
        AS chord2
    FROM demand_point AS p SEMI JOIN perimeter AS i ON i.code = p.code
    JOIN missed AS o ON o.cell = cell(p.lon, p.lat, 0, 0)
),
near AS (
    SELECT d.code, d.missing, chord_minutes(d.chord2) AS minutes
    FROM distant AS d
    WHERE d.chord2 <= getvariable('chord2')
    UNION ALL
    SELECT b.code, 'pourtour', b.metres / 1000 * getvariable('minutes_per_km') FROM border AS b
)
SELECT code, min(minutes) AS minutes, arg_min(missing, minutes) AS missing
FROM near CROSS JOIN travel_rule AS r
WHERE near.minutes <= r.max_minutes
GROUP BY code ORDER BY code;
