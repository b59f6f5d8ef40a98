-- stg.counted_band: one row per commune (perimeter and surroundings) × band or year of age, latest
-- vintage; an unknown amount is null.
CREATE TABLE stg.counted_band AS
SELECT
    current_code(code) AS code, band, first_age, next_age, vintage,
    -- Both sexes when the total is not published; a missing sex leaves the band unknown.
    coalesce(CASE WHEN count(*) FILTER (sex = '_T') = count(amount) FILTER (sex = '_T')
        THEN sum(amount) FILTER (sex = '_T') END,
             CASE WHEN count(amount) FILTER (sex IN ('F', 'M')) = 2 * count(DISTINCT code)
                  THEN sum(amount) FILTER (sex IN ('F', 'M')) END) AS amount
FROM stg.age
WHERE current_code(code) IN (SELECT code FROM commune)
    -- An old commune counted in another has nothing of its own to add.
    AND NOT (elsewhere AND code <> current_code(code))
GROUP BY current_code(code), band, first_age, next_age, vintage
-- An old commune's last figure is already in those of today's commune.
QUALIFY row_number() OVER (PARTITION BY current_code(code), band ORDER BY vintage DESC) = 1;

-- public_count: one row per commune (perimeter and surroundings) × public counted by age, of all
-- inhabitants, or counted by a source (the latest year published of the commune, be it unknown);
-- publics counted by the census are added by public_as_of. Ages
-- come from the latest vintage, then from the best system of bands that covers the public; a band
-- cut by the public's limits is spread evenly over its years and marks the figure as an estimate.
CREATE TABLE public_count AS
WITH covered AS (
    SELECT
        b.code, p.id AS public, coalesce(a.rank, -1) AS rank,
            any_value(p.next_age - p.first_age) AS years,
        sum(least(b.next_age, p.next_age) - greatest(b.first_age, p.first_age)) AS years_covered,
        sum(b.amount * (least(b.next_age, p.next_age) - greatest(b.first_age, p.first_age))
            / (b.next_age - b.first_age)) AS amount,
        bool_or(b.first_age < p.first_age OR b.next_age > p.next_age) AS estimated,
        max(b.vintage) AS vintage
    FROM stg.counted_band AS b
    LEFT JOIN age_band AS a ON a.band = b.band
    JOIN public AS p ON b.first_age < p.next_age AND p.first_age < b.next_age
    -- Single years of age are better than any band.
    WHERE b.amount IS NOT NULL AND (a.band IS NOT NULL OR b.next_age = b.first_age + 1)
    GROUP BY ALL
)
SELECT code, public, amount, estimated, vintage
FROM covered
WHERE years_covered = years
QUALIFY row_number() OVER (PARTITION BY code, public ORDER BY vintage DESC, rank) = 1
UNION ALL
SELECT code, 'tous', population, false, population_vintage
FROM commune WHERE population IS NOT NULL
UNION ALL
SELECT code, public, amount, false, vintage
FROM (
    SELECT code, service AS public, value AS amount, CAST(year AS TEXT) AS vintage
    FROM stg.com_figure SEMI JOIN commune USING (code)
    WHERE measure = 'count' AND service IN (SELECT id FROM public)
    QUALIFY row_number() OVER (PARTITION BY code, service ORDER BY year DESC) = 1
)
WHERE amount IS NOT NULL
ORDER BY code, public;
