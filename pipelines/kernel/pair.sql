-- pair: one row per demand point × site × offer at most `reach` minutes apart in a straight line.
-- Points are bucketed on a grid of cells half as wide as the reach: of each site, 5 × 5 cells are
-- looked into. Chords of the sphere, in km, then minutes: distance × detour ÷ speed.
SELECT near.point, near.site, near.offer,
    rule.minutes_per_km * 2 * 6371.0088
        * asin(least(1, sqrt(near.chord2) / (2 * 6371.0088))) AS minutes
FROM (
    SELECT home.point, place.site, home.offer,
        (home.x - place.x) * (home.x - place.x) + (home.y - place.y) * (home.y - place.y)
            + (home.z - place.z) * (home.z - place.z) AS chord2
    FROM (
        SELECT demand.point, demand.offer,
            CAST(floor(demand.lon / rule.wide) AS BIGINT) * 1000000
                + CAST(floor(demand.lat / rule.tall) AS BIGINT) AS cell,
            6371.0088 * cos(radians(demand.lat)) * cos(radians(demand.lon)) AS x,
            6371.0088 * cos(radians(demand.lat)) * sin(radians(demand.lon)) AS y,
            6371.0088 * sin(radians(demand.lat)) AS z
        FROM demand CROSS JOIN rule
    ) AS home
    JOIN (
        SELECT supply.site, supply.offer,
            (CAST(floor(supply.lon / rule.wide) AS BIGINT) + across.n) * 1000000
                + CAST(floor(supply.lat / rule.tall) AS BIGINT) + along.n AS cell,
            6371.0088 * cos(radians(supply.lat)) * cos(radians(supply.lon)) AS x,
            6371.0088 * cos(radians(supply.lat)) * sin(radians(supply.lon)) AS y,
            6371.0088 * sin(radians(supply.lat)) AS z
        FROM supply CROSS JOIN rule
        CROSS JOIN (VALUES (-2), (-1), (0), (1), (2)) AS across (n)
        CROSS JOIN (VALUES (-2), (-1), (0), (1), (2)) AS along (n)
    ) AS place ON place.cell = home.cell AND place.offer = home.offer
) AS near
CROSS JOIN rule
WHERE near.chord2 <= rule.chord2
