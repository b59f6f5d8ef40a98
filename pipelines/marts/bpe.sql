-- bpe_row: one row per establishment of the BPE in the perimeter, of a service of the nomenclature.
-- The latest vintage of a département wins; a line that two files repeat counts once.
CREATE TABLE bpe_row AS
WITH kept AS (
    SELECT b.* REPLACE (current_code(b.code) AS code), s.service, s.counts, s.label,
        CASE WHEN starts_with(b.code, '97') THEN left(b.code, 3) ELSE left(b.code, 2) END AS dep
    FROM stg.bpe AS b
    JOIN service_bpe AS s ON s.type = b.type
    WHERE current_code(b.code) IN (SELECT code FROM perimeter)
    QUALIFY coalesce(b.vintage, '') = max(coalesce(b.vintage, '')) OVER (PARTITION BY dep)
),
-- Metres without EPSG are in the projection of their territory: before 2024 nothing else says it.
located AS (
    SELECT k.* EXCLUDE (lon, lat), h AS home,
        CASE WHEN k.lon IS NOT NULL AND k.lat IS NOT NULL THEN {'lon': k.lon, 'lat': k.lat}
            ELSE position_of(k.x, k.y, coalesce(p.epsg, 2154)) END AS place,
        coalesce(siret, left(md5(concat_ws('|', k.code, k.name, k.lon, k.lat, x, y)), 14)) AS key
    FROM kept AS k
    LEFT JOIN stg.zone AS h ON h.prefix = CASE WHEN starts_with(k.code, '97') THEN left(k.code, 3)
        ELSE '' END
    LEFT JOIN (SELECT DISTINCT epsg FROM stg.zone) AS p
        ON p.epsg = coalesce(TRY_CAST(nullif(regexp_extract(k.epsg, '[0-9]{4,5}'), '') AS INTEGER),
            h.epsg)
),
-- A point is one when it is not drawn at random, lies in its territory and not far from its town
-- hall.
placed AS (
    SELECT d.* EXCLUDE (home, place),
        CASE WHEN sound THEN place.lon END AS lon, CASE WHEN sound THEN place.lat END AS lat
    FROM (
        SELECT l.*, NOT l.astray AND place.lon BETWEEN home.west AND home.east
            AND place.lat BETWEEN home.south AND home.north
            AND coalesce(111.2 * sqrt(
                pow(place.lat - c.lat, 2) + pow((place.lon - c.lon) * cos(radians(place.lat)), 2))
                <= greatest(10, 4 * sqrt(coalesce(c.area_km2, 100) / pi())), true) AS sound
        FROM located AS l
        LEFT JOIN commune AS c ON c.code = l.code
    ) AS d
),
copied AS (
    SELECT *, row_number() OVER (PARTITION BY _file, type, key, code, name, lon, lat, amount
        ORDER BY _row) AS copy
    FROM placed
),
once AS (
    SELECT type, key, code, service, counts, label, vintage, name, lon, lat, amount,
        any_value(quality) AS quality, bool_or(within_500_m) AS within_500_m, copy
    FROM copied GROUP BY ALL
)
SELECT
    'BPE-' || type || '-' || key || CASE WHEN count(*) OVER same > 1 THEN '-' || row_number()
        OVER same_in_order ELSE '' END AS id,
    type, service, code, coalesce(name, label || ' (BPE)') AS name,
    CASE counts WHEN 'capacity' THEN amount WHEN 'one' THEN 1 END AS amount, lon, lat, quality,
        within_500_m, vintage,
    -- An assistant maternel is a private person; a relais may bear their name.
    childminder([name], service) AS refused
FROM once
WINDOW same AS (PARTITION BY type, key),
    same_in_order AS (PARTITION BY type, key ORDER BY code, name, lon, lat, amount, copy)
ORDER BY id;
CREATE TABLE bpe_refused AS SELECT type, code, vintage, count(*) AS rows FROM bpe_row WHERE refused
    GROUP BY ALL;
