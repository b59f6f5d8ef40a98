-- Chaque total communal est d'un service connu par commune, à une date, positif, dit une seule fois, et ses places sont de celles que son effectif peut offrir.
SELECT t.code, t.service, t.valid_from AS depuis, t.headcount AS effectif, t.places
FROM stg.commune_total AS t
LEFT JOIN service AS s ON s.id = t.service
CROSS JOIN stg.secret_rule AS r
WHERE s.grain IS DISTINCT FROM 'commune' OR t.valid_from IS NULL OR t.headcount < 0 OR t.places < 0
   OR t.places > t.headcount * r.most_places
UNION ALL
SELECT code, service, valid_from, NULL, NULL
FROM stg.commune_total GROUP BY code, service, valid_from HAVING count(*) > 1;
