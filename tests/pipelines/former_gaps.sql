-- The gap query as it was before it took the service as a parameter, to compare with.
-- former_open_capacity(d): one row an establishment × day type open on day d, one a site where the rule says so.
CREATE TEMP MACRO former_open_capacity(d) AS TABLE
WITH opened AS (
    SELECT e.id AS establishment, e.service, coalesce(e.status, 'inconnu') AS status, c.day_type, c.amount,
        e.demonstration, e.site
    FROM establishment AS e
    JOIN capacity AS c ON c.establishment = e.id
    WHERE c.valid_from <= d AND (c.valid_to IS NULL OR d < c.valid_to)
      AND (e.opened IS NULL OR e.opened <= d) AND (e.closed IS NULL OR d < e.closed)
)
-- Only shared sites are ranked: most establishments are a site of their own.
SELECT * EXCLUDE (site) FROM opened WHERE site = establishment
UNION ALL
SELECT * EXCLUDE (site) FROM opened WHERE site <> establishment
QUALIFY row_number() OVER (PARTITION BY service, day_type, site ORDER BY amount DESC, establishment) = 1;

-- former_supply_by_status(d): one row a commune inside × service × day type × status with an offer on day d,
-- and one with a null code for each service known by totals.
CREATE TEMP MACRO former_supply_by_status(d) AS TABLE
SELECT a.code, o.service, o.day_type, o.status,
    CASE WHEN count(*) = count(o.amount) THEN sum(o.amount * a.share) END AS supply,
    count(*) AS establishments, bool_or(o.demonstration) AS demonstration
FROM former_open_capacity(d) AS o
JOIN allocation AS a ON a.establishment = o.establishment
SEMI JOIN perimeter AS p ON p.code = a.code
GROUP BY ALL
UNION ALL
SELECT t.code, t.service, NULL, 'total', t.places, NULL, t.demonstration
FROM commune_total AS t
SEMI JOIN perimeter AS p ON p.code = t.code
WHERE t.valid_from <= d AND (t.valid_to IS NULL OR d < t.valid_to)
UNION ALL
-- The territory's own total (code is null), which masked communes do not add up to.
SELECT NULL, t.service, NULL, 'total', t.places, NULL, t.demonstration
FROM territory_total AS t
WHERE t.valid_from <= d AND (t.valid_to IS NULL OR d < t.valid_to);

-- former_supply_as_of(d): one row a commune inside × offer (service × day type), and one for the territory
-- (code is null); null is unknown, or masked.
CREATE TEMP MACRO former_supply_as_of(d) AS TABLE
WITH measured AS (
    SELECT code, service, day_type,
        CASE WHEN count(*) = count(supply) THEN sum(supply) END AS supply,
        bool_or(demonstration) AS demonstration
    FROM former_supply_by_status(d)
    GROUP BY ALL
),
communes AS (
    SELECT p.code, o.service, o.day_type,
        CASE WHEN m.code IS NOT NULL THEN m.supply
             WHEN k.service IS NOT NULL THEN 0 END AS supply,
        coalesce(m.demonstration, k.demonstration, false) AS demonstration
    FROM perimeter AS p
    CROSS JOIN offer AS o
    JOIN service AS s ON s.id = o.service AND s.grain <> 'composite'
    LEFT JOIN measured AS m ON m.code = p.code AND m.service = o.service
        AND m.day_type IS NOT DISTINCT FROM o.day_type
    LEFT JOIN known_offer AS k ON k.code = p.code AND k.service = o.service
        AND k.day_type IS NOT DISTINCT FROM o.day_type
),
elementary AS (
    SELECT * FROM communes
    UNION ALL
    SELECT NULL, c.service, c.day_type,
        CASE WHEN any_value(s.grain) = 'commune' THEN any_value(m.supply)
             WHEN count(*) = count(c.supply) THEN sum(c.supply) END,
        bool_or(c.demonstration)
    FROM communes AS c
    JOIN service AS s ON s.id = c.service
    LEFT JOIN measured AS m ON m.code IS NULL AND m.service = c.service
    GROUP BY c.service, c.day_type
)
SELECT * FROM elementary
UNION ALL
SELECT e.code, sp.service, NULL,
    CASE WHEN count(*) = count(e.supply) THEN sum(e.supply) END, bool_or(e.demonstration)
FROM service_part AS sp
JOIN service AS s ON s.id = sp.service AND s.grain = 'composite'
JOIN elementary AS e ON e.service = sp.part
GROUP BY e.code, sp.service;

-- former_reference_as_of(d): one row a level × place × service: the rate of d's year, else of the nearest
-- earlier year, else of the nearest later one; the year goes with it.
CREATE TEMP MACRO former_reference_as_of(d) AS TABLE
SELECT level, code, service, rate, year
FROM published_rate
QUALIFY row_number() OVER (
    PARTITION BY level, code, service ORDER BY year > year(d), abs(year - year(d))
) = 1;

-- former_public(d): the publics; since then the headcount is that of the day.
CREATE TEMP MACRO former_public(d) AS TABLE
SELECT code, public, amount, estimated FROM public_count
UNION ALL
SELECT code, service, headcount, false FROM commune_total
WHERE service = 'assistants_maternels' AND valid_from <= d AND (valid_to IS NULL OR d < valid_to)
UNION ALL
SELECT NULL, public, amount, estimated FROM territory_public
UNION ALL
SELECT NULL, service, headcount, false FROM territory_total
WHERE service = 'assistants_maternels' AND valid_from <= d AND (valid_to IS NULL OR d < valid_to);

