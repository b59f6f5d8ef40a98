"""The plan that the territory follows, said in lines: by axis, what is late, the indicators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from observatory.french.dates import short_date
from observatory.french.numbers import plural, short_number
from observatory.french.vocabulary import UNKNOWN
from observatory.plan.followed_plan import FollowedPlan
from observatory.plan.indicator_standing import indicator_standing
from observatory.plan.plan_words import ACTION_STATUSES
from observatory.plan.progress import progress, progress_by_axis

REACHED = {True: "cible atteinte", False: "cible non atteinte"}
BROKEN = "méthode changée depuis le départ : aucun progrès n'est dit"


def told(plan: FollowedPlan, day: date) -> Iterator[str]:
    """The plan in lines, as it stands on a day."""
    if not plan.tables:
        yield "Aucun plan d'actions : en charger un avec « observatory plan load »."
        return
    if plan.is_example:
        yield "Plan de démonstration : un exemple, pas celui du territoire."
    actions = progress(plan.tables, plan.register, day)
    for row in progress_by_axis(plan.tables, plan.register, day).to_dict("records"):
        yield f"{row['axis']} : {plural(row['actions'], 'action')} ({_statuses(row)})"
        for action in actions[actions["axis"] == row["axis"]].to_dict("records"):
            late = ", en retard" if action["late"] else ""
            status = ACTION_STATUSES[str(action["status"])]
            yield f"  {action['action']} · {action['title']} · {status}{late}"
    for row in indicator_standing(plan.tables, plan.register, day).to_dict("records"):
        yield _indicator(row)


def _statuses(row: dict[Any, Any]) -> str:
    said = [f"{label.lower()} {row[s]}" for s, label in ACTION_STATUSES.items() if row[s]]
    return ", ".join([*said, f"en retard {row['late']}"] if row["late"] else said)


def _indicator(row: dict[Any, Any]) -> str:
    parts = [
        _dated("départ", row["baseline"], row["baseline_day"]),
        _dated("cible", row["target"], row["target_day"]),
        _dated("dernière valeur", row["value"], row["value_day"], str(row["state"])),
    ]
    if row["broken"]:
        parts.append(BROKEN)
    elif row["reached"] in REACHED:
        parts.append(REACHED[row["reached"]])
    if row["demonstration"]:
        parts.append("démonstration")
    return f"{row['indicator']} · {row['name']}, en {row['unit']} : {' ; '.join(parts)}"


def _dated(what: str, value: Any, day: Any, state: str = "") -> str:
    said = state or UNKNOWN if pd.isna(value) else short_number(round(value, 1))
    return f"{what} {said}" + ("" if pd.isna(day) else f" ({short_date(day.date())})")
