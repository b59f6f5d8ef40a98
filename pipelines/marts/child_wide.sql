-- child_wide: one row per demand point, one column per public: its children there. Wide, as
-- offer_wide, everything is summed in one pass over the pairs.
CREATE TABLE child_wide AS
PIVOT (
    SELECT p.point, k.public_number, n.amount * p.share AS children
    FROM demand_point AS p CROSS JOIN (SELECT DISTINCT public, public_number FROM offer_key) AS k
    LEFT JOIN public_count AS n ON n.code = p.code AND n.public = k.public
) ON public_number USING coalesce(any_value(children), 0) GROUP BY point ORDER BY point;
