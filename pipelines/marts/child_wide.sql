-- child_wide: one row per demand point, one column per set of children: those there who may draw
-- from its offers. Wide, as offer_wide, everything is summed in one pass over the pairs.
CREATE TABLE child_wide AS
PIVOT (
    SELECT p.point, k.child_set,
        CASE WHEN i.code IS NOT NULL OR p.code IN (
                SELECT code FROM known_around AS o WHERE o.service = k.service
                    AND o.day_type IS NOT DISTINCT FROM k.day_type)
        THEN n.amount * p.share END AS children
    FROM demand_point AS p
    CROSS JOIN (FROM offer_key QUALIFY row_number() OVER (PARTITION BY child_set
        ORDER BY offer) = 1) AS k
    LEFT JOIN perimeter AS i ON i.code = p.code
    LEFT JOIN public_count AS n ON n.code = p.code AND n.public = k.public
) ON child_set USING coalesce(any_value(children), 0) GROUP BY point ORDER BY point;
