-- Aucun assistant maternel n'est décrit plus finement que le total d'une commune.
SELECT e.id AS identifiant, e.service
FROM establishment AS e
LEFT JOIN service AS s ON s.id = e.service
WHERE s.grain IS DISTINCT FROM 'establishment'
   OR regexp_matches(lower(strip_accents(e.name)), 'assistante?s?\s+maternel');
