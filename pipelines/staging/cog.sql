-- stg.commune: one row per commune (TYPECOM = COM) of the latest COG at hand.
CREATE TABLE stg.commune AS
SELECT stg.insee(code) AS code, name, departement AS dep, region AS reg, _vintage AS vintage
FROM raw.cog_commune
WHERE type = 'COM'
QUALIFY _vintage = max(_vintage) OVER ()
    AND row_number() OVER (PARTITION BY stg.insee(code), _vintage ORDER BY _file, _row) = 1;

-- stg.part_commune: one row per municipal arrondissement (Paris, Lyon, Marseille) and its commune.
CREATE TABLE stg.part_commune AS
SELECT stg.insee(code) AS code, name, stg.insee(parent) AS parent, _vintage AS vintage
FROM raw.cog_commune
WHERE type = 'ARM'
QUALIFY _vintage = max(_vintage) OVER ()
    AND row_number() OVER (PARTITION BY stg.insee(code), _vintage ORDER BY _file, _row) = 1;

-- stg.movement: one row per move of one commune's code to another's.
CREATE TABLE stg.movement AS
SELECT DISTINCT
    CAST(mod AS INTEGER) AS mod, stg.day(date_eff) AS date_eff,
    stg.insee(code_before) AS code_before, name_before, stg.insee(code_after) AS code_after
FROM raw.cog_movement
WHERE type_before = 'COM' AND type_after = 'COM' AND code_before <> code_after
QUALIFY _vintage = max(_vintage) OVER ();
