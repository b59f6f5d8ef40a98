-- resident: one row per sex × band of five years from 15 on, over the communes of the perimeter
-- that tell all of theirs, latest vintage; `communes` says how many do. The oldest band is open.
CREATE TABLE resident AS
WITH told AS (
    SELECT
        current_code(code) AS code, sex, amount, vintage,
        coalesce(first_age, 95) AS first_age, coalesce(next_age, 120) AS next_age
    FROM stg.age
    WHERE sex IN ('F', 'M')
        AND (first_age >= 15 AND next_age = first_age + 5 OR band = 'Y_GE95')
        AND current_code(code) IN (SELECT code FROM perimeter)
        -- An old commune counted in another has nothing of its own to add.
        AND NOT (elsewhere AND code <> current_code(code))
),
whole AS (
    SELECT code, max(vintage) AS vintage FROM told
    GROUP BY code
    HAVING count(*) = count(amount) AND min(vintage) = max(vintage)
        AND count(DISTINCT (sex, first_age)) = 2 * 17
)
SELECT t.sex, t.first_age, t.next_age, sum(t.amount) AS people,
    count(DISTINCT t.code) AS communes, max(t.vintage) AS vintage
FROM told AS t
JOIN whole AS w USING (code)
GROUP BY t.sex, t.first_age, t.next_age
ORDER BY t.sex, t.first_age;
