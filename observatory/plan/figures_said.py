"""What the figures say of each indicator, by rule, beside what the département did meanwhile.

A statement of what was seen, never of why: nothing here tells that an action did it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory.french import dates, vocabulary
from observatory.french.numbers import number, short_number
from observatory.french.spelling import capital
from observatory.knowledge.departement import departement_name
from observatory.plan.indicator_binding import binding_of
from observatory.plan.meanwhile import Meanwhile
from observatory.plan.observation import FiguresAsked
from observatory.plan.plan_rows import plan_contract
from observatory.versions.frames import records
from observatory.workbook.results import Rows

TITLE = "Ce que disent les chiffres"
HEADINGS = ["Indicateur", "Ici", "Dans le département, aux mêmes dates"]
RULE = (
    "Constats établis par règle : ce qui a été relevé ici et dans le département aux mêmes dates. "
    "Ils ne disent pas pourquoi. Taux du département : ceux que la Caf publie."
)
TYPED = "indicateur saisi, relevé ici seulement"
UNMOVED = "aucun changement"
EXAMPLE = "Exemple de démonstration"


@dataclass(frozen=True)
class FigureSaid:
    """What is said of one indicator.

    Attributes
    ----------
    action, name : str
        The action that it follows; its name and unit.
    here, aim, beside : str
        What was seen of it; where that is of its target; what was seen of the département, or why
        nothing is.
    """

    action: str
    name: str
    here: str
    aim: str
    beside: str


def figures_said(
    figures: FiguresAsked, plan: Mapping[str, Rows], standing: pd.DataFrame
) -> list[FigureSaid]:
    """What the figures say of each indicator of a plan, in its order.

    Parameters
    ----------
    standing : DataFrame
        As ``indicator_standing`` gives it; where it has ``baseline_masked``, a baseline that is
        not told is said to be masked.
    """
    stored = plan_contract().sheet("indicateurs").stored
    declared = {r[0]: dict(zip(stored, r, strict=True)) for r in plan.get("indicateurs", [])}
    said = []
    for row in records(standing):
        unit = str(row["unit"])
        name = f"{row['name']} ({unit})" if unit else str(row["name"])
        own = declared[str(row["indicator"])]
        told = here(row), aimed(row), _beside(figures, own, row)
        said.append(FigureSaid(str(row["action"]), name, *told))
    return said


def here(row: Mapping[str, Any]) -> str:
    """What was seen of an indicator: from when to when, and from what to what."""
    if pd.isna(row["value"]):
        return f"Valeur d'aujourd'hui : {row['state'] or vocabulary.UNKNOWN}."
    now = _dated(row["value"], row["value_day"])
    example = f" {EXAMPLE}." if row["demonstration"] else ""
    if row.get("baseline_masked"):
        return f"{now} ; départ {vocabulary.MASKED}.{example}"
    if pd.isna(row["baseline"]):
        return f"{now} ; sans départ, aucun chemin n'est dit.{example}"
    start = _dated(row["baseline"], row["baseline_day"])
    if row["broken"]:
        return f"{start}, puis {now} : la méthode a changé, aucune comparaison.{example}"
    return f"De {start} à {now}, soit {_moved(row['baseline'], row['value'])}.{example}"


def beside(found: Meanwhile) -> str:
    """What was seen of the département, or why nothing is."""
    named = f"{departement_name(found.departement)} : " if found.departement else ""
    if found.why or found.first is None or found.last is None:
        return capital(f"{named}{vocabulary.UNKNOWN} ({found.why}).")
    return (
        f"{named}de {number(found.first, 1)} en {found.first_year} à {number(found.last, 1)} en "
        f"{found.last_year}, soit {_moved(found.first, found.last)}."
    )


def _beside(figures: FiguresAsked, own: Mapping[str, str], row: Mapping[str, Any]) -> str:
    bound = binding_of(own)
    if bound is None:
        return beside(Meanwhile(why=TYPED))
    if row["broken"]:
        return beside(Meanwhile(why="la méthode a changé entre les deux dates"))
    if pd.isna(row["baseline_day"]) or pd.isna(row["value_day"]):
        return beside(Meanwhile(why="il manque le jour du départ ou celui de la valeur"))
    first, last = row["baseline_day"].date(), row["value_day"].date()
    return beside(figures.meanwhile(bound, first, last))


def aimed(row: Mapping[str, Any]) -> str:
    """The target, and whether it is reached, where it may be told."""
    if pd.isna(row["target"]):
        return "Sans cible."
    aim = f"Cible : {_dated(row['target'], row['target_day'])}"
    if row["reached"] is None or row["broken"]:
        return f"{aim}."
    if row["reached"] is True:
        return f"{aim}, atteinte."
    late = "échéance passée, non atteinte" if row["overdue"] else "pas encore atteinte"
    share = "" if pd.isna(row["share"]) else f", {on_the_way(row['share'])}"
    return f"{aim}, {late}{share}."


def on_the_way(share: float) -> str:
    """Of the way from the baseline to the target, the share done; or that it goes the other way."""
    if share < 0:
        return "s'éloigne de la cible"
    return f"{number(100 * share)}\u00a0% du chemin"


def _dated(value: Any, day: Any) -> str:
    said = short_number(round(float(value), 1))
    return said if pd.isna(day) else f"{said} (le {dates.short_date(day.date())})"


def _moved(first: float, last: float) -> str:
    moved = round(float(last) - float(first), 1)
    return number(moved, 0 if moved == int(moved) else 1, signed=True) if moved else UNMOVED
