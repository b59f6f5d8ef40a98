-- public_as_of(d): one row per commune inside × public, and one per public for the territory (code
-- is null): how many people on day d. `resident`: pupils are not told, those who live there stand
-- in.
CREATE MACRO public_as_of(d) AS TABLE
WITH pupils AS (
    SELECT code, amount, CAST(year(valid_from) AS TEXT) AS vintage
    FROM schooled WHERE in_force(valid_from, valid_to, d)
),
counted AS (
    SELECT code, service AS public, headcount AS amount, year(valid_from)::TEXT AS vintage
    FROM commune_total
    WHERE service IN (SELECT id FROM public) AND in_force(valid_from, valid_to, d)
    UNION ALL
    SELECT NULL, service, headcount, year(valid_from)::TEXT
    FROM territory_total
    WHERE service IN (SELECT id FROM public) AND in_force(valid_from, valid_to, d)
    UNION ALL
    -- Where some are told, a commune without a row is unknown: it may have a school or none.
    SELECT p.code, b.id, s.amount, s.vintage
    FROM public AS b CROSS JOIN perimeter AS p LEFT JOIN pupils AS s ON s.code = p.code
    WHERE b.schooled AND EXISTS (FROM pupils)
    UNION ALL
    SELECT NULL, b.id, CASE WHEN count(s.amount) = count(*) THEN sum(s.amount) END,
        CASE WHEN min(s.vintage) = max(s.vintage) THEN min(s.vintage) END
    FROM public AS b CROSS JOIN perimeter AS p LEFT JOIN pupils AS s ON s.code = p.code
    WHERE b.schooled AND EXISTS (FROM pupils)
    GROUP BY b.id
)
SELECT code, public, amount, false AS estimated, false AS resident, vintage FROM counted
UNION ALL
SELECT n.code, n.public, n.amount, n.estimated, b.schooled, n.vintage
FROM (
    SELECT code, public, amount, estimated, vintage
    FROM public_count SEMI JOIN perimeter USING (code)
    UNION ALL
    SELECT NULL, public, amount, estimated, vintage FROM territory_public
) AS n
JOIN public AS b ON b.id = n.public
ANTI JOIN counted AS c ON c.public = n.public;
