-- carry: one row per INSEE code that is no longer a commune → today's commune.
-- Each code follows its latest move until it reaches a commune of the COG; moves that create or
-- re-establish a commune (20, 21) leave the mother in place and are not followed.
CREATE TABLE carry AS
WITH RECURSIVE latest AS (
    SELECT code_before, code_after, name_before, date_eff, mod
    FROM stg.movement
    WHERE mod NOT IN (20, 21)
    QUALIFY row_number() OVER (PARTITION BY code_before ORDER BY date_eff DESC, code_after) = 1
),
walk AS (
    SELECT code_before AS code_old, name_before AS name_old, code_after AS code, date_eff, mod, 1 AS step
    FROM latest
    WHERE code_before NOT IN (SELECT code FROM stg.commune)
    UNION ALL
    SELECT w.code_old, w.name_old, l.code_after, l.date_eff, l.mod, w.step + 1
    FROM walk AS w
    JOIN latest AS l ON l.code_before = w.code
    WHERE w.code NOT IN (SELECT code FROM stg.commune) AND w.step < 20
)
SELECT code_old, name_old, code, date_eff, mod
FROM walk
WHERE code IN (SELECT code FROM stg.commune)
QUALIFY row_number() OVER (PARTITION BY code_old ORDER BY step DESC) = 1
UNION ALL
SELECT code AS code_old, name AS name_old, parent AS code, NULL AS date_eff, NULL AS mod
FROM stg.part_commune;

-- Under names of its own: a `code` given to the macro must never meet another one inside it.
CREATE TEMP TABLE carry_map AS SELECT code_old AS carry_from, code AS carry_to FROM carry;
CREATE TEMP MACRO current_code(given) AS coalesce((SELECT carry_to FROM carry_map WHERE carry_from = given), given);
