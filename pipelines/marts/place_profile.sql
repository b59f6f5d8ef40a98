-- stg.place_member: one row per level (epci, dep, reg) × place of the files at hand × commune of
-- today. Départements and régions only where the COG is the whole country's: an extract would pass
-- a part off for the whole.
CREATE TABLE stg.place_member AS
SELECT DISTINCT 'epci' AS level, siren AS place, epci_name AS name, current_code(code) AS code
FROM stg.membership
WHERE vintage = coalesce((SELECT membership_vintage FROM territory),
    (SELECT max(vintage) FROM stg.membership))
UNION ALL
SELECT level, CASE level WHEN 'dep' THEN dep ELSE reg END, NULL, code
FROM stg.commune CROSS JOIN (VALUES ('dep'), ('reg')) AS v (level)
WHERE (SELECT count(*) FROM stg.commune) > 30000;

-- place_part: one row per level × place that lies whole in the perimeter × commune of it.
CREATE TABLE place_part AS
SELECT m.level, m.place, m.code
FROM stg.place_member AS m
ANTI JOIN (SELECT level, place FROM stg.place_member
    ANTI JOIN perimeter USING (code)) AS o ON o.level = m.level AND o.place = m.place
ORDER BY ALL;

-- epci_member: one row per EPCI of the files at hand × commune of today, of the whole country.
CREATE TABLE epci_member AS
SELECT place AS siren, code FROM stg.place_member WHERE level = 'epci' ORDER BY ALL;

-- place_profile: one row per level × place of the files at hand: what makes its demand, from the
-- figures of all of its communes of today; unknown where that of one of them is. A département and
-- a région have no name here: their code is named by who tells them.
CREATE TABLE place_profile AS
WITH member AS (FROM stg.place_member),
size AS (SELECT level, place, count(*) AS communes FROM member GROUP BY ALL),
child AS (
    SELECT current_code(code) AS code, band, vintage,
        coalesce(CASE WHEN count(*) FILTER (sex = '_T') = count(amount) FILTER (sex = '_T')
            THEN sum(amount) FILTER (sex = '_T') END,
            CASE WHEN count(amount) FILTER (sex IN ('F', 'M')) = 2 * count(DISTINCT code)
                THEN sum(amount) FILTER (sex IN ('F', 'M')) END) AS amount
    FROM stg.age
    WHERE band IN ('Y0T2', 'Y0', 'Y1', 'Y2', 'Y0T4')
        AND NOT (elsewhere AND code <> current_code(code))
    GROUP BY 1, band, vintage
    QUALIFY row_number() OVER (PARTITION BY current_code(code), band ORDER BY vintage DESC) = 1
),
-- The band itself, else its years, else three fifths of the five-year band, which is an estimate.
under3 AS (
    SELECT code, max(vintage) AS vintage,
        coalesce(max(amount) FILTER (band = 'Y0T2'),
            CASE WHEN count(amount) FILTER (band IN ('Y0', 'Y1', 'Y2')) = 3
                THEN sum(amount) FILTER (band IN ('Y0', 'Y1', 'Y2')) END) AS counted,
        coalesce(counted, 0.6 * max(amount) FILTER (band = 'Y0T4')) AS children
    FROM child GROUP BY code
),
births AS (
    SELECT m.level, m.place, b.year, sum(b.births) AS births
    FROM member AS m
    JOIN (SELECT current_code(code) AS code, year, sum(births) AS births FROM stg.birth
        GROUP BY 1, 2 HAVING count(*) = count(births)) AS b ON b.code = m.code
    JOIN size AS z ON z.level = m.level AND z.place = m.place
    GROUP BY m.level, m.place, b.year
    HAVING count(*) = any_value(z.communes)
),
born AS (
    SELECT level, place, max(year) AS year, arg_max(births, year) AS births FROM births GROUP BY ALL
),
-- Three years beside the three before them.
trend AS (
    SELECT level, place, last AS year,
        100 * (sum(births) FILTER (year > last - 3) / sum(births) FILTER (year <= last - 3) - 1)
            AS change_pct
    FROM (SELECT *, max(year) OVER (PARTITION BY level, place) AS last FROM births)
    WHERE year > last - 6
    GROUP BY level, place, last
    HAVING count(*) = 6
)
SELECT
    m.level, m.place, any_value(m.name) AS name, arg_max(f.dep, f.population) AS dep,
    count(*) AS communes,
    CASE WHEN count(*) = count(f.population) THEN sum(f.population) END AS population,
    CASE WHEN count(*) = count(f.population) AND count(*) = count(f.area_km2)
        THEN sum(f.population) / nullif(sum(f.area_km2), 0) END AS density,
    CASE WHEN count(*) = count(f.population) AND count(*) = count(u.children)
        THEN 100 * sum(u.children) / nullif(sum(f.population), 0) END AS share_under3,
    coalesce(bool_or(u.counted IS NULL AND u.children IS NOT NULL), false) AS share_estimated,
    any_value(t.change_pct) AS births_trend, any_value(n.births) AS births,
    any_value(n.year) AS births_year,
    -- The median of a whole is not told by its parts: the mean of theirs stands for it, where they
    -- are those of nearly everybody.
    CASE WHEN sum(f.population) FILTER (f.median_income_eur IS NOT NULL) >= 0.95 * sum(f.population)
        AND count(*) = count(f.population)
        THEN sum(f.median_income_eur * f.population)
            / sum(f.population) FILTER (f.median_income_eur IS NOT NULL) END AS income,
    CASE WHEN count(*) = count(f.population)
        THEN 100 * max(f.population) / nullif(sum(f.population), 0) END AS largest_commune,
    max(f.population_vintage) AS population_vintage, max(u.vintage) AS ages_vintage,
    any_value(t.year) AS trend_year, max(f.income_vintage) AS income_vintage
FROM member AS m
LEFT JOIN stg.commune_figure AS f ON f.code = m.code
LEFT JOIN under3 AS u ON u.code = m.code
LEFT JOIN trend AS t ON t.level = m.level AND t.place = m.place
LEFT JOIN born AS n ON n.level = m.level AND n.place = m.place
GROUP BY m.level, m.place
ORDER BY m.level, m.place;
