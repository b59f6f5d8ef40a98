-- Les taux de couverture par mode totalisent le taux global publié, aux arrondis près (hors rares exceptions, écartées).
SELECT level AS niveau, code, year AS annee, whole AS taux_global, parts AS somme_des_modes
FROM published_whole
WHERE doubtful AND measure = 'rate' AND (
    -- Of one commune a single odd year is already more than one in a hundred.
    SELECT count(*) FILTER (doubtful) = count(*)
        OR count(*) FILTER (doubtful) > greatest(2, 0.01 * count(*))
    FROM published_whole WHERE measure = 'rate');
