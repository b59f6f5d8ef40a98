-- Toute valeur publiée est un nombre, ou une marque connue de valeur non publiée.
WITH value AS (
    SELECT _source, _file, _row, 'PMUN' AS heading, population AS text FROM raw.popref
    UNION ALL SELECT _source, _file, _row, 'OBS_VALUE', value FROM raw.rp_age
    UNION ALL SELECT _source, _file, _row, 'naissances', births FROM raw.commune_facts
    UNION ALL SELECT _source, _file, _row, 'lat', lat FROM raw.commune_facts
    UNION ALL SELECT _source, _file, _row, 'lng', lon FROM raw.commune_facts
    UNION ALL SELECT _source, _file, _row, 'OBS_VALUE', births FROM raw.birth_series
    UNION ALL SELECT _source, _file, _row, 'revenu médian', median_eur FROM raw.filosofi
    UNION ALL SELECT _source, _file, _row, 'taux', total FROM raw.caf_rate
    UNION ALL SELECT _source, _file, _row, 'taux EAJE', eaje FROM raw.caf_rate
    UNION ALL SELECT _source, _file, _row, 'taux assistants maternels', assistants_maternels
        FROM raw.caf_rate
    UNION ALL SELECT _source, _file, _row, 'taux préscolarisation', prescolarisation
        FROM raw.caf_rate
    UNION ALL SELECT _source, _file, _row, 'taux garde à domicile', garde_domicile FROM raw.caf_rate
    UNION ALL SELECT _source, _file, _row, 'places', total FROM raw.caf_places
    UNION ALL SELECT _source, _file, _row, heading, text
        FROM (UNPIVOT raw.caf_households ON COLUMNS(* EXCLUDE (year, level, code, _source, _file,
            _vintage, _row)) INTO NAME heading VALUE text)
    UNION ALL SELECT _source, _file, _row, 'capacite', amount FROM raw.census_establishment
    UNION ALL SELECT _source, _file, _row, 'longitude', lon FROM raw.census_establishment
    UNION ALL SELECT _source, _file, _row, 'latitude', lat FROM raw.census_establishment
    UNION ALL SELECT _source, _file, _row, 'effectif', headcount FROM raw.census_total
    UNION ALL SELECT _source, _file, _row, 'places', places FROM raw.census_total
    UNION ALL SELECT _source, _file, _row, 'eleves', amount FROM raw.census_pupils
    UNION ALL SELECT _source, _file, _row, 'duree', minutes FROM raw.equipment_minutes
    UNION ALL SELECT _source, _file, _row, 'ind_0_3', children FROM raw.grid_square
)
SELECT _source AS source, _file AS fichier, _row + 1 AS ligne, heading AS colonne, text AS valeur
FROM value WHERE stg.number(text) IS NULL AND stg.known(text) IS NOT NULL;
