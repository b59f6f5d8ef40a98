-- known_offer: one row a service × day type on which the census of the perimeter says something.
-- Elsewhere the supply is unknown; where it is known, a commune without establishment has zero.
CREATE TABLE known_offer AS
SELECT DISTINCT e.service, c.day_type
FROM establishment AS e
JOIN capacity AS c ON c.establishment = e.id
JOIN allocation AS a ON a.establishment = e.id
SEMI JOIN perimeter AS p ON p.code = a.code;

-- open_capacity(d): one row an establishment × day type open on day d, one a site where the rule says so.
CREATE MACRO open_capacity(d) AS TABLE
SELECT e.id AS establishment, e.service, e.status, c.day_type, c.amount, e.demonstration
FROM establishment AS e
JOIN capacity AS c ON c.establishment = e.id
WHERE c.valid_from <= d AND (c.valid_to IS NULL OR d < c.valid_to)
  AND (e.opened IS NULL OR e.opened <= d) AND (e.closed IS NULL OR d < e.closed)
QUALIFY row_number() OVER (PARTITION BY e.service, c.day_type, e.site ORDER BY c.amount DESC, e.id) = 1;

-- supply_by_status(d): one row a commune inside × service × day type × status with an offer on day d.
CREATE MACRO supply_by_status(d) AS TABLE
SELECT a.code, o.service, o.day_type, o.status,
    CASE WHEN count(*) = count(o.amount) THEN sum(o.amount * a.share) END AS supply,
    count(*) AS establishments, bool_or(o.demonstration) AS demonstration
FROM open_capacity(d) AS o
JOIN allocation AS a ON a.establishment = o.establishment
SEMI JOIN perimeter AS p ON p.code = a.code
GROUP BY ALL
UNION ALL
SELECT t.code, t.service, NULL, 'total', t.places, NULL, t.demonstration
FROM commune_total AS t
SEMI JOIN perimeter AS p ON p.code = t.code
WHERE t.valid_from <= d AND (t.valid_to IS NULL OR d < t.valid_to);

-- supply_as_of(d): one row a commune inside × offer (service × day type); null is unknown.
CREATE MACRO supply_as_of(d) AS TABLE
WITH measured AS (
    SELECT code, service, day_type,
        CASE WHEN count(*) = count(supply) THEN sum(supply) END AS supply,
        count(*) > count(supply) AS has_unknown, bool_or(demonstration) AS demonstration
    FROM supply_by_status(d)
    GROUP BY ALL
),
elementary AS (
    SELECT p.code, o.service, o.day_type,
        CASE WHEN m.code IS NOT NULL THEN m.supply
             WHEN k.service IS NOT NULL THEN 0 END AS supply,
        coalesce(m.demonstration, false) AS demonstration
    FROM perimeter AS p
    CROSS JOIN offer AS o
    JOIN service AS s ON s.id = o.service AND s.grain <> 'composite'
    LEFT JOIN measured AS m ON m.code = p.code AND m.service = o.service AND m.day_type IS NOT DISTINCT FROM o.day_type
    LEFT JOIN known_offer AS k ON k.service = o.service AND k.day_type IS NOT DISTINCT FROM o.day_type
)
SELECT * FROM elementary
UNION ALL
SELECT e.code, sp.service, NULL,
    CASE WHEN count(*) = count(e.supply) THEN sum(e.supply) END, bool_or(e.demonstration)
FROM service_part AS sp
JOIN service AS s ON s.id = sp.service AND s.grain = 'composite'
JOIN elementary AS e ON e.service = sp.part
GROUP BY e.code, sp.service;

-- reference_as_of(d): one row a level × place × service: the rate of d's year, else of the nearest
-- earlier year, else of the nearest later one; the year goes with it.
CREATE MACRO reference_as_of(d) AS TABLE
SELECT level, code, service, rate, year
FROM published_rate
QUALIFY row_number() OVER (
    PARTITION BY level, code, service ORDER BY year > year(d), abs(year - year(d))
) = 1;

