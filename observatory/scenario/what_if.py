"""What a scenario would change: the answers of a version before and after, side by side.

Both are asked of the same macros, with the same filters of secrecy: a figure that is masked or
unknown on one side has no difference. Simulation, not a forecast.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from observatory.answers.gaps import gaps
from observatory.answers.masked_cells import is_masked
from observatory.answers.reach_query import access_rows, rule_values
from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.scenario.money_of_scenario import MoneyLine, money
from observatory.scenario.scenario_change import CHILDMINDERS, Scenario
from observatory.scenario.scenario_readers import LATER, before_supply
from observatory.scenario.version_overlay import laid_over
from observatory.versions.frames import frame

EVERY_CARE = "accueil_0_2"
SIMULATION = "Simulation, pas prévision"
FIGURES = ("public", "need", "supply", "gap", "reached", "reached_gap")
"""Figures of which the difference is told."""
UNREAD = ("edge", "reach_report")
"""Tables of a version that ``answered`` never reads: what weakens a figure at the border."""
REACHED = """
SELECT p.code, r.access / s.rate_per AS per_child
FROM perimeter AS p
JOIN ({reached}) AS r ON r.code = p.code
    AND r.service = $service AND r.day_type IS NOT DISTINCT FROM $day_type
JOIN service AS s ON s.id = r.service
"""


@dataclass(frozen=True)
class WhatIf:
    """A scenario answered for one question.

    Attributes
    ----------
    question : Question
        Settled: one service, one type of day, one need definition, one day.
    minutes : float
        Reach of the accessible supply.
    before, after : DataFrame
        Given by ``answered``.
    table : DataFrame
        One row per commune of the perimeter, by name, then the territory's (``code`` null): code,
        name; for each of ``FIGURES`` ``<figure>_before``, ``_after`` and ``_more``, in the unit of
        the service (``reached``: places that its children reach, A × P, and ``reached_more`` what
        as many children as before reach more); ``deficit_count_before``,
        ``_after`` and ``definition_count_before``, ``_after``; ``masked``; ``reliability``.
        ``_more`` is NaN where a side is unknown or masked.
    notes : tuple of str
        How changes were understood, as sentences.
    money : tuple of MoneyLine
        What its places cost and bring.
    demonstration : bool
        Whether a figure of it is of the demonstration.
    establishments : mapping
        Name of each establishment of the version that the scenario names, by its id.
    """

    scenario: Scenario
    question: Question
    minutes: float
    before: pd.DataFrame
    after: pd.DataFrame
    table: pd.DataFrame
    notes: tuple[str, ...]
    money: tuple[MoneyLine, ...]
    demonstration: bool
    establishments: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes that it holds, about."""
        tables = (self.before, self.after, self.table)
        return sum(int(t.memory_usage(deep=True).sum()) for t in tables)

    @property
    def communes(self) -> pd.DataFrame:
        """The rows of the communes."""
        return self.table[self.table["code"].notna()]

    @property
    def territory(self) -> pd.Series:
        """The row of the territory."""
        return self.table[self.table["code"].isna()].iloc[0]


def usual_question(con: duckdb.DuckDBPyConnection, scenario: Scenario, today: date) -> Question:
    """The question that a scenario is about: what it changes, once every change holds."""
    day = max(scenario.last_day, today)
    for service in changed_services(con, scenario):
        kinds = [c.jour for c in scenario.changes if c.jour]
        kind = next((k for k in kinds if k in nomenclature().services[service].day_types), None)
        return Question(measured_by(service), kind, as_of=day).settled()
    return Question(EVERY_CARE, as_of=day).settled()


def supply_since(con: duckdb.DuckDBPyConnection) -> date | None:
    """The first day of which a version knows a supply; None where it knows none."""
    ((since,),) = con.execute("SELECT min(since)::DATE FROM known_offer").fetchall()
    return since if isinstance(since, date) else None


def changed_services(con: duckdb.DuckDBPyConnection, scenario: Scenario) -> list[str]:
    """The services that a scenario changes, in its order; children and dwellings name none."""
    named = {c.etablissement for c in scenario.changes if c.etablissement}
    services = services_of(con, named)
    found = [
        CHILDMINDERS if c.changement == "depart" else c.service or services.get(c.etablissement, "")
        for c in scenario.changes
    ]
    return list(dict.fromkeys(s for s in found if s))


def services_of(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, str]:
    """The service of each establishment of a version among some ids."""
    query = "SELECT id, service FROM establishment WHERE list_contains(?, id)"
    return dict(con.execute(query, [sorted(ids)]).fetchall())


def measured_by(service: str) -> str:
    """The service against whose need another is measured: itself, or the least that holds it.

    Where the usual need is the mean of the territory, what opens moves the need with it: a service
    made of this one and of others, that has a need of its own, says more.
    """
    names = nomenclature()
    one = names.services[service]
    if names.definitions[one.definitions[0]].kind != "territory":
        return service
    holding = [
        (len(s.parts), id_)
        for id_, s in names.services.items()
        if service in s.parts and names.definitions[s.definitions[0]].kind != "territory"
    ]
    return min(holding)[1] if holding else service


