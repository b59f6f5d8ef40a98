"""Query of the gap table with accessible supply: one row per place × offer × need definition.

The macros of the version compute; what is put together here are the reaches and the rules of
``catchment.toml``, of which there may be any number. It is summed place by place: the public of a
commune is the same for each need definition.
"""

from __future__ import annotations

from collections.abc import Iterable

from observatory.answers.gaps import GAP_ROWS
from observatory.knowledge.catchment_rules import Desert, catchment_rules
from observatory.knowledge.nomenclature import nomenclature

AS_THEY_ARE = ("nearest_minutes", "published_minutes", "published_minutes_vintage", "imputed_share")
"""What is told of a commune and nothing is computed from."""


def access_gap_query(reached_rows: str, *, of_some: bool = False) -> str:
    """The rows of a gap table with what the commune's children reach, in no order.

    Parameters
    ----------
    reached_rows : str
        The query of the accessible supply (``reach_query.reached_rows``).
    of_some : bool
        Whether it is asked of the communes of ``$codes`` alone, without the territory's row.
    """
    kept = "WHERE list_contains($codes, code)" if of_some else ""
    rules = catchment_rules()
    reaches = [f"{minutes:g}" for minutes in rules.reach.sensitivity]
    default = f"{rules.reach.default:g}"

    def each(text: str, between: str = ", ") -> str:
        return between.join(text.format(n=n) for n in reaches)

    def listed(text: str) -> str:
        return ", ".join(text.format(n=n) for n in AS_THEY_ARE)

    gap = "s.supply_{n} - n.need"
    short = f"CAST(coalesce(is_short({gap}, s.decimals), false) AS INT)"
    known = f"CAST(coalesce(NOT isnan({gap}), false) AS INT)"
    counted = _listed(i for i, d in nomenclature().definitions.items() if d.counted)
    deserts = "".join(f", {_desert(rule)} AS desert_{id_}" for id_, rule in rules.deserts.items())
    return f"""
WITH needed AS MATERIALIZED (FROM ({GAP_ROWS}) {kept}),
reached AS ({reached_rows}),
-- What a commune reaches is shared by all who live in reach: they bear the rate, not its own alone.
-- Asked of the communes that are too small by themselves.
catchment AS MATERIALIZED (
    SELECT a.code, p.public, sum(p.amount) AS amount
    FROM around AS a JOIN public_count AS p ON p.code = a.place
    SEMI JOIN (FROM needed WHERE suppressed) AS s ON s.code = a.code
    SEMI JOIN (FROM offer WHERE $service IS NULL OR service = $service) AS o ON o.public = p.public
    WHERE a.minutes <= $reach GROUP BY ALL
),
-- One row per place × offer. Before and after school a child is looked after at its own school:
-- nothing else is reached.
place AS MATERIALIZED (
    SELECT s.*, v.rate_per, v.decimals, {listed("r.{n}")}, coalesce(r.edge, false) AS edge,
        r.edge_missing, {each("CASE WHEN NOT s.at_school THEN r.access_{n} END AS access_{n}")},
        CASE WHEN NOT s.at_school THEN r.beyond END AS beyond,
        coalesce(c.amount, s.public) < b.suppressed_below AS access_suppressed
    FROM (
        SELECT n.code, n.service, n.day_type, any_value(n.public) AS public,
            any_value(o.public) AS whom,
            bool_or(b.schooled AND NOT coalesce(n.resident, false)) AS at_school
        FROM needed AS n
        JOIN offer AS o ON o.service = n.service AND o.day_type IS NOT DISTINCT FROM n.day_type
        JOIN public AS b ON b.id = o.public
        GROUP BY n.code, n.service, n.day_type
    ) AS s
    JOIN service AS v ON v.id = s.service
    JOIN public AS b ON b.id = s.whom
    LEFT JOIN catchment AS c ON c.code = s.code AND c.public = s.whom
    LEFT JOIN reached AS r ON r.code = s.code AND r.service = s.service
        AND r.day_type IS NOT DISTINCT FROM s.day_type
),
-- Of the territory: what its children reach, wherever it stands, and what they meet on average.
whole AS (
    SELECT service, day_type,
        {each("sum_if_known(access_{n} * public / rate_per) AS supply_{n}")},
        sum_if_known(beyond * public) AS met
    FROM place WHERE code IS NOT NULL GROUP BY service, day_type
),
summed AS MATERIALIZED (
    SELECT p.code, p.service, p.day_type, p.decimals, {listed("p.{n}")}, p.edge_missing,
        {each("p.access_{n} * p.public / p.rate_per AS supply_{n}, p.access_{n}")},
        p.beyond, p.edge, p.access_suppressed
    FROM place AS p WHERE p.code IS NOT NULL
    UNION ALL BY NAME
    SELECT p.code, p.service, p.day_type, p.decimals, {listed("p.{n}")}, p.edge_missing,
        {each("w.supply_{n}, p.rate_per * w.supply_{n} / p.public AS access_{n}")},
        w.met / p.public AS beyond, (SELECT coalesce(bool_or(edge), false) FROM place) AS edge,
        p.access_suppressed
    FROM place AS p
    JOIN whole AS w ON w.service = p.service AND w.day_type IS NOT DISTINCT FROM p.day_type
    WHERE p.code IS NULL
),
-- Two tables at a time: a third one could be joined by its service alone.
short_by AS (
    SELECT n.code, n.service, n.day_type,
        sum({each(short, " + ")}) AS short, sum({each(known, " + ")}) AS known
    FROM needed AS n
    JOIN summed AS s ON s.code IS NOT DISTINCT FROM n.code AND s.service = n.service
        AND s.day_type IS NOT DISTINCT FROM n.day_type
    WHERE n.definition IN ({counted})
    GROUP BY n.code, n.service, n.day_type
),
slot AS (
    SELECT s.* EXCLUDE (decimals, access_suppressed),
        coalesce(s.access_suppressed, false) AS access_suppressed, c.short, c.known
    FROM summed AS s
    LEFT JOIN short_by AS c ON c.code IS NOT DISTINCT FROM s.code AND c.service = s.service
        AND c.day_type IS NOT DISTINCT FROM s.day_type
),
rated AS (
    SELECT n.*, {each("s.access_{n}")}, s.beyond, {listed("s.{n}")}, s.edge, s.edge_missing,
        s.access_suppressed, s.supply_{default} AS access_supply,
        s.supply_{default} - n.need AS access_gap,
        CASE WHEN NOT s.access_suppressed THEN s.access_{default} END AS access_rate,
        CAST(coalesce(s.short, 0) AS BIGINT) AS access_deficit_count,
        CAST(coalesce(s.known, 0) AS BIGINT) AS access_definition_count
    FROM needed AS n
    JOIN slot AS s ON s.code IS NOT DISTINCT FROM n.code AND s.service = n.service
        AND s.day_type IS NOT DISTINCT FROM n.day_type
    WHERE $definition IS NULL OR n.definition = $definition
)
SELECT *{deserts} FROM rated
"""


def _desert(rule: Desert) -> str:
    """Whether a rule calls a row a desert; null where it does not apply, or cannot be told."""
    rate = "access_rate" if rule.measure == "access" else "rate"
    return (
        f"CASE WHEN service IN ({_listed(rule.services)}) AND NOT coalesce(suppressed, false) "
        f"THEN {rate} * {rule.children_per_place!r} < rate_per - 1e-9 END"
    )


def _listed(ids: Iterable[str]) -> str:
    """Ids of the nomenclature as a list of SQL."""
    return ", ".join(f"'{id_}'" for id_ in ids)
