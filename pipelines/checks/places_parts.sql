-- Les places publiées par mode totalisent l'offre totale de la commune.
WITH wide AS (
    SELECT code, year,
        max(places) FILTER (service = 'accueil_0_2') AS total,
        sum(places) FILTER (service IN ('eaje_psu', 'eaje_hors_psu', 'assistants_maternels', 'prescolarisation', 'garde_domicile')) AS parts,
        count(*) FILTER (service IN ('eaje_psu', 'eaje_hors_psu', 'assistants_maternels', 'prescolarisation', 'garde_domicile')) AS known
    FROM published_places GROUP BY ALL
)
SELECT code, year AS annee, total AS offre_totale, parts AS somme_des_modes
FROM wide WHERE known = 5 AND abs(total - parts) > 2;
