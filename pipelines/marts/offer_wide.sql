-- offer_wide: one row per offer of a service that somebody offers, on whatever days; one column per
-- such offer: 1 on the diagonal, null elsewhere. Sums over the pairs are as wide as it: a service
-- that nobody offers has no column, but that one column is always there.
CREATE TABLE offer_wide AS
PIVOT (
    SELECT offer AS row_offer, offer AS offer FROM offer_key AS k
    WHERE offer = (SELECT min(offer) FROM offer_key)
        OR k.service IN (SELECT service FROM establishment)
        OR k.day_type IS NULL AND k.service IN (SELECT service FROM commune_total)
)
ON offer USING any_value(1.0::DOUBLE) GROUP BY row_offer;
