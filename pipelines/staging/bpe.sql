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
