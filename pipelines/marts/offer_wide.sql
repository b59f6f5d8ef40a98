-- offer_wide: one row per offer, one column per offer: 1 on the diagonal, null elsewhere.
CREATE TABLE offer_wide AS
PIVOT (SELECT offer AS row_offer, offer AS offer FROM offer_key)
ON offer USING any_value(1.0::DOUBLE) GROUP BY row_offer;
