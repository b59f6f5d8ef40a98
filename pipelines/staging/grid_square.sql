-- stg.grid_square: one row per square of the grid × commune that it is in, with an equal part of
-- its children: the file does not say on which side they live, and contours may be missing or of
-- another year. x, y: its centre, in metres of its projection (`epsg`); all null where its name is
-- no square. A view: of the country, the mart asks for a territory.
CREATE VIEW stg.grid_square AS
WITH named AS (
    SELECT *, regexp_extract(trim(square), '(?i)^CRS(\d+)RES(\d+)mN(-?\d+)E(-?\d+)$',
            ['epsg', 'metres', 'north', 'east']) AS spot,
        regexp_replace(communes, '[^0-9A-Za-z]', '', 'g') AS joined
    FROM raw.grid_square
),
parted AS (
    SELECT *, list_distinct(regexp_extract_all(stg.code(joined, 5 * ceil(length(joined) / 5)),
        '.{5}')) AS codes
    FROM named
)
SELECT
    trim(square) AS id, upper(unnest(codes)) AS code,
    TRY_CAST(spot.epsg AS BIGINT) AS epsg,
    TRY_CAST(spot.east AS DOUBLE) + TRY_CAST(spot.metres AS DOUBLE) / 2 AS x,
    TRY_CAST(spot.north AS DOUBLE) + TRY_CAST(spot.metres AS DOUBLE) / 2 AS y,
    stg.number(children) / length(codes) AS children,
    stg.number(imputed) <> 0 AS imputed, _vintage AS vintage, _file, _row
FROM parted;
