-- La population et les naissances d'un EPCI, d'un département et d'une région sont la somme de celles de leurs communes, sans en compter une deux fois.
WITH figure AS (
    SELECT code, dep, reg, population FROM stg.commune_figure
),
-- By the codes of the COG itself, and by the rows of the DGCL: not by the table that made the sums.
counted AS (
    SELECT 'dep' AS level, dep AS place, count(*) AS communes,
        sum_if_known(population) AS population
    FROM figure GROUP BY dep
    UNION ALL
    SELECT 'reg', reg, count(*), sum_if_known(population) FROM figure GROUP BY reg
    UNION ALL
    SELECT 'epci', m.siren, count(DISTINCT f.code), sum_if_known(f.population)
    FROM (SELECT DISTINCT siren, current_code(code) AS code FROM stg.membership AS s
        WHERE s.vintage = coalesce((SELECT membership_vintage FROM territory),
            (SELECT max(vintage) FROM stg.membership))) AS m
    LEFT JOIN figure AS f ON f.code = m.code
    GROUP BY m.siren
),
born AS (
    SELECT p.level, p.place, sum(b.births) AS births
    FROM place_part AS p
    JOIN place_profile AS o ON o.level = p.level AND o.place = p.place
    JOIN birth AS b ON b.code = p.code AND b.year = o.births_year
    GROUP BY p.level, p.place
)
SELECT p.level AS niveau, p.place AS code, 'population' AS chiffre, p.population AS somme,
    c.population AS communes_sommees
FROM place_profile AS p
LEFT JOIN counted AS c ON c.level = p.level AND c.place = p.place
WHERE p.communes IS DISTINCT FROM c.communes
   OR (p.population IS NULL) <> (c.population IS NULL) OR abs(p.population - c.population) > 0.5
UNION ALL
SELECT p.level, p.place, 'naissances', p.births, b.births
FROM place_profile AS p JOIN born AS b ON b.level = p.level AND b.place = p.place
WHERE abs(p.births - b.births) > 0.5
UNION ALL
-- A commune is in one place of a level at most: no child is counted twice in the table.
SELECT level, any_value(place), 'communes comptées deux fois', count(*), 1
FROM place_part GROUP BY level, code HAVING count(*) > 1;
