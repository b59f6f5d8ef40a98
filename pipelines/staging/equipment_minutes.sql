-- stg.equipment_minutes: one row per line of Insee's minutes to the nearest equipment: a square of
-- the commune, or the whole of it, × type. `square` null where the file names none. A view: of a
-- région, the mart asks for a territory.
CREATE VIEW stg.equipment_minutes AS
SELECT
    stg.insee(code) AS code, upper(trim(type)) AS type, stg.number(minutes) AS minutes,
    stg.number(people) AS people,
    coalesce(nullif(trim(square), ''), trim(x) || ' ' || trim(y)) AS square,
    _vintage AS vintage, _file, _row
FROM raw.equipment_minutes;
