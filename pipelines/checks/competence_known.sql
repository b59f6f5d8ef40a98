-- Chaque compétence du recensement est prévue par la loi, dite une seule fois par commune, exercée par la commune, son EPCI ou un syndicat, et ne nomme personne.
SELECT code, competence AS competence, holder AS exercee_par,
    'compétence ou porteur inconnu' AS motif
FROM stg.competence
WHERE competence NOT IN (SELECT id FROM law_competence) OR holder NOT IN (SELECT id FROM law_holder)
   OR competence IS NULL OR holder IS NULL
UNION ALL
SELECT code, competence, string_agg(holder, ', ' ORDER BY holder), 'dite plusieurs fois'
FROM stg.competence GROUP BY code, competence HAVING count(*) > 1
UNION ALL
SELECT c.code, c.competence, c.holder, 'commune hors de tout EPCI'
FROM competence AS c SEMI JOIN outside_epci AS o ON o.code = c.code
WHERE c.holder = 'epci'
UNION ALL
SELECT code, competence, holder, 'la source décrit une personne'
FROM stg.competence WHERE childminder([source], 'rpe');
