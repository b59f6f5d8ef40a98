-- stg.revision(file): the rank of a workbook published again within its year.
CREATE MACRO stg.revision(file) AS coalesce(TRY_CAST(nullif(regexp_extract(file,
    '20[0-9]{2}-([0-9]{1,2})\.', 1), '') AS INTEGER), 1);
-- stg.membership: one row per EPCI × commune × vintage.
CREATE TABLE stg.membership AS
WITH member AS MATERIALIZED (
    SELECT
        stg.siren(siren) AS siren, epci_name, stg.insee(code) AS code, name, _vintage AS vintage,
        stg.number(population) AS population, stg.number(epci_population) AS epci_population,
        _file, stg.revision(_file) AS revision
    FROM raw.dgcl_member
)
SELECT * EXCLUDE (revision) FROM member
-- A second workbook of the year (epcicom2025-2) corrects the first: of two files that tell of the
-- same EPCI, or of the same commune, the later one is kept.
QUALIFY revision = max(revision) OVER (PARTITION BY siren, vintage)
    AND revision = max(revision) OVER (PARTITION BY code, vintage)
    AND row_number() OVER (PARTITION BY siren, code, vintage ORDER BY revision DESC, _file) = 1;
