-- stg.membership: one row per EPCI × commune × vintage.
CREATE TABLE stg.membership AS
SELECT
    stg.siren(siren) AS siren, epci_name, stg.insee(code) AS code, name, _vintage AS vintage,
    stg.number(population) AS population, stg.number(epci_population) AS epci_population, _file
FROM raw.dgcl_member
QUALIFY row_number() OVER (PARTITION BY siren, code, _vintage ORDER BY _file) = 1;
