-- La population des membres de l'EPCI totalise celle que la DGCL publie pour lui : aucune commune ne manque.
SELECT m.siren, m.vintage AS millesime, count(*) AS communes, sum(m.population) AS somme,
    max(m.epci_population) AS publie
FROM stg.membership AS m
JOIN territory AS t ON t.siren = m.siren AND t.membership_vintage = m.vintage
GROUP BY ALL
HAVING count(m.population) = count(*) AND abs(sum(m.population) - max(m.epci_population)) > 0.5;
