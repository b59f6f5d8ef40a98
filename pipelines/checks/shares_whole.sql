-- Les parts d'un établissement entre les communes qu'il dessert font un tout.
SELECT establishment AS identifiant, sum(share) AS somme
FROM allocation GROUP BY establishment HAVING abs(sum(share) - 1) > 1e-9;
