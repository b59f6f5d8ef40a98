-- carry: one row per INSEE code that is no longer a commune → today's commune.
-- Each code follows its latest move until it reaches a commune of the COG; moves that create or
-- re-establish a commune (20, 21) leave the mother in place and are not followed. `ended` is the
-- last
-- day of the code's own territory (null: a municipal arrondissement, always a part).
CREATE TABLE carry AS
WITH RECURSIVE latest AS (
    SELECT code_before, code_after, name_before, date_eff, mod
    FROM stg.movement
    WHERE mod NOT IN (20, 21)
    QUALIFY row_number() OVER (PARTITION BY code_before ORDER BY date_eff DESC, code_after) = 1
),
walk AS (
    SELECT code_before AS code_old, name_before AS name_old, code_after AS code, date_eff, mod,
        1 AS step, date_eff AS ended
    FROM latest
    WHERE code_before NOT IN (SELECT code FROM stg.commune)
    UNION ALL
    SELECT w.code_old, w.name_old, l.code_after, l.date_eff, l.mod, w.step + 1, w.ended
    FROM walk AS w
    JOIN latest AS l ON l.code_before = w.code
    WHERE w.code NOT IN (SELECT code FROM stg.commune) AND w.step < 20
)
SELECT code_old, name_old, code, date_eff, mod, ended
FROM walk
WHERE code IN (SELECT code FROM stg.commune)
QUALIFY row_number() OVER (PARTITION BY code_old ORDER BY step DESC) = 1
UNION ALL
SELECT code AS code_old, name AS name_old, parent AS code, NULL AS date_eff, NULL AS mod,
    NULL AS ended
FROM stg.part_commune;

-- Under names of its own: a `code` given to the macro must never meet another one inside it.
CREATE TEMP TABLE carry_map AS SELECT code_old AS carry_from, code AS carry_to FROM carry;
CREATE TEMP MACRO current_code(given) AS coalesce((SELECT carry_to FROM carry_map WHERE carry_from
    = given), given);

-- A whole and its parts are never added: where a file tells of Paris, Lyon or Marseille, its rows
-- by
-- arrondissement are left. The same figure of two files is that of the newer: an old commune's last
-- one is already in what a later file says of today's commune.
DELETE FROM stg.age AS a USING stg.part_commune AS p, stg.age AS w
WHERE a.code = p.code AND w.code = p.parent AND w.band = a.band AND w.vintage = a.vintage;
DELETE FROM stg.population_year AS a USING stg.part_commune AS p, stg.population_year AS w
WHERE a.code = p.code AND w.code = p.parent AND w.vintage = a.vintage;
DELETE FROM stg.birth AS a USING carry AS c, stg.birth AS w
WHERE a.code = c.code_old AND w.code = c.code AND w.year = a.year
    AND (c.mod IS NULL OR w.vintage > a.vintage);
DELETE FROM stg.income AS a USING carry AS c, stg.income AS w
WHERE a.code = c.code_old AND w.code = c.code AND (c.mod IS NULL OR w.vintage > a.vintage);
DELETE FROM stg.commune_fact AS a USING carry AS c, stg.commune_fact AS w
WHERE a.code = c.code_old AND w.code = c.code AND (c.mod IS NULL OR w.vintage > a.vintage);
