-- stg.postcode: one row per postcode × commune that it serves.
CREATE TABLE stg.postcode AS
SELECT DISTINCT lpad(trim(postcode), 5, '0') AS postcode, stg.insee(code) AS code
FROM raw.postcode
WHERE regexp_full_match(trim(postcode), '\d{4,5}');
