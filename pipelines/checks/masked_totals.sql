-- Aucun chiffre masqué n'est publié, et un total qui contient une commune masquée est arrondi et le dit.
SELECT t.code, t.service, t.valid_from AS depuis,
    'commune masquée avec un chiffre, une source ou des dates' AS motif
FROM commune_total AS t
JOIN masked AS m ON m.code = t.code AND m.service = t.service
WHERE NOT t.masked OR t.headcount IS NOT NULL OR t.places IS NOT NULL OR t.source IS NOT NULL
   OR t.source_date IS NOT NULL OR t.valid_to IS NOT NULL
UNION ALL
SELECT NULL, t.service, t.valid_from, 'total du territoire non arrondi'
FROM territory_total AS t
SEMI JOIN (SELECT service FROM masked SEMI JOIN perimeter USING (code)) AS m
    ON m.service = t.service
WHERE NOT t.rounded OR nearest(t.places) <> t.places OR nearest(t.headcount) <> t.headcount
UNION ALL
SELECT p.code, p.public, NULL, 'effectif d''une commune masquée parmi les publics'
FROM public_count AS p JOIN masked AS m ON m.code = p.code AND m.service = p.public;