DELETE FROM bpe_row WHERE refused;
ALTER TABLE bpe_row DROP refused;

-- bpe_match: one row per line of the BPE, with the establishment of the census that it is, or null.
-- Within 150 m, of the same service or of one in the same group (eaje), nearest first, one to one:
-- at each round, the pairs that are the best of both their ends are married.
CREATE TABLE bpe_match AS
WITH RECURSIVE kin AS (
    SELECT id AS service, id AS other, 0 AS rank FROM service
    UNION
    SELECT a.part, b.part, 1 FROM service_part AS a
    JOIN service_part AS b ON b.service = a.service AND b.part <> a.part
),
near AS (
    SELECT b.id AS bpe, e.id AS establishment, k.rank,
        2 * 6371008.8 * asin(least(1, sqrt(pow(sin(radians(e.lat - b.lat) / 2), 2)
            + cos(radians(b.lat)) * cos(radians(e.lat))
                * pow(sin(radians(e.lon - b.lon) / 2), 2)))) AS metres
    FROM (SELECT *, unnest([-1, 0, 1]) AS band FROM bpe_row) AS b
    JOIN kin AS k ON k.service = b.service
    JOIN establishment AS e ON e.service = k.other AND e.position IS DISTINCT FROM 'approximate'
        AND floor(e.lat * 500) = floor(b.lat * 500) + b.band
    WHERE abs(e.lon - b.lon) < 0.01
),
round AS (
    SELECT bpe, establishment, rank, metres, false AS married FROM near WHERE metres <= 150
    UNION ALL
    SELECT bpe, establishment, rank, metres, best FROM (
        SELECT *, bool_or(best) OVER (PARTITION BY bpe) OR bool_or(best)
            OVER (PARTITION BY establishment) AS taken
        FROM (
            SELECT *, row_number() OVER (PARTITION BY bpe ORDER BY rank, metres, establishment) = 1
                AND row_number() OVER (PARTITION BY establishment ORDER BY rank, metres, bpe)
                    = 1 AS best
            FROM round WHERE NOT married
        )
    ) WHERE best OR NOT taken
)
SELECT b.id AS bpe, r.establishment, r.metres
FROM bpe_row AS b LEFT JOIN round AS r ON r.bpe = b.id AND r.married
ORDER BY 1;

-- bpe_offer: one row per service whose supply comes from the BPE, for want of any line of the
-- census in the perimeter; composites too.
CREATE TABLE bpe_offer AS
WITH counted AS (
    SELECT e.service FROM establishment AS e LEFT JOIN stg.served AS v ON v.id = e.id
    WHERE e.code IN (SELECT code FROM perimeter)
        OR current_code(v.code) IN (SELECT code FROM perimeter)
),
filled AS (
    SELECT b.service, max(b.vintage) AS vintage
    FROM bpe_row AS b JOIN bpe_match AS m ON m.bpe = b.id AND m.establishment IS NULL
    WHERE b.service NOT IN (SELECT service FROM counted) GROUP BY ALL
)
SELECT p.service, max(f.vintage) AS vintage FROM filled AS f JOIN service_part AS p ON p.part
    = f.service GROUP BY ALL ORDER BY 1;

INSERT INTO establishment BY NAME
SELECT b.id, b.name, b.service, b.code, b.lon, b.lat, concat_ws(' ', 'BPE', b.vintage) AS source,
    CASE WHEN b.lon IS NOT NULL THEN CASE WHEN b.within_500_m THEN 'geocoded'
    ELSE 'exact' END END AS position,
    false AS demonstration, b.id AS site
FROM bpe_row AS b JOIN bpe_match AS m ON m.bpe = b.id AND m.establishment IS NULL
SEMI JOIN bpe_offer AS o ON o.service = b.service;

INSERT INTO capacity BY NAME
SELECT b.id AS establishment, o.day_type, b.amount, DATE '1900-01-01' AS valid_from
FROM bpe_row AS b SEMI JOIN establishment AS e ON e.id = b.id
JOIN offer AS o ON o.service = b.service;
