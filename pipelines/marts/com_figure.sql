-- stg.com_figure: one row per commune of today × year × service of the Caf: its rate, its places;
-- or × public that it counts (`service` is then its id). Codes that changed since that year are
-- carried when nothing but the code changed. Places and counts of communes merged since, or of
-- arrondissements, are added when all are published; a rate of a part is not a rate of the whole:
-- unknown.
CREATE TABLE stg.com_figure AS
WITH figure AS (
    SELECT 'rate' AS measure, code, year, service, rate AS value, vintage FROM stg.published_rate
        WHERE level = 'com'
    UNION ALL
    SELECT 'places', code, year, service, places, vintage FROM stg.published_places WHERE level
        = 'com'
    UNION ALL
    SELECT 'count', code, year, public, amount, vintage FROM stg.published_count
),
-- The codes that became part of today's commune after the year, and whether that alone is a change
-- of code.
since AS (
    SELECT y.year, c.code, list(c.code_old ORDER BY c.code_old) AS olds,
        bool_and(c.mod IN (41, 50)) AND count(*) = 1 AS renamed, bool_or(c.mod IN (41, 50)) AS moved
    FROM (SELECT DISTINCT year FROM figure) AS y
    JOIN carry AS c ON c.ended IS NULL OR year(c.ended) > y.year
    GROUP BY y.year, c.code
),
split AS (SELECT code_before AS code, max(year(date_eff)) AS year FROM stg.movement
    WHERE mod IN (20, 21) GROUP BY ALL),
grouped AS (
    SELECT f.measure, current_code(f.code) AS today, f.year, f.service,
        list(DISTINCT f.code) AS codes, sum(f.value) AS total, max(f.vintage) AS vintage,
        any_value(f.value) FILTER (f.code = current_code(f.code)) AS own,
        count(f.value) = count(*) AS complete
    FROM figure AS f GROUP BY ALL
),
judged AS (
    SELECT g.*, s.olds IS NULL OR coalesce(s.renamed, false) AS same_place,
        -- Arrondissements alone: where the whole is published, its own figure is the whole's.
        EXISTS (SELECT 1 FROM stg.part_commune AS p WHERE p.parent = g.today) AS has_parts,
        complete AND list_has_all(g.codes, coalesce(s.olds, []))
            AND (list_contains(g.codes, g.today) OR coalesce(s.moved, false)
            OR EXISTS (SELECT 1 FROM stg.part_commune AS p WHERE p.parent = g.today)) AS all_parts,
        coalesce(x.year > g.year, false) AS was_larger
    FROM grouped AS g
    LEFT JOIN since AS s ON s.code = g.today AND s.year = g.year
    LEFT JOIN split AS x ON x.code = g.today
)
SELECT measure, today AS code, year, service, vintage,
    CASE WHEN was_larger THEN NULL
         WHEN has_parts AND own IS NOT NULL THEN own
         WHEN same_place THEN coalesce(own, total)
         WHEN measure <> 'rate' AND all_parts THEN total END AS value
FROM judged;
