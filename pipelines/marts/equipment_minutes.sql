-- published_minutes: one row per commune of the perimeter × service: Insee's minutes by the road to
-- the nearest equipment of the service, the median of the commune's rows (`rows`), weighed by their
-- inhabitants where each of them has some (`weighted`). A service is told where the BPE knows each
-- of its parts and the files hold each of their types: the nearest of half of them would be too
-- far.
CREATE TABLE published_minutes AS
WITH counted AS (
    SELECT current_code(code) AS code, type, minutes, people, vintage, _file, _row,
        CASE WHEN bool_and(square IS NOT NULL) OVER (PARTITION BY current_code(code), vintage)
            THEN square END AS square
    FROM stg.equipment_minutes
    WHERE current_code(code) IN (SELECT code FROM perimeter) AND minutes >= 0
    QUALIFY vintage = max(vintage) OVER (PARTITION BY current_code(code))
),
-- wanted: one row per service × type of one of its parts; null where the BPE knows nothing of it.
wanted AS (
    SELECT p.service, b.type
    FROM service_part AS p LEFT JOIN service_bpe AS b ON b.service = p.part
),
held AS (
    SELECT w.service, v.vintage
    FROM wanted AS w CROSS JOIN (SELECT DISTINCT vintage FROM counted) AS v
    LEFT JOIN (SELECT DISTINCT vintage, type FROM stg.equipment_minutes) AS h
        ON h.vintage = v.vintage AND h.type = w.type
    GROUP BY ALL HAVING count(*) = count(h.type)
),
-- Of each square, the nearest of the types. Where rows name no square, each type is summed up apart
-- and the nearest of them is told.
nearest AS (
    SELECT c.code, w.service, c.vintage, CASE WHEN c.square IS NULL THEN c.type END AS apart,
        coalesce(c.square, c._file || ' ' || c._row) AS spot,
        min(c.minutes) AS minutes, max(c.people) AS people
    FROM counted AS c
    JOIN wanted AS w ON w.type = c.type
    JOIN held AS h ON h.service = w.service AND h.vintage = c.vintage
    GROUP BY ALL
),
weighed AS (
    SELECT *, CASE WHEN told THEN people ELSE 1 END AS weight
    FROM (
        SELECT *, count(*) OVER one = count(people) OVER one AND min(people) OVER one >= 0
            AND sum(people) OVER one > 0 AS told
        FROM nearest WINDOW one AS (PARTITION BY code, service, vintage, apart)
    )
),
ranked AS (
    SELECT *, sum(weight) OVER (PARTITION BY code, service, vintage, apart) / 2 AS half,
        sum(weight) OVER (PARTITION BY code, service, vintage, apart ORDER BY minutes, spot
            ROWS UNBOUNDED PRECEDING) AS below
    FROM weighed
),
-- Where the half falls between two rows, the middle of both.
middle AS (
    SELECT code, service, vintage, apart, bool_and(told) AS weighted, count(*) AS rows,
        (min(minutes) FILTER (below >= half) + coalesce(min(minutes) FILTER (below > half),
            min(minutes) FILTER (below >= half))) / 2 AS minutes
    FROM ranked GROUP BY ALL
)
SELECT code, service, min(minutes) AS minutes, max(rows) AS rows, bool_and(weighted) AS weighted,
    vintage
FROM middle GROUP BY code, service, vintage
ORDER BY code, service;
