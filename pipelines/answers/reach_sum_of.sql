-- reach_sum_of(rows, codes): the accessible supply of some communes of a gap table that has it, as
-- one territory: what the children of all of them reach, A = Σ A_i P_i / P. One row per service ×
-- day type × need definition.
CREATE MACRO reach_sum_of(rows, codes) AS TABLE
WITH member AS (
    SELECT r.*, s.rate_per, b.suppressed_below
    FROM query_table(rows) AS r
    JOIN service AS s ON s.id = r.service
    JOIN public AS b ON b.id = s.public
    SEMI JOIN (SELECT unnest(codes) AS code) AS c ON c.code = r.code
)
SELECT service, day_type, definition,
    sum_if_known(COLUMNS('^access_\d+$') * public) / nullif(sum_if_known(public), 0),
    sum_if_known(access_supply) AS access_supply,
    sum_if_known(access_supply) - sum_if_known(need) AS access_gap,
    rate_of(sum_if_known(access_supply), sum_if_known(public), any_value(rate_per),
        CASE WHEN bool_and(access_suppressed) THEN any_value(suppressed_below) ELSE 0 END)
        AS access_rate,
    bool_and(access_suppressed) AND sum_if_known(public) < any_value(suppressed_below)
        AS access_suppressed,
    bool_or(edge) AS edge,
    sum_if_known(beyond * public) / nullif(sum_if_known(public), 0) AS beyond
FROM member
GROUP BY service, day_type, definition;