-- gap_as_of(d, custom): one row a commune inside × offer × need definition, and one for the
-- territory (code is null). `custom` is the target of the definition of that name, in the rate's unit.
CREATE MACRO gap_as_of(d, custom) AS TABLE
WITH base AS (
    SELECT u.code, u.service, u.day_type, u.supply, u.demonstration,
        n.amount AS public, n.estimated, s.rate_per, c.reg, c.dep, c.epci,
        b.suppressed_below, b.fragile_below
    FROM supply_as_of(d) AS u
    JOIN service AS s ON s.id = u.service
    JOIN public AS b ON b.id = s.public
    JOIN commune AS c ON c.code = u.code
    LEFT JOIN public_count AS n ON n.code = u.code AND n.public = s.public
),
whole AS (
    SELECT service, day_type, any_value(rate_per) AS rate_per,
        CASE WHEN count(*) = count(supply) THEN sum(supply) END AS supply,
        CASE WHEN count(*) = count(public) THEN sum(public) END AS public,
        bool_or(estimated) AS estimated, bool_or(demonstration) AS demonstration,
        any_value(suppressed_below) AS suppressed_below, any_value(fragile_below) AS fragile_below
    FROM base GROUP BY ALL
),
defined AS (
    SELECT b.*, f.definition, f.rank AS definition_rank, f.kind,
        CASE f.kind
            WHEN 'custom' THEN CAST(custom AS DOUBLE)
            WHEN 'reference' THEN r.rate
            WHEN 'territory' THEN w.rate_per * w.supply / nullif(w.public, 0)
            ELSE f.fixed_target
        END AS target,
        r.year AS target_year
    FROM base AS b
    JOIN definition AS f ON f.service = b.service
    JOIN whole AS w ON w.service = b.service AND w.day_type IS NOT DISTINCT FROM b.day_type
    LEFT JOIN reference_as_of(d) AS r ON f.kind = 'reference' AND r.level = f.level AND r.service = b.service
        AND r.code = CASE f.level WHEN 'nat' THEN 'FR' WHEN 'reg' THEN b.reg WHEN 'dep' THEN b.dep ELSE b.epci END
),
needed AS (
    SELECT code, service, day_type, definition, definition_rank, kind, public, estimated, demonstration,
        suppressed_below, fragile_below, rate_per, target, target_year,
        public * target / rate_per AS need, supply
    FROM defined
),
both_levels AS (
    SELECT * FROM needed
    UNION ALL
    SELECT NULL, w.service, w.day_type, n.definition, any_value(n.definition_rank), any_value(n.kind), w.public,
        any_value(w.estimated), any_value(w.demonstration), any_value(w.suppressed_below),
        any_value(w.fragile_below), w.rate_per,
        CASE WHEN count(*) = count(n.need) THEN w.rate_per * sum(n.need) / nullif(w.public, 0) END,
        max(n.target_year), CASE WHEN count(*) = count(n.need) THEN sum(n.need) END, w.supply
    FROM needed AS n
    JOIN whole AS w ON w.service = n.service AND w.day_type IS NOT DISTINCT FROM n.day_type
    GROUP BY w.service, w.day_type, n.definition, w.public, w.rate_per, w.supply
)
SELECT b.*, supply - need AS gap,
    CASE WHEN public >= suppressed_below AND public > 0 THEN rate_per * supply / public END AS rate,
    public < suppressed_below AS suppressed, public < fragile_below AS fragile,
    count(*) FILTER (supply - need < -1e-6 AND kind <> 'custom') OVER slot AS deficit_count,
    count(*) FILTER (supply IS NOT NULL AND need IS NOT NULL AND kind <> 'custom') OVER slot AS definition_count
FROM both_levels AS b
WINDOW slot AS (PARTITION BY code, service, day_type);
