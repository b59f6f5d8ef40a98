-- open_capacity(d): one row per establishment × day type open on day d, one per site where the rule
-- says so.
CREATE MACRO open_capacity(d) AS TABLE
WITH opened AS (
    SELECT e.id AS establishment, e.service, coalesce(e.status, 'inconnu') AS status,
        c.day_type, c.amount, e.demonstration, e.site
    FROM establishment AS e
    JOIN capacity AS c ON c.establishment = e.id
    WHERE in_force(c.valid_from, c.valid_to, d) AND in_force(e.opened, e.closed, d)
)
-- Only shared sites are ranked: most establishments are a site of their own.
SELECT * EXCLUDE (site) FROM opened WHERE site = establishment
UNION ALL
SELECT * EXCLUDE (site) FROM opened WHERE site <> establishment
QUALIFY row_number() OVER (
    PARTITION BY service, day_type, site ORDER BY amount DESC, establishment
) = 1;
