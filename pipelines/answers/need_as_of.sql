-- need_as_of(d, custom, wanted): supply, public, target and need: one row per commune inside ×
-- offer × need definition, and one for the territory (code is null). `custom` is the target of the
-- definition of that name, in the rate's unit. `wanted`: a service; null is all of them.
CREATE MACRO need_as_of(d, custom, wanted) AS TABLE
WITH people AS (FROM public_as_of(d)),
base AS (
    SELECT u.code, u.service, u.day_type, u.supply, u.demonstration,
        u.unknown_parts, n.amount AS public, n.estimated, n.resident, n.vintage AS public_vintage,
        s.rate_per, s.decimals, c.reg, c.dep, c.epci, b.suppressed_below, b.fragile_below,
        EXISTS (FROM masked AS m JOIN service_part AS sp ON sp.part = m.service
                WHERE m.code IS NOT DISTINCT FROM u.code
                  AND (sp.service = u.service OR m.service = f.public)) AS masked
    FROM supply_as_of(d, wanted) AS u
    JOIN service AS s ON s.id = u.service
    JOIN offer AS f ON f.service = u.service AND f.day_type IS NOT DISTINCT FROM u.day_type
    JOIN public AS b ON b.id = f.public
    LEFT JOIN commune AS c ON c.code = u.code
    LEFT JOIN people AS n ON n.public = f.public AND n.code IS NOT DISTINCT FROM u.code
),
targeted AS (
    SELECT b.*, f.definition, f.rank AS definition_rank, f.kind, f.counted,
        CASE f.kind
            WHEN 'custom' THEN CAST(custom AS DOUBLE)
            WHEN 'reference' THEN r.rate
            WHEN 'territory' THEN w.rate_per * w.supply / nullif(w.public, 0)
            WHEN 'voted' THEN v.amount
            -- A share of other ages is the share of the service's public that they make.
            ELSE f.fixed_target * CASE WHEN f.public IS NULL THEN 1
                ELSE coalesce(o.amount / nullif(b.public, 0), f.years) END
        END AS target,
        coalesce(r.year, CAST(year(v.valid_from) AS INTEGER)) AS target_year
    FROM base AS b
    JOIN definition AS f ON f.service = b.service
    JOIN base AS w ON w.code IS NULL AND w.service = b.service
        AND w.day_type IS NOT DISTINCT FROM b.day_type
    LEFT JOIN reference_as_of(d, wanted) AS r
        ON f.kind = 'reference' AND r.level = f.level AND r.service = b.service
        AND r.code = CASE f.level WHEN 'nat' THEN 'FR' WHEN 'reg' THEN b.reg
                                  WHEN 'dep' THEN b.dep ELSE b.epci END
    LEFT JOIN voted_as_of(d) AS v ON f.kind = 'voted' AND v.service = b.service
        AND v.day_type IS NOT DISTINCT FROM b.day_type
    LEFT JOIN people AS o ON o.public = f.public AND o.code IS NOT DISTINCT FROM b.code
    WHERE f.kind <> 'voted' OR v.amount IS NOT NULL
),
-- The territory's need is the sum of its communes' needs; where some are masked but all share one
-- target, it is that target on the territory's public.
whole AS (
    SELECT service, day_type, definition, sum_if_known(public * target / rate_per) AS need,
        CASE WHEN count(*) = count(target) AND min(target) = max(target) THEN min(target) END
            AS target,
        max(target_year) AS target_year
    FROM targeted WHERE code IS NOT NULL GROUP BY ALL
),
aimed AS (
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
-- A year is that of a reference: of none, none.
SELECT * REPLACE (CASE WHEN target IS NOT NULL THEN target_year END AS target_year) FROM aimed;
