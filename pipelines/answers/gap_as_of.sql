-- gap_as_of(d, custom, wanted): the rows of need_as_of with their gap, their rate, the rate that
-- the Caf publishes, and how many need definitions call the place short, of how many that can be
-- told.
CREATE MACRO gap_as_of(d, custom, wanted) AS TABLE
WITH needed AS MATERIALIZED (FROM need_as_of(d, custom, wanted)),
-- Counted apart, then joined: a window would sort every column of every row.
slot AS (
    SELECT code, service, day_type,
        count(*) FILTER (is_short(supply - need, decimals) AND counted) AS deficit_count,
        count(*) FILTER (supply - need IS NOT NULL AND counted) AS definition_count
    FROM needed GROUP BY code, service, day_type
)
SELECT n.* EXCLUDE (counted, decimals), coalesce(c.name, t.name) AS name,
    r.rate AS published_rate, r.year AS published_year,
    n.supply - n.need AS gap, n.service IN (SELECT b.service FROM bpe_offer AS b) AS bpe,
    rate_of(n.supply, n.public, n.rate_per, n.suppressed_below) AS rate,
    n.public < n.suppressed_below AS suppressed, n.public < n.fragile_below AS fragile,
    s.deficit_count, s.definition_count
FROM needed AS n
CROSS JOIN territory AS t
JOIN slot AS s ON s.code IS NOT DISTINCT FROM n.code AND s.service = n.service
    AND s.day_type IS NOT DISTINCT FROM n.day_type
LEFT JOIN commune AS c ON c.code = n.code
LEFT JOIN published_as_of(d, wanted) AS r
    ON r.service = n.service AND r.code IS NOT DISTINCT FROM n.code;
