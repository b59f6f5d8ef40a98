"""Query of the accessible supply: which macros of the version sum what, at which reaches.

The macros compute; what is put together here are the reaches of ``catchment.toml``, of which there
may be any number, and the sums that a weight scheme needs: a plan of what is not asked would cost
more, on a small territory, than the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules


def access_rows(scheme: str = DEFAULT_SCHEME, reaches: Sequence[float] | None = None) -> str:
    """The query of the accessible supply: one row per commune × offer × reach, as ``access_of``.

    Its values are ``$day``, ``$service`` and those of ``rule_values``.

    Raises
    ------
    RequestError
        When the scheme is unknown.
    """
    minutes = _reaches(reaches)
    summed = "chosen_at" if catchment_rules().scheme(scheme).choice else "summed_at"
    sums = " UNION ALL ".join(
        f"SELECT {reach!r}::DOUBLE AS within_minutes, * FROM {summed}($day, $rule_{n}, $service)"
        for n, reach in enumerate(minutes)
    )
    listed = ", ".join(f"{reach!r}::DOUBLE" for reach in minutes)
    return f"WITH sums AS ({sums}) FROM access_of('sums', [{listed}], $day, $service)"


def rule_values(
    scheme: str = DEFAULT_SCHEME, reaches: Sequence[float] | None = None
) -> dict[str, Any]:
    """A weight scheme at each reach, as the values of ``access_rows``.

    Raises
    ------
    RequestError
        When the scheme is unknown, or no pair is kept that far.
    """
    rules = catchment_rules()
    return {f"rule_{n}": rules.rule(scheme, reach) for n, reach in enumerate(_reaches(reaches))}


def reached_rows(scheme: str = DEFAULT_SCHEME) -> str:
    """The query of what a commune of the perimeter reaches: one row per commune × offer.

    Its values are ``$day``, ``$service`` and those of ``reach_values``.

    Raises
    ------
    RequestError
        When the scheme is unknown.
    """
    columns = ", ".join(
        f"any_value(access) FILTER (within_minutes = {reach!r}) AS access_{reach:g}"
        for reach in _reaches(None)
    )
    return f"""
    SELECT r.*, b.beyond, n.minutes AS nearest_minutes, m.minutes AS published_minutes,
        m.vintage AS published_minutes_vintage, g.imputed_share,
        coalesce(e.minutes <= $reach, false) AS edge,
        CASE WHEN e.minutes <= $reach THEN e.missing END AS edge_missing
    FROM (
        SELECT a.code, a.service, a.day_type, {columns}
        FROM ({access_rows(scheme)}) AS a SEMI JOIN perimeter AS p ON p.code = a.code
        GROUP BY a.code, a.service, a.day_type
    ) AS r
    LEFT JOIN beyond_as_of($day, $rule, $service) AS b ON b.code = r.code
        AND b.service = r.service AND b.day_type IS NOT DISTINCT FROM r.day_type
    LEFT JOIN nearest_as_of($day) AS n ON n.code = r.code AND n.service = r.service
    LEFT JOIN published_minutes AS m ON m.code = r.code AND m.service = r.service
    LEFT JOIN grid_demand AS g ON g.code = r.code
    LEFT JOIN edge AS e ON e.code = r.code
    """


def reach_values(scheme: str = DEFAULT_SCHEME) -> dict[str, Any]:
    """A weight scheme, and the reach of the screens, as the values of ``reached_rows``.

    Raises
    ------
    RequestError
        When the scheme is unknown.
    """
    rules = catchment_rules()
    default = rules.reach.default
    return {"reach": default, "rule": rules.rule(scheme, default), **rule_values(scheme)}


def _reaches(asked: Sequence[float] | None) -> Sequence[float]:
    return catchment_rules().reach.sensitivity if asked is None else asked
