"""Where each indicator stands, from its baseline to its target, with today's value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from observatory.french.vocabulary import UNKNOWN
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.indicator_binding import Binding, binding_of
from observatory.plan.observation import FiguresAsked
from observatory.plan.plan_followup import START, register_frame, series_of
from observatory.plan.plan_frames import plan_frame
from observatory.plan.plan_rows import plan_contract
from observatory.plan.plan_words import bound_measures
from observatory.workbook.results import Rows

STANDING = [
    "indicator", "action", "name", "kind", "bound", "unit", "baseline", "baseline_day", "voted",
    "target", "target_day", "value", "value_day", "state", "broken", "share", "reached",
    "overdue", "demonstration",
]  # fmt: skip
VOTED_TO = 0.005  # of a baseline: what was voted was rounded
PLACES = 6  # decimals under which a target is reached


def indicator_standing(plan: Mapping[str, Rows], register: Rows, day: date) -> pd.DataFrame:
    """Each indicator from its baseline to its target, with its latest value up to a day.

    Parameters
    ----------
    plan : mapping
        Rows by sheet, in the form of the store.
    register : rows
        Those of the follow-up, in the form of the store.

    Returns
    -------
    DataFrame
        One row per indicator, in the order of the plan: indicator, action, name, kind, bound (to a
        figure), unit; baseline, baseline_day, voted (typed in; otherwise computed and kept),
        target, target_day; value, value_day, state (« masqué », « inconnu » or nothing); broken
        (the method changed since the baseline); share of the way from the baseline to the target,
        1 when it is there, negative when it went back; reached (True, False, None); overdue (the
        day of the target is past and it is not reached); demonstration (an example is in the
        value). Unknown is null: without a baseline, and over a break, neither a share nor whether
        the target is reached is told.
    """
    seen, stored = register_frame(register), plan_contract().sheet("indicateurs").stored
    readings = plan_frame(plan, "releves").sort_values("date", kind="stable")
    rows = []
    for row in (dict(zip(stored, r, strict=True)) for r in plan.get("indicateurs", [])):
        found = _followed(row, seen, day) if row["service"] else _typed(row, readings, day)
        rows.append({**_declared(row), **found})
    table = pd.DataFrame(rows, columns=[c for c in STANDING if c not in _JUDGED])
    return _judged(table, day)


def value_today(
    figures: FiguresAsked, plan: Mapping[str, Rows], register: Rows, day: date
) -> pd.DataFrame:
    """What a version says by today's method, of the baseline's day and of a day.

    Returns
    -------
    DataFrame
        One row per bound indicator: indicator; recomputed, the value of the baseline's day by the
        method of this version (null without that day, masked or unknown), to stand beside the one
        that was voted; now, the value of the day, with its state; same_method (as that of the
        first observation; None without one).
    """
    seen, stored = register_frame(register), plan_contract().sheet("indicateurs").stored
    rows = []
    for row in (dict(zip(stored, r, strict=True)) for r in plan.get("indicateurs", [])):
        if (bound := binding_of(row)) is None:
            continue
        since, now = row["depart_le"], figures.observe(bound, day)
        start = figures.observe(bound, date.fromisoformat(since)) if since else None
        kept = baseline_row(seen, row, bound)
        rows.append(
            {
                "indicator": row["identifiant"],
                "recomputed": start.value if start else None,
                "now": now.value,
                "state": now.state,
                "same_method": None if kept is None else kept["methode"] == figures.method(bound),
            }
        )
    columns = ["indicator", "recomputed", "now", "state", "same_method"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"recomputed": "float64", "now": "float64", "same_method": object})


def standing_today(
    figures: FiguresAsked, plan: Mapping[str, Rows], register: Rows, day: date
) -> pd.DataFrame:
    """`indicator_standing`, with what the version says where the register says nothing.

    Returns
    -------
    DataFrame
        One row per indicator, its columns and, of a bound indicator: ``recomputed``, the value of
        the baseline's day by today's method; ``now`` and ``now_state``, what the version says of
        the day, or why it does not.
    """
    table = indicator_standing(plan, register, day)
    now = value_today(figures, plan, register, day).set_index("indicator")
    silent = table["bound"] & table["value"].isna() & table["indicator"].isin(now.index)
    asked = table.loc[silent, "indicator"]
    table.loc[silent, "value"] = now["now"].reindex(asked).to_numpy()
    table.loc[silent, "state"] = now["state"].reindex(asked).to_numpy()
    table.loc[silent & table["value"].notna(), "value_day"] = pd.Timestamp(day)
    unvoted = table["bound"] & table["baseline"].isna()
    table["recomputed"] = now["recomputed"].reindex(table["indicator"]).to_numpy()
    table.loc[unvoted, "baseline"] = table.loc[unvoted, "recomputed"]
    # Without the register nothing tells whether the method changed since the vote: what today's
    # method makes of the baseline's day does.
    moved = (table["recomputed"] - table["baseline"]).abs() > VOTED_TO * table["baseline"].abs()
    table.loc[silent & moved, "broken"] = True
    seen = now.reindex(table["indicator"])
    return _judged(table, day).assign(
        recomputed=table["recomputed"],
        now=seen["now"].to_numpy(),
        now_state=seen["state"].to_numpy(),
    )


_JUDGED = ("share", "reached", "overdue")


def _declared(row: Mapping[str, str]) -> dict[str, Any]:
    """What the plan says of an indicator."""
    bound = binding_of(row)
    return {
        "indicator": row["identifiant"],
        "action": row["action"],
        "name": row["nom"],
        "kind": row["genre"],
        "bound": bound is not None,
        "unit": _unit(bound) if bound else row["unite"],
        "baseline": float(row["depart"]) if row["depart"] else None,
        "baseline_day": row["depart_le"] or None,
        "voted": bool(row["depart"]),
        "target": float(row["cible"]) if row["cible"] else None,
        "target_day": row["cible_le"] or None,
    }


def _unit(bound: Binding) -> str:
    """The unit of a bound figure, in people's words."""
    service, column = nomenclature().services[bound.service], bound_measures()[bound.measure].column
    if column == "public":
        return "personnes"
    return service.rate_label if column.endswith("rate") else service.unit


