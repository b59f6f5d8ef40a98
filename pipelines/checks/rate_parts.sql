-- Les taux de couverture par mode totalisent le taux global publié, aux arrondis près.
WITH wide AS (
    SELECT level, code, year,
        max(rate) FILTER (service = 'accueil_0_2') AS total,
        sum(rate) FILTER (service IN ('eaje', 'assistants_maternels', 'prescolarisation', 'garde_domicile')) AS parts,
        count(*) FILTER (service IN ('eaje', 'assistants_maternels', 'prescolarisation', 'garde_domicile')) AS known
    FROM published_rate GROUP BY ALL
)
SELECT level AS niveau, code, year AS annee, total AS taux_global, parts AS somme_des_modes
FROM wide WHERE known = 4 AND abs(total - parts) > 0.5;
