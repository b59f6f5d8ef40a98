-- stg.bpe: one row per line of the BPE. A view: of millions of lines, the mart asks for a few.
CREATE MACRO stg.bpe_known(x) AS stg.known(nullif(nullif(trim(x), '_U'), '_Z'));
CREATE VIEW stg.bpe AS
SELECT
    stg.insee(code) AS code, upper(trim(type)) AS type,
    CASE WHEN length(v.vintage) = 2 THEN '20' || v.vintage ELSE nullif(v.vintage, '') END AS vintage,
    coalesce(stg.bpe_known(name), stg.bpe_known(more)) AS name, stg.bpe_known(siret) AS siret,
    nullif(stg.number(amount), 0) AS amount, stg.number(lon) AS lon, stg.number(lat) AS lat,
    stg.number(x) AS x, stg.number(y) AS y, stg.bpe_known(epsg) AS epsg, stg.bpe_known(quality) AS quality,
    _file, _row
FROM raw.bpe AS r, LATERAL (SELECT trim(r._vintage) AS vintage) AS v;

-- Lambert-93 metres to degrees (IGN constants; the latitude by its series, exact to a millimetre).
CREATE MACRO stg.lambert93_lon(x, y) AS
    3 + degrees(atan2(x - 700000, 12655612.049876 - y)) / 0.725607765053267;
CREATE MACRO stg.conformal_lat(x, y) AS
    2 * atan(pow(11754255.426096 / sqrt(pow(x - 700000, 2) + pow(y - 12655612.049876, 2)), 1 / 0.725607765053267)) - pi() / 2;
CREATE MACRO stg.lambert93_lat(x, y) AS degrees(
    stg.conformal_lat(x, y) + 0.0033565514856 * sin(2 * stg.conformal_lat(x, y))
    + 0.00000657187310 * sin(4 * stg.conformal_lat(x, y)) + 0.0000000176466 * sin(6 * stg.conformal_lat(x, y)));
