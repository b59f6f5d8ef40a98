-- published_rate: one row a level × place × year × service, for the places of the perimeter.
CREATE TABLE published_rate AS
SELECT r.* EXCLUDE (_file)
FROM stg.published_rate AS r
WHERE level = 'nat'
    OR (level = 'reg' AND code IN (SELECT reg FROM commune WHERE inside))
    OR (level = 'dep' AND code IN (SELECT dep FROM commune WHERE inside))
    OR (level = 'epci' AND code IN (SELECT epci FROM commune WHERE inside))
    OR (level = 'com' AND code IN (SELECT code FROM commune WHERE inside))
ORDER BY level, code, service, year;

-- published_places: one row a commune inside × year × service.
CREATE TABLE published_places AS
SELECT p.* EXCLUDE (_file)
FROM stg.published_places AS p
SEMI JOIN perimeter USING (code)
ORDER BY code, service, year;
