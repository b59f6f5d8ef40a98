-- L'offre du territoire est la somme des capacités ouvertes, part des communes du périmètre.
WITH opened AS (
    SELECT o.service, o.day_type, sum(o.amount * a.share) AS amount
    FROM open_capacity(current_date) AS o
    JOIN allocation AS a ON a.establishment = o.establishment
    SEMI JOIN perimeter AS p ON p.code = a.code
    GROUP BY ALL HAVING count(*) = count(o.amount)
)
SELECT o.service, o.day_type AS jour, o.amount AS capacites, sum(s.supply) AS offre
FROM opened AS o
JOIN supply_as_of(current_date, NULL) AS s ON s.service = o.service AND s.day_type IS NOT DISTINCT
    FROM o.day_type
WHERE s.code IS NOT NULL
GROUP BY ALL HAVING sum(s.supply) IS NULL OR abs(sum(s.supply) - o.amount) > 1e-6;
