-- stg.travel_time: one row per line of the tables of travel times; minutes null when the file has
-- none. A trip that the territory gives is worth more than the same one computed by the road, of
-- which one mode alone is read, the car first.
CREATE TABLE stg.travel_time AS
SELECT trim(origin) AS origin, trim(destination) AS destination, stg.number(minutes) AS minutes,
    _file, _row
FROM raw.travel_time
UNION ALL
SELECT trim(r.origin), trim(r.destination), stg.number(r.minutes), r._file, r._row
FROM raw.road_time AS r ANTI JOIN raw.travel_time AS t
    ON trim(t.origin) = trim(r.origin) AND trim(t.destination) = trim(r.destination)
WHERE r.mode = (SELECT mode FROM raw.road_time ORDER BY mode <> 'car', mode LIMIT 1);

-- stg.demand_point: one row per place where children of a commune live, and its weight.
CREATE TABLE stg.demand_point AS
SELECT
    coalesce(stg.known(id), stg.insee(code) || '-' || row_number()
        OVER (PARTITION BY stg.insee(code) ORDER BY _file, _row)) AS id,
    stg.insee(code) AS code, stg.number(lon) AS lon, stg.number(lat) AS lat,
        stg.number(weight) AS weight, _file, _row
FROM raw.demand_point;
