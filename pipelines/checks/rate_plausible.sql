-- Les taux publiés sont plausibles : de 0 à 400 places pour 100 enfants.
SELECT level AS niveau, code, service, year AS annee, rate AS taux
FROM published_rate WHERE rate < 0 OR rate > 400;
