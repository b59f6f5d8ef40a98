-- age_piece: one row per commune inside × ages looked for × band that they are made of. The ages
-- are those of a public (`public`) or, up to 17, one year of age (`age`); `share` is how much of
-- the band's people they take: 3/5 of the 0 to 4 for the 0 to 2. The bands are chosen as for
-- public_count, whose amounts are Σ amount × share.
CREATE TABLE age_piece AS
WITH sought AS (
    SELECT id AS public, NULL AS age, first_age, next_age FROM public WHERE first_age IS NOT NULL
        AND id IN (SELECT public FROM public_count WHERE public <> 'tous')
    UNION ALL
    SELECT NULL, CAST(a AS INTEGER), a, a + 1 FROM range(18) AS r (a)
),
piece AS (
    SELECT
        b.code, s.public, s.age, b.band, b.first_age, b.next_age, b.amount, b.vintage,
        coalesce(a.rank, -1) AS rank, s.next_age - s.first_age AS years,
        least(b.next_age, s.next_age) - greatest(b.first_age, s.first_age) AS taken
    FROM stg.counted_band AS b
    SEMI JOIN perimeter AS p ON p.code = b.code
    LEFT JOIN age_band AS a ON a.band = b.band
    JOIN sought AS s ON b.first_age < s.next_age AND s.first_age < b.next_age
    WHERE b.amount IS NOT NULL AND (a.band IS NOT NULL OR b.next_age = b.first_age + 1)
),
-- One system of bands: the latest vintage that covers the ages, then the best one.
chosen AS (
    SELECT code, public, age, rank FROM piece
    GROUP BY code, public, age, rank
    HAVING sum(taken) = any_value(years)
    QUALIFY row_number() OVER (
        PARTITION BY code, public, age ORDER BY max(vintage) DESC, rank) = 1
)
SELECT p.code, p.public, p.age, p.band, p.first_age, p.next_age, p.amount,
    p.taken / (p.next_age - p.first_age) AS share, p.vintage
FROM piece AS p
JOIN chosen AS c ON c.code = p.code AND c.rank = p.rank
    AND c.public IS NOT DISTINCT FROM p.public AND c.age IS NOT DISTINCT FROM p.age
ORDER BY p.code, p.public, p.age, p.first_age;
