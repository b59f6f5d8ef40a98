-- chosen_at(d, rule, wanted): one row per demand point × offer: Σ w R, NaN when places in reach are
-- unknown, of any rule; summed_at has the same sums sooner, where a rule is not of `choice`.
CREATE MACRO chosen_at(d, rule, wanted) AS TABLE
SELECT point, offer, sum(weight * coalesce(ratio, 'NaN'::DOUBLE)) AS access
FROM drawn_at(d, rule, wanted) GROUP BY point, offer;
