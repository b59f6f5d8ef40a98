-- offer_wide: one row per offer that somebody offers, one column per such offer: 1 on the diagonal,
-- null elsewhere. Sums over the pairs are as wide as it: what nobody offers has no column, but that
-- one column is always there.
CREATE TABLE offer_wide AS
PIVOT (
    SELECT offer AS row_offer, offer AS offer FROM offer_key AS k
    WHERE offer = (SELECT min(offer) FROM offer_key)
        OR EXISTS (
            SELECT 1 FROM establishment AS e JOIN capacity AS c ON c.establishment = e.id
            WHERE e.service = k.service AND c.day_type IS NOT DISTINCT FROM k.day_type)
        OR k.day_type IS NULL AND k.service IN (SELECT service FROM commune_total)
)
ON offer USING any_value(1.0::DOUBLE) GROUP BY row_offer;
