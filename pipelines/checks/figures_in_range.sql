-- Tout chiffre publié est plausible : une population de 0 à 3 000 000 d'habitants, une mairie dans sa partie de la France.
WITH figure AS (
    SELECT _source, _file, _row, code, 'PMUN' AS heading, population AS text, 0 AS least,
        3e6 AS most FROM raw.popref
    UNION ALL SELECT _source, _file, _row, code, 'OBS_VALUE', value, 0, 3e6 FROM raw.rp_age
        WHERE object IN ('COM', 'ARM')
    UNION ALL SELECT _source, _file, _row, code, 'naissances', births, 0, 1e5 FROM raw.commune_facts
    UNION ALL SELECT _source, _file, _row, code, 'OBS_VALUE', births, 0, 1e5 FROM raw.birth_series
        WHERE object IN ('COM', 'ARM')
    UNION ALL SELECT _source, _file, _row, code, 'superficie_km2', area_km2, 0, 19000
        FROM raw.commune_facts
    UNION ALL SELECT _source, _file, _row, code, 'revenu médian', median_eur, 1000, 200000
        FROM raw.filosofi
)
SELECT _source AS source, _file AS fichier, _row + 1 AS ligne, code, heading AS colonne,
    text AS valeur
FROM figure WHERE stg.number(text) NOT BETWEEN least AND most
UNION ALL
SELECT f._source, f._file, f._row + 1, f.code, 'lat, lng', concat_ws(' ; ', f.lat, f.lon)
FROM raw.commune_facts AS f
JOIN stg.zone AS z ON z.prefix = CASE WHEN left(stg.insee(f.code), 2) IN ('97', '98')
    THEN left(stg.insee(f.code), 3) ELSE '' END
WHERE stg.number(f.lon) NOT BETWEEN z.west AND z.east OR stg.number(f.lat) NOT BETWEEN z.south
    AND z.north;
