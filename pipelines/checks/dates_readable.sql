-- Toute date du recensement s'écrit année-mois-jour.
WITH value AS (
    SELECT _file, _row, 'depuis' AS heading, valid_from AS text FROM raw.census_establishment
    UNION ALL SELECT _file, _row, 'ouverture', opened FROM raw.census_establishment
    UNION ALL SELECT _file, _row, 'fermeture', closed FROM raw.census_establishment
    UNION ALL SELECT _file, _row, 'depuis', valid_from FROM raw.census_total
    UNION ALL SELECT _file, _row, 'depuis', valid_from FROM raw.census_pupils
    UNION ALL SELECT _file, _row, 'depuis', since FROM raw.census_competence
)
SELECT _file AS fichier, _row + 1 AS ligne, heading AS colonne, text AS valeur
FROM value WHERE stg.known(text) IS NOT NULL AND stg.day(text) IS NULL;
