-- Aucun assistant maternel n'est décrit plus finement que le total d'une commune.
WITH told AS (
    -- A relais is a public service, and may bear their name.
    SELECT id, service, regexp_replace(
        lower(strip_accents(concat_ws(' | ', name, manager, address))),
        '\b(relais|ram|rpe|rpam)\b[^|]{0,40}?\bass\w*\W{0,2}(e\W{0,2}|s\W{0,2})*mat\w*', '', 'g'
    ) AS text, concat_ws(' | ', name, manager, address, '') AS written
    FROM establishment
)
SELECT t.id AS identifiant, t.service
FROM told AS t
LEFT JOIN service AS s ON s.id = t.service
WHERE s.grain IS DISTINCT FROM 'establishment'
   OR regexp_matches(t.text, '\bassistant\W?e?\W?s?\W+maternel|\bass\W{0,2}mats?\b|\bnounous?\b|\bnourrices?\b|\bagree?(ment)? individuel')
   OR regexp_matches(t.written, '\bM\.?A\.?M\b\.?[^''’]');
