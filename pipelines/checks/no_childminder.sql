-- Aucun assistant maternel n'est décrit plus finement que le total d'une commune.
SELECT e.id AS identifiant, e.service
FROM establishment AS e
LEFT JOIN service AS s ON s.id = e.service
WHERE s.grain IS DISTINCT FROM 'establishment'
   OR childminder([e.id, e.name, e.manager, e.address], coalesce(e.service, ''));
