-- published_rate: one row per level × place × year × service, for the places of the perimeter.
CREATE TABLE published_rate AS
SELECT r.* EXCLUDE (_file)
FROM stg.published_rate AS r
WHERE level = 'nat'
    OR (level = 'reg' AND code IN (SELECT reg FROM commune WHERE inside))
    OR (level = 'dep' AND code IN (SELECT dep FROM commune WHERE inside))
    OR (level = 'epci' AND code IN (SELECT epci FROM commune WHERE inside))
UNION ALL
SELECT 'com', code, service, year, value, vintage
FROM stg.com_figure SEMI JOIN perimeter USING (code)
WHERE measure = 'rate' AND value IS NOT NULL
ORDER BY level, code, service, year;

-- published_places: one row per commune inside × year × service.
CREATE TABLE published_places AS
SELECT code, service, year, value AS places, vintage
FROM stg.com_figure SEMI JOIN perimeter USING (code)
WHERE measure = 'places' AND value IS NOT NULL
ORDER BY code, service, year;

-- published_area_places: one row per level above the commune × place × year × service.
CREATE TABLE published_area_places AS
SELECT p.* EXCLUDE (_file)
FROM stg.published_places AS p
WHERE level = 'nat'
    OR (level = 'reg' AND code IN (SELECT reg FROM commune WHERE inside))
    OR (level = 'dep' AND code IN (SELECT dep FROM commune WHERE inside))
    OR (level = 'epci' AND code IN (SELECT epci FROM commune WHERE inside))
ORDER BY level, code, service, year;

-- published_whole: one row per measure × level × place × year whose parts are all published: the
-- whole and the sum of its parts. Rates are rounded to a tenth, so four of them may miss the whole
-- by half a point.
CREATE TABLE published_whole AS
WITH figure AS (
    SELECT 'rate' AS measure, level, code, year, service, rate AS value FROM published_rate
    UNION ALL
    SELECT 'places', 'com', code, year, service, places FROM published_places
),
part AS (
    FROM (VALUES ('rate', 'eaje'), ('rate', 'assistants_maternels'), ('rate', 'prescolarisation'),
        ('rate', 'garde_domicile'), ('places', 'eaje_psu'), ('places', 'eaje_hors_psu'),
        ('places', 'assistants_maternels'), ('places', 'prescolarisation'),
            ('places', 'garde_domicile')
    ) AS v (measure, service)
)
SELECT f.measure, f.level, f.code, f.year,
    any_value(f.value) FILTER (f.service = 'accueil_0_2') AS whole,
    sum(f.value) FILTER (p.service IS NOT NULL) AS parts,
    abs(any_value(f.value) FILTER (f.service
        = 'accueil_0_2') - sum(f.value) FILTER (p.service IS NOT NULL))
        > CASE f.measure WHEN 'rate' THEN 0.5 + 1e-6 ELSE 2 END AS doubtful
FROM figure AS f
LEFT JOIN part AS p ON p.measure = f.measure AND p.service = f.service
GROUP BY f.measure, f.level, f.code, f.year
HAVING count(p.service) = CASE f.measure WHEN 'rate' THEN 4 ELSE 5 END
    AND count(f.value) FILTER (f.service = 'accueil_0_2') = 1;

-- What the producer published with parts that do not make the whole is unknown here: nobody can
-- tell
-- which of them is wrong. A check stops the publication when that is more than an exception.
DELETE FROM published_rate AS r USING published_whole AS w
WHERE w.doubtful AND w.measure = 'rate' AND w.level = r.level AND w.code = r.code AND w.year
    = r.year;
DELETE FROM published_places AS p USING published_whole AS w
WHERE w.doubtful AND w.measure = 'places' AND w.code = p.code AND w.year = p.year;
