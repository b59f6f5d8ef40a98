-- Chaque contour est une surface valide, d'une commune du périmètre, une fois et une seule.
SELECT code, count(*) AS contours, bool_and(valid) AS valide
FROM contour GROUP BY code
HAVING count(*) > 1 OR NOT bool_and(valid) OR code NOT IN (SELECT code FROM perimeter);
