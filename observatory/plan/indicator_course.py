"""The values of each indicator over time: its baseline, what was seen since, its target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from observatory.plan.indicator_binding import binding_of
from observatory.plan.indicator_standing import baseline_row
from observatory.plan.plan_followup import register_frame, series_of
from observatory.plan.plan_frames import plan_frame
from observatory.plan.plan_rows import plan_contract
from observatory.versions.frames import records
from observatory.workbook.results import Rows

COURSE = ["indicator", "day", "value", "state", "nature", "broken"]
BASELINE, SEEN, TARGET = "Départ", "Relevé", "Cible"


def indicator_course(
    plan: Mapping[str, Rows], register: Rows, standing: pd.DataFrame, day: date
) -> pd.DataFrame:
    """Every value of each indicator up to a day, then its target.

    Parameters
    ----------
    plan : mapping
        Rows by sheet, in the form of the store.
    register : rows
        Those of the follow-up; none for who may not read it.
    standing : DataFrame
        As ``indicator_standing`` gives it, or ``standing_today``: its values of the day are told
        where the register tells none.

    Returns
    -------
    DataFrame
        One row per value: indicator, day (null when the plan does not say it), value (null when it
        is masked or unknown, ``state`` says which), nature (« Départ », « Relevé », « Cible »),
        broken (computed by another method than the value before: the two do not compare).
        Oldest first within an indicator, its target last.
    """
    seen, stored = register_frame(register), plan_contract().sheet("indicateurs").stored
    declared = {r[0]: dict(zip(stored, r, strict=True)) for r in plan.get("indicateurs", [])}
    readings = plan_frame(plan, "releves").sort_values("date", kind="stable")
    rows = [
        row
        for indicator in records(standing)
        for row in _course(declared[str(indicator["indicator"])], indicator, seen, readings, day)
    ]
    table = pd.DataFrame(rows, columns=COURSE)
    return table.astype({"value": "float64", "day": "datetime64[us]", "broken": bool})


def _course(
    declared: Mapping[str, str],
    standing: Mapping[str, Any],
    seen: pd.DataFrame,
    readings: pd.DataFrame,
    day: date,
) -> Iterator[dict[str, Any]]:
    def point(at: Any, value: Any, nature: str, **more: Any) -> dict[str, Any]:
        common = {"indicator": standing["indicator"], "state": "", "broken": False}
        return {**common, "day": at, "value": value, "nature": nature, **more}

    if pd.notna(standing["baseline"]):
        yield point(standing["baseline_day"], standing["baseline"], BASELINE)
    found = list(_seen(declared, seen, readings, day))
    told = standing["value"], standing["value_day"]
    if pd.notna(told[0]) and not any(one["day"] == told[1] for one in found):
        found.append({"day": told[1], "value": told[0]})
    # Where the register says nothing, the two ends alone tell that the method changed.
    if standing["broken"] and found and not any(one.get("broken") for one in found):
        found[-1]["broken"] = True
    for one in found:
        yield point(one.pop("day"), one.pop("value"), SEEN, **one)
    if pd.notna(standing["target"]):
        yield point(standing["target_day"], standing["target"], TARGET)


def _seen(
    declared: Mapping[str, str], seen: pd.DataFrame, readings: pd.DataFrame, day: date
) -> Iterator[dict[str, Any]]:
    """What was seen of an indicator: by the register when it is bound, else typed in."""
    bound = binding_of(declared)
    if bound is None:
        own = readings[readings["indicateur"] == declared["identifiant"]]
        for row in own[own["date"] <= pd.Timestamp(day)].to_dict("records"):
            yield {"day": row["date"], "value": row["valeur"]}
        return
    start = baseline_row(seen, declared, bound)
    series = series_of(seen, declared["identifiant"], bound)
    for n, row in enumerate(series[series["date"] <= pd.Timestamp(day)].to_dict("records")):
        broken = row["broken"] if n or start is None else start["methode"] != row["methode"]
        yield {
            "day": row["date"], "value": row["valeur"], "state": row["etat"],
            "broken": bool(broken),
        }  # fmt: skip
