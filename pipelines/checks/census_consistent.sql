-- Chaque ligne du recensement est cohérente : service, statut et jour connus, capacité positive, dates dans l'ordre, position en France, dite une seule fois.
SELECT id AS identifiant, service, status AS statut, day_type AS jour, amount AS capacite,
    opened AS ouverture, closed AS fermeture, lon, lat
FROM stg.capacity
WHERE service NOT IN (SELECT id FROM service)
   OR status NOT IN ('public', 'associatif', 'prive')
   OR amount < 0 OR closed < opened
   OR (lon IS NULL) <> (lat IS NULL) OR lon NOT BETWEEN -64 AND 56 OR lat NOT BETWEEN -22 AND 52
UNION ALL
-- A day that the service does not have would leave its places out of every table.
SELECT c.id, c.service, 'jour non prévu pour ce service', c.day_type, c.amount, NULL, NULL, NULL,
    NULL
FROM stg.capacity AS c
JOIN service AS s ON s.id = c.service
ANTI JOIN offer AS o ON o.service = c.service AND o.day_type IS NOT DISTINCT FROM c.day_type
UNION ALL
SELECT id, any_value(service), 'deux capacités pour la même date', day_type, NULL, valid_from,
    NULL, NULL, NULL
FROM stg.capacity GROUP BY id, day_type, valid_from HAVING count(*) > 1
UNION ALL
SELECT id, string_agg(DISTINCT service, ', '), 'plusieurs services ou communes', NULL, NULL, NULL,
    NULL, NULL, NULL
FROM stg.capacity GROUP BY id HAVING count(DISTINCT (service, code)) > 1
UNION ALL
SELECT s.id, 'communes desservies sans établissement', NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM stg.served AS s ANTI JOIN stg.capacity AS c ON c.id = s.id;
