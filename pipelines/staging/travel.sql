-- stg.travel_time: one row per line of the table of travel times; minutes null when the file has
-- none.
CREATE TABLE stg.travel_time AS
SELECT trim(origin) AS origin, trim(destination) AS destination, stg.number(minutes) AS minutes,
    _file, _row
FROM raw.travel_time;

-- stg.demand_point: one row per place where children of a commune live, and its weight.
CREATE TABLE stg.demand_point AS
SELECT
    coalesce(stg.known(id), stg.insee(code) || '-' || row_number()
        OVER (PARTITION BY stg.insee(code) ORDER BY _file, _row)) AS id,
    stg.insee(code) AS code, stg.number(lon) AS lon, stg.number(lat) AS lat,
        stg.number(weight) AS weight, _file, _row
FROM raw.demand_point;
