-- stg.bpe: one row per line of the BPE. A view: of millions of lines, the mart asks for a few.
CREATE MACRO stg.bpe_known(x) AS stg.known(nullif(nullif(trim(x), '_U'), '_Z'));
CREATE VIEW stg.bpe AS
SELECT
    stg.insee(code) AS code, upper(trim(type)) AS type,
    CASE WHEN length(v.vintage) = 2 THEN '20' || v.vintage
        ELSE nullif(v.vintage, '') END AS vintage,
    coalesce(stg.bpe_known(name), stg.bpe_known(more)) AS name, stg.bpe_known(siret) AS siret,
    -- INDIC_CAPA tells a capacity that was asked for from a cell that means nothing.
    CASE WHEN coalesce(trim(concerned), '1') <> '0'
        THEN nullif(stg.number(amount), 0) END AS amount,
    stg.number(lon) AS lon, stg.number(lat) AS lat,
    stg.number(x) AS x, stg.number(y) AS y, stg.bpe_known(epsg) AS epsg,
        stg.bpe_known(quality) AS quality,
    -- Drawn at random in the commune (33), or 500 m away and more: no position at all.
    coalesce(trim(found) = '33', false) OR coalesce(trim(precision) = '>= 500', false)
        OR (stg.bpe_known(found) IS NULL
            AND coalesce(lower(stg.bpe_known(quality)) IN ('m', 'mauvaise'), false)) AS astray,
    coalesce(trim(precision) = '[100 - 500[', false)
        OR coalesce(trim(found) IN ('12', '22'), false) AS within_500_m,
    _file, _row
FROM raw.bpe AS r, LATERAL (SELECT trim(r._vintage) AS vintage) AS v;

-- Lambert-93 metres to degrees (IGN constants; the latitude by its series, exact to a millimetre).
CREATE MACRO stg.lambert93_lon(x, y) AS
    3 + degrees(atan2(x - 700000, 12655612.049876 - y)) / 0.725607765053267;
CREATE MACRO stg.conformal_lat(x, y) AS
    2 * atan(pow(11754255.426096 / sqrt(pow(x - 700000, 2) + pow(y - 12655612.049876, 2)),
        1 / 0.725607765053267)) - pi() / 2;
CREATE MACRO stg.geodetic(phi) AS degrees(phi + 0.0033565514856 * sin(2 * phi)
    + 0.00000657187310 * sin(4 * phi) + 0.0000000176466 * sin(6 * phi));
CREATE MACRO stg.lambert93_lat(x, y) AS stg.geodetic(stg.conformal_lat(x, y));

-- UTM metres to degrees, on the same ellipsoid (Krüger's series, exact to a millimetre in its
-- zone).
CREATE MACRO stg.utm_xi(x, y) AS y / 6364902.16611274
    - 0.00083773216818623 * sin(2 * y / 6364902.16611274)
        * cosh(2 * (x - 500000) / 6364902.16611274)
    - 0.000000059061109218734 * sin(4 * y / 6364902.16611274)
        * cosh(4 * (x - 500000) / 6364902.16611274);
CREATE MACRO stg.utm_eta(x, y) AS (x - 500000) / 6364902.16611274
    - 0.00083773216818623 * cos(2 * y / 6364902.16611274)
        * sinh(2 * (x - 500000) / 6364902.16611274)
    - 0.000000059061109218734 * cos(4 * y / 6364902.16611274)
        * sinh(4 * (x - 500000) / 6364902.16611274);
CREATE MACRO stg.utm_lon(x, y, lon_0) AS lon_0 + degrees(atan2(sinh(stg.utm_eta(x, y)),
    cos(stg.utm_xi(x, y))));
CREATE MACRO stg.utm_lat(x,
    y) AS stg.geodetic(asin(sin(stg.utm_xi(x, y)) / cosh(stg.utm_eta(x, y))));
