-- stg.commune_figure: one row per commune of the COG at hand: its EPCI and its figures.
-- Several old communes that are one today are added up; what cannot be added (a median) is unknown.
CREATE TABLE stg.commune_figure AS
WITH fact AS (
    SELECT
        current_code(code) AS code, sum(area_km2) AS area_km2,
        arg_min(lon, (code <> current_code(code), code)) AS lon,
        arg_min(lat, (code <> current_code(code), code)) AS lat
    FROM stg.commune_fact GROUP BY 1
),
population AS (
    -- One vintage at a time: an old commune's last figure is already in those of today's commune.
    SELECT current_code(code) AS code, vintage,
        CASE WHEN count(*) = count(population) THEN sum(population) END AS population,
        CASE WHEN count(*) = count(total_population) THEN sum(total_population) END
            AS total_population
    FROM stg.population_year GROUP BY current_code(code), vintage
    QUALIFY row_number() OVER (PARTITION BY current_code(code) ORDER BY vintage DESC) = 1
),
income AS (
    SELECT current_code(code) AS code, any_value(median_eur) AS median_eur, max(vintage) AS vintage
    FROM (SELECT * FROM stg.income QUALIFY vintage = max(vintage)
        OVER (PARTITION BY current_code(code)))
    GROUP BY 1 HAVING count(*) = 1
),
birth AS (
    SELECT current_code(code) AS code, year, sum(births) AS births
    FROM stg.birth GROUP BY 1, 2 HAVING count(*) = count(births)
    QUALIFY row_number() OVER (PARTITION BY current_code(code) ORDER BY year DESC) = 1
),
member AS (
    SELECT current_code(code) AS code, siren, epci_name
    FROM stg.membership
    QUALIFY row_number() OVER (
        PARTITION BY current_code(code)
        ORDER BY vintage = (SELECT membership_vintage FROM territory) DESC, vintage DESC, siren
    ) = 1
)
SELECT
    c.code, c.name, c.tncc, c.dep, c.reg, m.siren AS epci, m.epci_name,
    p.population, p.total_population, p.vintage AS population_vintage, f.area_km2, f.lon, f.lat,
    i.median_eur AS median_income_eur, i.vintage AS income_vintage, b.births, b.year AS births_year
FROM stg.commune AS c
LEFT JOIN fact AS f ON f.code = c.code
LEFT JOIN population AS p ON p.code = c.code
LEFT JOIN income AS i ON i.code = c.code
LEFT JOIN birth AS b ON b.code = c.code
LEFT JOIN member AS m ON m.code = c.code;

-- commune: one row per commune of the perimeter (inside) and of its surroundings (about 30 km).
CREATE TABLE commune AS
WITH frame AS (
    SELECT min(lon) - 0.42 AS west, max(lon) + 0.42 AS east, min(lat) - 0.28 AS south,
        max(lat) + 0.28 AS north
    FROM stg.commune_figure SEMI JOIN perimeter USING (code)
),
wanted AS (
    SELECT code FROM perimeter
    UNION
    SELECT f.code FROM stg.commune_figure AS f, frame
    WHERE f.lon BETWEEN west AND east AND f.lat BETWEEN south AND north
)
SELECT
    code, name, tncc, dep, reg, epci, epci_name, code IN (SELECT code FROM perimeter) AS inside,
    * EXCLUDE (code, name, tncc, dep, reg, epci, epci_name)
FROM stg.commune_figure SEMI JOIN wanted USING (code)
ORDER BY code;

-- birth: one row per commune inside × year.
CREATE TABLE birth AS
SELECT current_code(code) AS code, year, sum(births) AS births, max(vintage) AS vintage
FROM stg.birth
WHERE current_code(code) IN (SELECT code FROM perimeter) AND year IS NOT NULL
GROUP BY 1, 2
HAVING count(*) = count(births)
ORDER BY 1, 2;

-- population_year: one row per commune inside × vintage of the reference populations.
CREATE TABLE population_year AS
SELECT current_code(code) AS code, TRY_CAST(vintage AS INTEGER) AS year,
    sum(population) AS population
FROM stg.population_year
WHERE current_code(code) IN (SELECT code FROM perimeter)
GROUP BY 1, 2
HAVING count(*) = count(population) AND year IS NOT NULL
ORDER BY 1, 2;

-- area_count: one row per level (dep, nat) × place × measure × year: the sum of its communes of
-- today.
-- Only where the COG at hand is the whole country's, as an extract would pass a part off for the
-- whole, and where every commune is known.
CREATE TABLE area_count AS
WITH part AS (
    SELECT 'dep' AS level, dep AS place, code FROM stg.commune
    WHERE dep IN (SELECT dep FROM commune WHERE inside)
    UNION ALL
    SELECT 'nat', 'FR', code FROM stg.commune
),
figure AS (
    SELECT 'population' AS measure, current_code(code) AS code,
        TRY_CAST(vintage AS INTEGER) AS year,
        sum(population) AS amount
    FROM stg.population_year GROUP BY ALL HAVING count(*) = count(population)
    UNION ALL
    SELECT 'births', current_code(code), year, sum(births)
    FROM stg.birth GROUP BY ALL HAVING count(*) = count(births)
),
size AS (SELECT level, place, count(*) AS communes FROM part GROUP BY ALL)
SELECT p.level, p.place AS code, f.measure, f.year, sum(f.amount) AS amount
FROM part AS p
JOIN figure AS f ON f.code = p.code
JOIN size AS z ON z.level = p.level AND z.place = p.place
WHERE (SELECT count(*) FROM stg.commune) > 30000 AND f.year IS NOT NULL
GROUP BY p.level, p.place, f.measure, f.year
HAVING count(*) = any_value(z.communes)
ORDER BY ALL;
