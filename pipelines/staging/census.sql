-- stg.capacity: one row per establishment × day type × date from which its capacity holds.
CREATE TABLE stg.capacity AS
SELECT
    id, name, service, status, stg.known(manager) AS manager, stg.insee(code) AS code,
    stg.known(address) AS address, stg.number(lon) AS lon, stg.number(lat) AS lat,
    stg.known(day_type) AS day_type, stg.number(amount) AS amount,
    coalesce(stg.day(valid_from), stg.day(opened), DATE '1900-01-01') AS valid_from,
    stg.day(opened) AS opened, stg.day(closed) AS closed,
    source, stg.day(source_date) AS source_date, demonstration = 'oui' AS demonstration,
    stg.known(position) AS position, stg.number(position_score) AS position_score,
    stg.number(occupancy) AS occupancy, stg.number(unmet) AS unmet,
    stg.known(atypical) = 'oui' AS atypical, stg.known(disability) = 'oui' AS disability,
    stg.day(funding_end) AS funding_end
FROM raw.census_establishment;

-- stg.served: one row per establishment × commune that it serves.
CREATE TABLE stg.served AS
SELECT DISTINCT id, stg.insee(code) AS code FROM raw.census_served;

-- stg.commune_total: one row per commune × service × date from which the total holds.
CREATE TABLE stg.commune_total AS
SELECT
    stg.insee(code) AS code, service, stg.number(headcount) AS headcount,
    stg.number(places) AS places, stg.day(valid_from) AS valid_from,
    source, stg.day(source_date) AS source_date, demonstration = 'oui' AS demonstration
FROM raw.census_total;

-- stg.covered: one row per commune that the census vouches for, with or without establishment.
CREATE TABLE stg.covered AS
SELECT DISTINCT stg.insee(code) AS code FROM raw.census_covered;

-- stg.competence: one row per commune × competence that the census tells who exercises.
CREATE TABLE stg.competence AS
SELECT
    stg.insee(code) AS code, competence, holder, stg.day(since) AS since,
    stg.known(source) AS source, stg.day(source_date) AS source_date
FROM raw.census_competence;

-- stg.pupils: one row per commune × date from which its schools have so many pupils.
CREATE TABLE stg.pupils AS
SELECT
    stg.insee(code) AS code, stg.number(amount) AS amount, stg.day(valid_from) AS valid_from,
    demonstration = 'oui' AS demonstration
FROM raw.census_pupils;
