-- Chaque ligne du recensement est cohérente : service et statut connus, capacité positive, dates dans l'ordre, position en France.
SELECT id AS identifiant, service, status AS statut, amount AS capacite, opened AS ouverture, closed AS fermeture, lon, lat
FROM stg.capacity
WHERE service NOT IN (SELECT id FROM service)
   OR status NOT IN ('public', 'associatif', 'prive')
   OR amount < 0 OR closed < opened
   OR (lon IS NULL) <> (lat IS NULL) OR lon NOT BETWEEN -64 AND 56 OR lat NOT BETWEEN -22 AND 52
UNION ALL
SELECT id, string_agg(DISTINCT service, ', '), NULL, NULL, NULL, NULL, NULL, NULL
FROM stg.capacity GROUP BY id HAVING count(DISTINCT (service, code)) > 1
UNION ALL
SELECT s.id, 'communes desservies sans établissement', NULL, NULL, NULL, NULL, NULL, NULL
FROM stg.served AS s ANTI JOIN stg.capacity AS c ON c.id = s.id;
