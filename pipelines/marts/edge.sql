-- edge: one row per commune inside near a place, of the surroundings or of the perimeter itself,
-- whose children or supply are unknown: minutes to the nearest one, and what is missing there.
CREATE TABLE edge AS
WITH rule AS (SELECT detour / speed_kmh * 60 AS minutes_per_km FROM travel_rule),
outside AS (
    SELECT code, lon, lat,
        code NOT IN (SELECT p.code FROM public_count AS p JOIN public AS b ON b.id = p.public
            AND b.first_age IS NOT NULL
                     WHERE p.amount IS NOT NULL AND p.public <> 'tous') AS no_age,
        code NOT IN (SELECT code FROM establishment UNION ALL SELECT code FROM commune_total
                     UNION ALL SELECT current_code(code) FROM stg.covered) AS no_supply
    FROM commune
    WHERE lon IS NOT NULL AND (NOT inside OR code NOT IN (SELECT code FROM covered))
),
near AS (
    SELECT p.code, CASE WHEN no_age AND no_supply THEN 'âges et offre' WHEN no_age THEN 'âges'
        ELSE 'offre' END AS missing,
        2 * 6371.0088 * asin(least(1,
            sqrt(power(p.x - sphere_x(o.lon, o.lat), 2) + power(p.y - sphere_y(o.lon, o.lat), 2)
            + power(p.z - sphere_z(o.lat), 2)) / (2 * 6371.0088))) * r.minutes_per_km AS minutes
    FROM demand_point AS p SEMI JOIN perimeter AS i ON i.code = p.code
    JOIN outside AS o ON (o.no_age OR o.no_supply) AND abs(o.lat - p.lat) < 1
    CROSS JOIN rule AS r
    UNION ALL
    SELECT b.code, 'pourtour', b.metres / 1000 * r.minutes_per_km FROM border AS b CROSS
        JOIN rule AS r
)
SELECT code, min(minutes) AS minutes, arg_min(missing, minutes) AS missing
FROM near CROSS JOIN travel_rule AS r
WHERE near.minutes <= r.max_minutes
GROUP BY code ORDER BY code;
