-- Chaque commune du périmètre est connue du code officiel géographique, une fois et une seule.
SELECT p.code, count(c.code) AS lignes
FROM perimeter AS p
LEFT JOIN commune AS c ON c.code = p.code AND c.inside
GROUP BY p.code
HAVING count(c.code) <> 1
UNION ALL
SELECT code, 0 FROM commune WHERE inside AND code NOT IN (SELECT code FROM perimeter);
