-- Totals by commune, masked where they would tell the capacity of one or two private persons.
-- The open figures stay in this refresh (stg); what is published holds the masked ones.

CREATE TABLE stg.open_total AS
SELECT
    current_code(code) AS code, service, valid_from,
    CASE WHEN count(*) = count(headcount) THEN sum(headcount) END AS headcount,
    CASE WHEN count(*) = count(places) THEN sum(places) END AS places,
    any_value(source) AS source, max(source_date) AS source_date,
    bool_or(demonstration) AS demonstration
FROM stg.commune_total
GROUP BY 1, 2, 3;

-- stg.hidden: one row per commune × service whose figures are hidden, at every date: those that
-- were one or two persons once, those that a former version hid, and beside them the smallest other
-- commune of the perimeter that leaves the total open to doubt: were one person more here, it would
-- be one less there.
CREATE TABLE stg.hidden AS
WITH sensitive AS (
    SELECT DISTINCT t.code, t.service
    FROM stg.open_total AS t
    JOIN service AS s ON s.id = t.service AND s.masked_below > 0
    -- Without a headcount, few places are few persons: an agrément goes up to four children.
    WHERE (t.headcount > 0 AND t.headcount < s.masked_below)
       OR (t.headcount IS NULL AND t.places > 0 AND t.places <= 4 * (s.masked_below - 1))
    UNION
    SELECT b.code, b.service FROM stg.masked_before AS b
    JOIN service AS s ON s.id = b.service AND s.masked_below > 0
),
companion AS (
    SELECT t.code, t.service
    FROM stg.open_total AS t
    JOIN service AS s ON s.id = t.service
    SEMI JOIN perimeter AS p ON p.code = t.code
    ANTI JOIN sensitive AS x ON x.code = t.code AND x.service = t.service
    WHERE t.service IN (SELECT service FROM sensitive SEMI JOIN perimeter USING (code))
    GROUP BY t.code, t.service, s.masked_below
    HAVING min(coalesce(t.headcount, t.places / 4)) > s.masked_below
    QUALIFY row_number() OVER (
        PARTITION BY t.service ORDER BY max(coalesce(t.headcount, t.places / 4)), t.code) = 1
)
SELECT code, service, false AS companion FROM sensitive
UNION ALL
SELECT code, service, true FROM companion;

-- masked: one row per commune × service whose figures are hidden, whatever the reason.
CREATE TABLE masked AS
SELECT code, service FROM stg.hidden ORDER BY ALL;

-- commune_total: one row per commune × service × period of one total; null where it is masked.
CREATE TABLE commune_total AS
SELECT
    t.code, t.service, t.valid_from,
    CASE WHEN m.code IS NULL THEN t.headcount END AS headcount,
    CASE WHEN m.code IS NULL THEN t.places END AS places,
    -- A free text: where a total may be one person's, it may name that person.
    CASE WHEN t.service NOT IN (SELECT id FROM service WHERE masked_below > 0)
        THEN t.source END AS source,
    t.source_date, t.demonstration, m.code IS NOT NULL AS masked,
    lead(t.valid_from) OVER (PARTITION BY t.code, t.service ORDER BY t.valid_from) AS valid_to
FROM stg.open_total AS t
LEFT JOIN masked AS m ON m.code = t.code AND m.service = t.service
ORDER BY t.code, t.service, t.valid_from;

-- territory_total: one row per service × period of the perimeter's total, from the open figures;
-- unknown when a commune is, or when nobody stands beside the masked ones.
CREATE TABLE territory_total AS
WITH moment AS (
    SELECT DISTINCT service, valid_from FROM stg.open_total SEMI JOIN perimeter USING (code)
),
period AS (
    SELECT *, lead(valid_from) OVER (PARTITION BY code, service ORDER BY valid_from) AS valid_to
    FROM stg.open_total
),
alone AS (
    SELECT h.service FROM stg.hidden AS h SEMI JOIN perimeter AS p ON p.code = h.code
    GROUP BY h.service HAVING count(*) FILTER (companion) = 0
),
summed AS (
    SELECT o.service, o.valid_from,
        CASE WHEN count(t.headcount) = (SELECT count(*) FROM perimeter)
            THEN sum(t.headcount) END AS headcount,
        CASE WHEN count(t.places) = (SELECT count(*) FROM perimeter)
            THEN sum(t.places) END AS places,
        bool_or(t.demonstration) AS demonstration
    FROM moment AS o
    JOIN period AS t ON t.service = o.service AND t.valid_from <= o.valid_from
        AND (t.valid_to IS NULL OR o.valid_from < t.valid_to)
    SEMI JOIN perimeter AS p ON p.code = t.code
    GROUP BY ALL
)
SELECT
    s.service, s.valid_from,
    lead(s.valid_from) OVER (PARTITION BY s.service ORDER BY s.valid_from) AS valid_to,
    CASE WHEN a.service IS NULL THEN s.headcount END AS headcount,
    CASE WHEN a.service IS NULL THEN s.places END AS places,
    s.demonstration
FROM summed AS s
LEFT JOIN alone AS a ON a.service = s.service
ORDER BY 1, 2;
