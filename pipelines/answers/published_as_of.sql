-- published_as_of(d, wanted): one row per commune inside × service with a published rate, and one
-- per service for the territory (code is null): its EPCI's, its département's, France's, or its
-- only commune's. `wanted`: a service; null is all of them.
CREATE MACRO published_as_of(d, wanted) AS TABLE
WITH own AS (
    SELECT CASE kind WHEN 'epci' THEN 'epci' WHEN 'departement' THEN 'dep' WHEN 'france' THEN 'nat'
                     ELSE 'com' END AS level,
        CASE kind WHEN 'epci' THEN siren WHEN 'france' THEN 'FR'
                  WHEN 'departement' THEN (SELECT any_value(dep) FROM commune WHERE inside)
                  ELSE (SELECT any_value(code) FROM perimeter HAVING count(*) = 1) END AS code
    FROM territory
)
SELECT r.code, r.service, r.rate, r.year
FROM reference_as_of(d, wanted) AS r
SEMI JOIN perimeter AS p ON p.code = r.code
WHERE r.level = 'com'
UNION ALL
SELECT NULL, r.service, r.rate, r.year
FROM reference_as_of(d, wanted) AS r
JOIN own AS o ON o.level = r.level AND o.code = r.code;
