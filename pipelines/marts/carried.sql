-- carried: one row per source table × old code that was carried to a commune of the perimeter.
CREATE TABLE carried AS
WITH used AS (
    SELECT 'dgcl' AS source, code FROM stg.membership
    UNION SELECT 'popref', code FROM stg.population
    UNION SELECT 'rp_age', code FROM stg.age
    UNION SELECT 'naissances', code FROM stg.commune_fact
    UNION SELECT 'naissances', code FROM stg.birth
    UNION SELECT 'filosofi', code FROM stg.income
    UNION SELECT 'caf', code FROM stg.published_rate WHERE level = 'com'
    UNION SELECT 'caf', code FROM stg.published_places WHERE level = 'com'
    UNION SELECT 'caf', code FROM stg.published_count
    UNION SELECT 'census', code FROM stg.capacity
    UNION SELECT 'bpe', code FROM stg.bpe
    UNION SELECT 'census', code FROM stg.served
    UNION SELECT 'census', code FROM stg.commune_total
    UNION SELECT source, code_read FROM stg.contour_read
)
SELECT u.source, c.code_old, c.name_old, c.code, c.date_eff, c.mod
FROM used AS u
JOIN carry AS c ON c.code_old = u.code
SEMI JOIN perimeter AS p ON p.code = c.code
ORDER BY ALL;
