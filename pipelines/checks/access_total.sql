-- L'offre accessible, répartie entre les communes, totalise les places qui ont un enfant à leur portée.
SET VARIABLE default_rule = (SELECT r FROM weight_rule AS r WHERE r.by_default);
WITH sums AS (
    SELECT 0 AS within_minutes, *
    FROM summed_at(current_date, getvariable('default_rule'), NULL)
),
given AS (
    SELECT DISTINCT offer, site, establishment, amount
    FROM drawn_at(current_date, getvariable('default_rule'), NULL)
    WHERE potential > 0
),
received AS (
    SELECT k.offer, sum(a.access * n.amount / k.rate_per) AS supply,
        count(*) > count(a.access) AS has_unknown
    FROM access_of('sums', [0], current_date, NULL) AS a
    JOIN offer_key AS k ON k.service = a.service AND k.day_type IS NOT DISTINCT FROM a.day_type
    JOIN public_count AS n ON n.code = a.code AND n.public = k.public
    -- Who draws from no place counts for none.
    ANTI JOIN aside_as_of(current_date, NULL) AS s ON s.code = a.code AND s.offer = k.offer
    WHERE n.amount IS NOT NULL
    GROUP BY k.offer
)
SELECT k.service, k.day_type AS jour, sum(g.amount) AS places, any_value(r.supply) AS reparties
FROM given AS g
JOIN offer_key AS k ON k.offer = g.offer
JOIN received AS r ON r.offer = g.offer AND NOT r.has_unknown
GROUP BY ALL
HAVING count(*) = count(g.amount)
   AND abs(sum(g.amount) - any_value(r.supply)) > 1e-6 * (1 + sum(g.amount));
