-- Tout code de commune d'un département du périmètre est au code officiel géographique, ou y a été reporté.
WITH used AS (
    SELECT 'popref' AS source, code FROM stg.population
    UNION SELECT 'rp_age', code FROM stg.age
    UNION SELECT 'naissances', code FROM stg.commune_fact
    UNION SELECT 'filosofi', code FROM stg.income
    UNION SELECT 'caf', code FROM stg.published_rate WHERE level = 'com'
    UNION SELECT 'caf', code FROM stg.published_places WHERE level = 'com'
    UNION SELECT 'dgcl', code FROM stg.membership
),
departement AS (SELECT DISTINCT dep FROM commune WHERE inside)
SELECT u.source, u.code
FROM used AS u
JOIN departement AS d ON starts_with(u.code, d.dep)
WHERE current_code(u.code) NOT IN (SELECT code FROM stg.commune)
-- Codes of départements that this COG file does not hold at all are not its to judge.
  AND EXISTS (SELECT 1 FROM stg.movement)
UNION
SELECT 'census', code FROM (SELECT code FROM stg.capacity UNION SELECT code
    FROM stg.served UNION SELECT code FROM stg.commune_total UNION SELECT code FROM stg.competence
    UNION SELECT code FROM stg.pupils)
WHERE current_code(code) NOT IN (SELECT code FROM stg.commune)
  AND (EXISTS (SELECT 1 FROM stg.movement)
      OR starts_with(code, (SELECT any_value(dep) FROM departement)));