-- former_gap_as_of(d, custom): one row a commune inside × offer × need definition, and one for the
-- territory (code is null). `custom` is the target of the definition of that name, in the rate's unit.
CREATE TEMP MACRO former_gap_as_of(d, custom) AS TABLE
WITH base AS (
    SELECT u.code, u.service, u.day_type, u.supply, u.demonstration,
        n.amount AS public, n.estimated,
        s.rate_per, c.reg, c.dep, c.epci, b.suppressed_below, b.fragile_below,
        EXISTS (FROM masked AS m JOIN service_part AS sp ON sp.part = m.service
                WHERE m.code = u.code AND (sp.service = u.service OR m.service = s.public)) AS masked
    FROM former_supply_as_of(d) AS u
    JOIN service AS s ON s.id = u.service
    JOIN public AS b ON b.id = s.public
    LEFT JOIN commune AS c ON c.code = u.code
    LEFT JOIN former_public(d) AS n ON n.public = s.public AND n.code IS NOT DISTINCT FROM u.code
),
targeted AS (
    SELECT b.*, f.definition, f.rank AS definition_rank, f.kind,
        CASE f.kind
            WHEN 'custom' THEN CAST(custom AS DOUBLE)
            WHEN 'reference' THEN r.rate
            WHEN 'territory' THEN w.rate_per * w.supply / nullif(w.public, 0)
            -- Potential: 66 % of the children of 3 months to 3 years, 33 of the 36 months.
            ELSE f.fixed_target * CASE WHEN f.definition = 'potential' THEN 33 / 36.0 ELSE 1 END
        END AS target,
        r.year AS target_year
    FROM base AS b
    JOIN definition AS f ON f.service = b.service
    JOIN base AS w ON w.code IS NULL AND w.service = b.service
        AND w.day_type IS NOT DISTINCT FROM b.day_type
    LEFT JOIN former_reference_as_of(d) AS r
        ON f.kind = 'reference' AND r.level = f.level AND r.service = b.service
        AND r.code = CASE f.level WHEN 'nat' THEN 'FR' WHEN 'reg' THEN b.reg
                                  WHEN 'dep' THEN b.dep ELSE b.epci END
    WHERE f.kind <> 'voted'
),
-- The territory's need is the sum of its communes' needs; where some are masked but all share one
-- target, it is that target on the territory's public.
whole AS (
    SELECT service, day_type, definition,
        CASE WHEN count(*) = count(public * target) THEN sum(public * target / rate_per) END AS need,
        CASE WHEN count(*) = count(target) AND min(target) = max(target) THEN min(target) END AS target,
        max(target_year) AS target_year
    FROM targeted WHERE code IS NOT NULL GROUP BY ALL
),
needed AS (
    SELECT t.* EXCLUDE (target, target_year, reg, dep, epci),
        CASE WHEN t.code IS NOT NULL THEN t.public * t.target / t.rate_per
             ELSE coalesce(w.need, t.public * w.target / t.rate_per) END AS need,
        CASE WHEN t.code IS NOT NULL THEN t.target
             ELSE coalesce(w.target, t.rate_per * w.need / nullif(t.public, 0)) END AS target,
        coalesce(t.target_year, w.target_year) AS target_year
    FROM targeted AS t
    LEFT JOIN whole AS w ON t.code IS NULL AND w.service = t.service
        AND w.day_type IS NOT DISTINCT FROM t.day_type AND w.definition = t.definition
)
SELECT n.*, supply - need AS gap, service IN (SELECT b.service FROM bpe_offer AS b) AS bpe,
    CASE WHEN public >= suppressed_below AND public > 0 THEN rate_per * supply / public END AS rate,
    public < suppressed_below AS suppressed, public < fragile_below AS fragile,
    -- The mean of the territory is a sharing out; under half of what is shown, a balance.
    count(*) FILTER (supply - need < 1e-9 - CASE WHEN service IN
            ('rpe', 'ludotheque', 'centre_social', 'espace_vie_sociale') THEN 0.05 ELSE 0.5 END
        AND kind NOT IN ('custom', 'territory')) OVER slot AS deficit_count,
    count(*) FILTER (supply IS NOT NULL AND need IS NOT NULL AND kind NOT IN ('custom', 'territory'))
        OVER slot AS definition_count
FROM needed AS n
WINDOW slot AS (PARTITION BY code, service, day_type);

-- former_gaps(d, custom): the rows of every service, with names and published rates.
CREATE TEMP MACRO former_gaps(d, custom) AS TABLE
SELECT g.*, coalesce(c.name, t.name) AS name, r.rate AS published_rate, r.year AS published_year
FROM former_gap_as_of(d, custom) AS g
CROSS JOIN territory AS t
LEFT JOIN commune AS c ON c.code = g.code
LEFT JOIN former_reference_as_of(d) AS r ON r.service = g.service AND (
    (r.level = 'com' AND r.code = g.code)
    OR (g.code IS NULL AND r.level = CASE t.kind
            WHEN 'epci' THEN 'epci' WHEN 'departement' THEN 'dep' WHEN 'france' THEN 'nat' END
        AND r.code = CASE t.kind WHEN 'epci' THEN t.siren WHEN 'france' THEN 'FR'
            ELSE (SELECT any_value(dep) FROM commune WHERE inside) END)
    OR (r.level = 'com' AND g.code IS NULL AND t.communes = 1
        AND r.code = (SELECT any_value(code) FROM perimeter)));
