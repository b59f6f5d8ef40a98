-- grid_demand: one row per commune of the perimeter whose children stand in the squares of the
-- grid, and one for all of them (code is null): the share of their children who live in squares
-- that Insee imputed, null where too few children bear a share, or where the file does not say.
-- What a square counts is kept as a share of its commune alone. The territory's own points are
-- worth more.
CREATE TEMP TABLE square AS
WITH kept AS (
    SELECT current_code(q.code) AS place, q.*
    FROM stg.grid_square AS q
    WHERE current_code(q.code) IN (SELECT code FROM commune)
        AND current_code(q.code) NOT IN (
            SELECT current_code(code) FROM stg.demand_point WHERE weight > 0)
        AND (q.children IS NULL OR q.children > 0)
    QUALIFY q.vintage = max(q.vintage) OVER (PARTITION BY place)
),
-- Degrees, of a projection of France, and in the part of France where the commune is.
located AS (
    SELECT k.*, h AS home,
        CASE WHEN p.epsg IS NOT NULL THEN position_of(k.x, k.y, p.epsg) END AS spot
    FROM kept AS k
    LEFT JOIN stg.zone AS h
        ON h.prefix = CASE WHEN starts_with(k.place, '97') THEN left(k.place, 3) ELSE '' END
    LEFT JOIN (SELECT epsg FROM stg.zone UNION SELECT 3035) AS p ON p.epsg = k.epsg
)
SELECT * EXCLUDE (home, spot, code, place, x, y, epsg), place AS code,
    CASE WHEN sound THEN spot.lon END AS lon, CASE WHEN sound THEN spot.lat END AS lat
FROM (
    SELECT *, coalesce(spot.lon BETWEEN home.west AND home.east
        AND spot.lat BETWEEN home.south AND home.north, false) AS sound
    FROM located
);

INSERT INTO stg.demand_point BY NAME
SELECT id, code, lon, lat, children / sum(children) OVER (PARTITION BY code) AS weight, _file, _row
FROM square;

CREATE TABLE grid_demand AS
SELECT code, CASE WHEN count(*) = count(imputed)
        AND sum(children) >= (SELECT max(suppressed_below) FROM public)
    THEN coalesce(sum(children) FILTER (imputed), 0) / sum(children) END AS imputed_share,
    count(DISTINCT code) AS communes, max(vintage) AS vintage
FROM square
WHERE code IN (SELECT code FROM perimeter) AND lon IS NOT NULL AND children IS NOT NULL
GROUP BY GROUPING SETS ((code), ())
HAVING count(*) > 0
ORDER BY code NULLS LAST;
DROP TABLE square;
