-- commune: one row a commune of the perimeter (inside) and of its surroundings (about 30 km).
-- Several old communes that are one today are added up; what cannot be added (a median) is unknown.
CREATE TABLE commune AS
WITH fact AS (
    SELECT
        current_code(code) AS code, sum(area_km2) AS area_km2,
        arg_min(lon, (code <> current_code(code), code)) AS lon,
        arg_min(lat, (code <> current_code(code), code)) AS lat
    FROM stg.commune_fact GROUP BY 1
),
frame AS (
    SELECT min(lon) - 0.42 AS west, max(lon) + 0.42 AS east, min(lat) - 0.28 AS south, max(lat) + 0.28 AS north
    FROM fact SEMI JOIN perimeter USING (code)
),
wanted AS (
    SELECT code FROM perimeter
    UNION
    SELECT fact.code FROM fact, frame
    WHERE lon BETWEEN west AND east AND lat BETWEEN south AND north
),
population AS (
    SELECT current_code(code) AS code, sum(population) AS population, max(vintage) AS vintage
    FROM stg.population GROUP BY 1 HAVING count(*) = count(population)
),
income AS (
    SELECT current_code(code) AS code, any_value(median_eur) AS median_eur, max(vintage) AS vintage
    FROM stg.income GROUP BY 1 HAVING count(*) = 1
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
    c.code, c.name, c.dep, c.reg, m.siren AS epci, m.epci_name,
    c.code IN (SELECT code FROM perimeter) AS inside,
    p.population, p.vintage AS population_vintage, f.area_km2, f.lon, f.lat,
    i.median_eur AS median_income_eur, i.vintage AS income_vintage, b.births, b.year AS births_year
FROM stg.commune AS c
SEMI JOIN wanted AS w ON w.code = c.code
LEFT JOIN fact AS f ON f.code = c.code
LEFT JOIN population AS p ON p.code = c.code
LEFT JOIN income AS i ON i.code = c.code
LEFT JOIN birth AS b ON b.code = c.code
LEFT JOIN member AS m ON m.code = c.code
ORDER BY c.code;

-- birth: one row a commune inside × year.
CREATE TABLE birth AS
SELECT current_code(code) AS code, year, sum(births) AS births, max(vintage) AS vintage
FROM stg.birth
WHERE current_code(code) IN (SELECT code FROM perimeter) AND year IS NOT NULL
GROUP BY 1, 2
HAVING count(*) = count(births)
ORDER BY 1, 2;
