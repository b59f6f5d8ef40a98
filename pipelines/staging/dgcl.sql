-- stg.revision(file): the rank of a workbook published again within its year.
CREATE MACRO stg.revision(file) AS coalesce(TRY_CAST(nullif(regexp_extract(file,
    '20[0-9]{2}-([0-9]{1,2})\.', 1), '') AS INTEGER), 1);
-- stg.membership: one row per EPCI × commune × vintage.
CREATE TABLE stg.membership AS
SELECT
    stg.siren(siren) AS siren, epci_name, stg.insee(code) AS code, name, _vintage AS vintage,
    stg.number(population) AS population, stg.number(epci_population) AS epci_population, _file
FROM raw.dgcl_member
-- A second workbook of the year (epcicom2025-2) corrects the first: of two files that tell of the
-- same EPCI, or of the same commune, the later one is kept.
QUALIFY stg.revision(_file) = max(stg.revision(_file))
    OVER (PARTITION BY stg.siren(siren), _vintage)
    AND stg.revision(_file) = max(stg.revision(_file)) OVER (PARTITION BY stg.insee(code), _vintage)
    AND row_number() OVER (PARTITION BY stg.siren(siren), stg.insee(code), _vintage
        ORDER BY stg.revision(_file) DESC, _file) = 1;
