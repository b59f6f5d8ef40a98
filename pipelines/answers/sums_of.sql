-- sums_of(rows, parts): communes of a gap table added up as territories, one row per place ×
-- service × day type × need definition. `rows` names the table; `parts` lists {place, code}. What
-- is unknown in one commune is unknown in the sum; rates and targets are made anew from the sums.
CREATE MACRO sums_of(rows, parts) AS TABLE
WITH summed AS (
    SELECT c.place, r.service, r.day_type, r.definition, count(*) AS communes,
        sum_if_known(r.public) AS public, sum_if_known(r.supply) AS supply,
        sum_if_known(r.need) AS need, max(r.target_year) AS target_year,
        CASE WHEN count(*) = count(r.target) AND min(r.target) = max(r.target)
             THEN min(r.target) END AS shared_target,
        CASE WHEN count(*) = 1 THEN any_value(r.published_rate) END AS published_rate,
        CASE WHEN count(*) = 1 THEN any_value(r.published_year) END AS published_year,
        CASE WHEN count(DISTINCT r.public_vintage) = 1 THEN min(r.public_vintage) END
            AS public_vintage,
        bool_or(r.estimated) AS estimated, bool_or(r.resident) AS resident,
        bool_or(r.demonstration) AS demonstration,
        array_to_string(list_sort(list_distinct(flatten(list(string_split(r.unknown_parts, ' '))))),
            ' ') AS unknown_parts,
        bool_or(r.masked) AS masked, bool_or(r.bpe) AS bpe,
        coalesce(list(r.name ORDER BY r.code) FILTER (r.public IS NULL), []) AS public_unknown,
        coalesce(list(r.name ORDER BY r.code) FILTER (r.supply IS NULL), []) AS supply_unknown
    FROM query_table(rows) AS r
    JOIN (SELECT DISTINCT * FROM (SELECT unnest(parts, recursive := true))) AS c ON c.code = r.code
    GROUP BY c.place, r.service, r.day_type, r.definition
)
SELECT CAST(NULL AS VARCHAR) AS code, m.* EXCLUDE (shared_target, target_year),
    m.supply - m.need AS gap,
    rate_of(m.supply, m.public, s.rate_per, b.suppressed_below) AS rate,
    -- One target for all of them, else the one that their needs amount to.
    coalesce(m.shared_target, s.rate_per * m.need / nullif(m.public, 0)) AS target,
    CASE WHEN coalesce(m.shared_target, s.rate_per * m.need / nullif(m.public, 0)) IS NOT NULL
         THEN m.target_year END AS target_year,
    coalesce(m.public < b.suppressed_below, false) AS suppressed,
    coalesce(m.public < b.fragile_below, false) AS fragile,
    count(*) FILTER (is_short(m.supply - m.need, s.decimals) AND f.counted) OVER slot
        AS deficit_count,
    count(*) FILTER (m.supply - m.need IS NOT NULL AND f.counted) OVER slot AS definition_count
FROM summed AS m
JOIN service AS s ON s.id = m.service
JOIN offer AS o ON o.service = m.service AND o.day_type IS NOT DISTINCT FROM m.day_type
JOIN public AS b ON b.id = o.public
JOIN definition AS f ON f.service = m.service AND f.definition = m.definition
WINDOW slot AS (PARTITION BY m.place, m.service, m.day_type)
ORDER BY m.place, m.service, m.day_type, f.rank;
