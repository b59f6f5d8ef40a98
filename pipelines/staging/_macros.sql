-- How text becomes values in every staging file. Marks of an unpublished figure are null.
-- Each argument is written once or twice: a macro in a macro is planned as many times over.
CREATE MACRO stg.known(x) AS CASE WHEN NOT regexp_full_match(
    trim(x), '(?i)|ns|nd|nc|s|c|n/a|na|nan|x{2,}\s*%?') THEN trim(x) END;
-- A number as somebody wrote it. A space parts thousands, before three digits: « 8 4 » is two
-- numbers.
CREATE MACRO stg.written_number(x) AS TRY_CAST(replace(regexp_replace(nullif(regexp_extract(
    stg.known(x), '^[-+]?(?:(?:[0-9]{1,3}(?:[ \x{00A0}\x{202F}][0-9]{3})+|[0-9]{1,25})'
    || '(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE](?:\+?[0-9]{1,2}|-[0-9]{1,3}))?$'), ''),
    '[ \x{00A0}\x{202F}]', '', 'g'), ',', '.') AS DOUBLE);
-- Nearly every cell is digits alone, which need none of that: a quarter of the time.
CREATE MACRO stg.number(x) AS CASE WHEN regexp_full_match(x, '[0-9]{1,15}(?:\.[0-9]{1,15})?')
    THEN CAST(x AS DOUBLE) ELSE stg.written_number(x) END;
CREATE MACRO stg.day(x) AS TRY_CAST(stg.known(x) AS DATE);
-- A year, alone or as the year of a date: 2023, 2023-12-31, 31/12/2023.
CREATE MACRO stg.year(x) AS TRY_CAST(nullif(regexp_extract(stg.known(x), '(?:19|20)[0-9]{2}'),
    '') AS INTEGER);
-- INSEE and SIREN codes that lost their leading zeros in a spreadsheet. A longer one is left as it
-- is: cut, it would be the code of something else.
CREATE MACRO stg.code(x, width) AS
    lpad(trim(x), CAST(greatest(width, length(trim(x))) AS INTEGER), '0');
CREATE MACRO stg.insee(x) AS upper(stg.code(x, 5));
CREATE MACRO stg.siren(x) AS stg.code(x, 9);
