-- Les places publiées par mode totalisent l'offre totale de la commune (hors rares exceptions, écartées).
SELECT code, year AS annee, whole AS offre_totale, parts AS somme_des_modes
FROM published_whole
WHERE doubtful AND measure = 'places' AND (
    -- Of one commune a single odd year is already more than one in a hundred.
    SELECT count(*) FILTER (doubtful) = count(*)
        OR count(*) FILTER (doubtful) > greatest(2, 0.01 * count(*))
    FROM published_whole WHERE measure = 'places');
