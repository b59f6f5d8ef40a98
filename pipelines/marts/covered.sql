-- covered: one row per commune of the perimeter that the census speaks of or vouches for.
CREATE TABLE covered AS
SELECT code FROM perimeter
WHERE code IN (
    SELECT code FROM establishment WHERE service NOT IN (SELECT service FROM bpe_offer)
    UNION SELECT a.code FROM allocation AS a JOIN establishment AS e ON e.id = a.establishment
        WHERE e.service NOT IN (SELECT service FROM bpe_offer)
    UNION SELECT code FROM commune_total
    UNION SELECT current_code(code) FROM stg.covered
);