def what_if(
    con: duckdb.DuckDBPyConnection,
    scenario: Scenario,
    question: Question,
    *,
    scheme: str = DEFAULT_SCHEME,
    minutes: float | None = None,
    before: pd.DataFrame | None = None,
) -> WhatIf:
    """Answer a question before and after a scenario.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open on a version.
    scheme, minutes
        Weights and reach of the accessible supply; the default ones when absent.
    before : DataFrame, optional
        What ``answered`` gave for the same question of the version, where it is kept.

    Raises
    ------
    RequestError
        When the question or a change cannot be answered by this version.
    """
    asked = question.settled()
    since = supply_since(con)
    for change in scenario.changes:
        if since is not None and change.date < since:
            raise RequestError(before_supply(change.date, since), mend=LATER)
    reach = catchment_rules().reach.default if minutes is None else minutes
    if before is None:
        before = answered(con, asked, scheme=scheme, minutes=reach)
    with laid_over(con, scenario.changes, asked.as_of, unread=UNREAD) as (over, applied):
        after = answered(over, asked, scheme=scheme, minutes=reach)
    named = {c.etablissement for c in scenario.changes if c.etablissement}
    services = services_of(con, named)
    names = con.execute(
        "SELECT id, name FROM establishment WHERE list_contains(?, id)", [sorted(named)]
    ).fetchall()
    table = side_by_side(before, after)
    return WhatIf(
        scenario,
        asked,
        reach,
        before,
        after,
        table,
        tuple(dict.fromkeys(applied.notes)),
        tuple(money(scenario, services)),
        bool(before["demonstration"].any()),
        dict(names),
    )


def answered(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    scheme: str = DEFAULT_SCHEME,
    minutes: float | None = None,
) -> pd.DataFrame:
    """The gap table of one question with the places that the children of each commune reach.

    Returns
    -------
    DataFrame
        The rows of ``gaps`` for the definition asked, by name, the territory's last, with
        ``reached`` (A × P, the sum of the communes' for the territory; NaN for services that
        nobody travels to) and ``reached_gap`` = reached − need.
    """
    try:
        every = gaps(con, question)
    except RequestError:
        # A target that the scenario alone votes: nothing is short of it before.
        if question.definition != "voted":
            raise
        usual = Question(question.service, question.day_type, as_of=question.as_of).settled()
        every = gaps(con, usual).assign(
            definition="voted", need=float("nan"), gap=float("nan"), target=float("nan")
        )
    reach = catchment_rules().reach.default if minutes is None else minutes
    found = frame(
        con,
        REACHED.format(reached=access_rows(scheme, [reach])),
        {
            "day": question.as_of,
            "service": question.service,
            "day_type": question.day_type,
            **rule_values(scheme, [reach]),
        },
    )
    table = every.merge(found[["code", "per_child"]], on="code", how="left")
    # Pupils are looked after at their own school: nothing else is reached.
    reached = (table["per_child"] * table["public"]).where(~_at_school(con, question, table))
    own = table["code"].notna()
    if reached[own].notna().all():
        reached = reached.where(own, reached[own].sum())
    table = table.assign(reached=reached, reached_gap=reached - table["need"])
    order = table["code"].isna()
    return (
        table.assign(_last=order)
        .sort_values(["_last", "name"], ignore_index=True)
        .drop(columns=["_last", "per_child"])
    )


def side_by_side(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Two answers to one question as one table; see ``WhatIf.table``."""
    counts = ["deficit_count", "definition_count"]
    sides = [
        t.set_index(t["code"].fillna(""))[[*FIGURES, *counts, "masked"]] for t in (before, after)
    ]
    one, two = sides[0], sides[1].loc[sides[0].index]
    told = before[["code", "name", "reliability"]].set_index(before["code"].fillna(""))
    hidden = {
        figure: _hidden(before, figure).to_numpy() | _hidden(after, figure).to_numpy()
        for figure in FIGURES
    }
    columns: dict[str, pd.Series] = {}
    for name in (*FIGURES, *counts):
        columns[f"{name}_before"], columns[f"{name}_after"] = one[name], two[name]
        if name in FIGURES:
            columns[f"{name}_more"] = (two[name] - one[name]).mask(hidden[name])
    columns["reached_more"] = _reached_more(one, two)
    return told.assign(**columns, masked=one["masked"] | two["masked"]).reset_index(drop=True)


def _reached_more(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    """What the children of before reach more: those who came take their part, and are no gain."""
    more = after["reached"] - before["reached"]
    public, now = before["public"], after["public"]
    each = after["reached"] / now.where(now > 0) - before["reached"] / public.where(public > 0)
    more = more.where((public == now) | more.isna(), each * public)
    own = more.index != ""
    if more[own].notna().all() and more[~own].notna().all():
        more = more.where(own, more[own].sum())
    return more


def _hidden(table: pd.DataFrame, figure: str) -> pd.Series:
    """Whether a figure of each row is masked."""
    if figure.startswith("reached"):
        return pd.Series(False, index=table.index)
    return pd.Series([is_masked(r, figure) for r in table.to_dict("records")], index=table.index)


def _at_school(
    con: duckdb.DuckDBPyConnection, question: Question, table: pd.DataFrame
) -> pd.Series:
    found = con.execute(
        "SELECT bool_or(b.schooled) FROM offer AS o JOIN public AS b ON b.id = o.public "
        "WHERE o.service = ? AND o.day_type IS NOT DISTINCT FROM ?",
        [question.service, question.day_type],
    ).fetchone()
    return ~table["resident"] if found and found[0] else pd.Series(False, index=table.index)
