-- gap_as_of(d, custom, wanted): the rows of need_as_of with their gap, their rate, the rate that
-- the Caf publishes, and how many need definitions call the place short, of how many that can be
-- told.
CREATE MACRO gap_as_of(d, custom, wanted) AS TABLE
SELECT n.* EXCLUDE (counted, decimals), coalesce(c.name, t.name) AS name,
    r.rate AS published_rate, r.year AS published_year,
    n.supply - n.need AS gap, n.service IN (SELECT b.service FROM bpe_offer AS b) AS bpe,
    rate_of(n.supply, n.public, n.rate_per, n.suppressed_below) AS rate,
    n.public < n.suppressed_below AS suppressed, n.public < n.fragile_below AS fragile,
    count(*) FILTER (is_short(n.supply - n.need, n.decimals) AND n.counted) OVER slot
        AS deficit_count,
    count(*) FILTER (n.supply - n.need IS NOT NULL AND n.counted) OVER slot AS definition_count
FROM need_as_of(d, custom, wanted) AS n
CROSS JOIN territory AS t
LEFT JOIN commune AS c ON c.code = n.code
LEFT JOIN published_as_of(d, wanted) AS r
    ON r.service = n.service AND r.code IS NOT DISTINCT FROM n.code
WINDOW slot AS (PARTITION BY n.code, n.service, n.day_type);