def _followed(row: Mapping[str, str], seen: pd.DataFrame, day: date) -> dict[str, Any]:
    """The latest observation of a bound indicator, and its baseline when it was computed."""
    bound = binding_of(row)
    assert bound is not None
    series = series_of(seen, row["identifiant"], bound)
    series = series[series["date"] <= pd.Timestamp(day)]
    kept, found = baseline_row(seen, row, bound), dict[str, Any]()
    if not row["depart"] and kept is not None:
        found["baseline"] = kept["valeur"]
    if series.empty:
        return {**found, "state": UNKNOWN, "broken": False, "demonstration": False}
    last = series.iloc[-1]
    return {
        **found,
        "value": last["valeur"],
        "value_day": last["date"],
        "state": last["etat"],
        "broken": bool(kept is not None and kept["methode"] != last["methode"]),
        "demonstration": bool(last["demonstration"]),
    }


def baseline_row(seen: pd.DataFrame, row: Mapping[str, str], bound: Binding) -> Any:
    """The observation that keeps the baseline and its method; None before the first one."""
    own = seen[
        (seen["indicateur"] == row["identifiant"])
        & (seen["figure"] == bound.text)
        & (seen["genre"] == START)
    ]
    if row["depart_le"]:
        own = own[own["date"] == pd.Timestamp(row["depart_le"])]
    return None if own.empty else own.iloc[0]


def _typed(row: Mapping[str, str], readings: pd.DataFrame, day: date) -> dict[str, Any]:
    """The latest value typed in."""
    own = readings[
        (readings["indicateur"] == row["identifiant"]) & (readings["date"] <= pd.Timestamp(day))
    ]
    if own.empty:
        return {"state": UNKNOWN, "broken": False, "demonstration": False}
    last = own.iloc[-1]
    return {
        "value": last["valeur"],
        "value_day": last["date"],
        "state": "",
        "broken": False,
        "demonstration": False,
    }


def _judged(table: pd.DataFrame, day: date) -> pd.DataFrame:
    """The share of the way, and whether the target is reached, where both may be told."""
    for name in ("baseline_day", "target_day", "value_day"):
        table[name] = pd.to_datetime(table[name])
    for name in ("baseline", "target", "value"):
        table[name] = table[name].astype("float64")
    way, done = table["target"] - table["baseline"], table["value"] - table["baseline"]
    told = way.notna() & done.notna() & ~table["broken"].astype(bool)
    table["share"] = (done / way.mask(way.abs() < 10**-PLACES)).where(told)
    left = (table["target"] - table["value"]) * way.map(lambda w: -1.0 if w < 0 else 1.0)
    reached = (left <= 10**-PLACES).astype(object)
    table["reached"] = reached.where(told, None)
    past = table["target_day"].notna() & (table["target_day"] < pd.Timestamp(day))
    table["overdue"] = past & (table["reached"] == False)  # noqa: E712 (None is neither)
    return table[STANDING]
