"""How the figures that the indicators of an action follow are made, on each of their days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from observatory.errors import RequestError
from observatory.french.dates import long_date, short_date
from observatory.knowledge.question import Question
from observatory.plan.indicator_binding import Binding, binding_of
from observatory.plan.plan_rows import plan_contract
from observatory.plan.plan_words import bound_measures
from observatory.ui.plan.calendar import day_of
from observatory.ui.plan.tables_of_plan import value_words
from observatory.ui.shell import blocks
from observatory.ui.shell.data import Version
from observatory.ui.shell.fold import on_demand
from observatory.ui.tables.how_made import explained, show_steps
from observatory.versions.frames import records
from observatory.workbook.results import Rows

SAME = 0.05
"""How far two values may be that are read as one."""
RESTS_ON = {
    "need": ("public", "target"),
    "gap": ("public", "target", "need", "part", "supply"),
    "supply": ("part",),
    "rate": ("public", "part", "supply"),
    "access_rate": ("public",),
}
"""The steps of which a figure is made, by its column; the others have none but their own."""
SEVERAL = "Ce chiffre réunit plusieurs communes : la fiche de chacune dit comment le sien est fait."


def offer_figures_made(
    version: Version, plan: Mapping[str, Rows], indicators: pd.DataFrame, today: date
) -> None:
    """Offer, for each indicator bound to a figure, how it is made, in a part that opens.

    Parameters
    ----------
    plan : mapping
        Rows by sheet: the whole plan, or its public part.
    indicators : DataFrame
        Those of the action, as ``plan.indicator_standing.standing_today`` gives them.
    """
    stored = plan_contract().sheet("indicateurs").stored
    rows = [dict(zip(stored, row, strict=True)) for row in plan.get("indicateurs", [])]
    bound = {row["identifiant"]: binding_of(row) for row in rows}
    for n, indicator in enumerate(records(indicators)):
        figure = bound.get(str(indicator["indicator"]))
        if figure is not None:
            on_demand(
                f"Comment ce chiffre est fait : {blocks.as_label(str(indicator['name']))}",
                partial(_show, version, figure, indicator, today),
                key=f"plan_calcul_{n}",
            )


def _show(version: Version, bound: Binding, indicator: Mapping[str, Any], today: date) -> None:
    """At the baseline, today, on the day of the target, as the version tells each of them."""
    if len(bound.codes) > 1:
        blocks.paragraph(SEVERAL)
        return
    for when, day in _days(indicator, today):
        st.subheader(f"{when}, {short_date(day)}", anchor=False)
        try:
            _one_day(version, bound, day, whole=day == today)
        except RequestError as error:
            blocks.paragraph(f"Ne peut pas être dit ce jour-là : {error}.")
    blocks.notes(_given(indicator))


def _one_day(version: Version, bound: Binding, day: date, *, whole: bool) -> None:
    """Every step up to the figure that is followed; whole: with the establishments that count."""
    question = Question(
        bound.service, bound.day_type or None, bound.definition or None, as_of=day
    ).settled()
    code = bound.codes[0] if bound.codes else None
    figures, _ = explained(version, question, code)
    column = bound_measures()[bound.measure].column
    steps = [s for s in figures.steps if s.figure in (column, *RESTS_ON.get(column, ()))]
    if figures.step(column) is None:
        blocks.paragraph(
            "Aucun calcul n'est donné de ce chiffre : la page « Tableau » le donne avec sa source."
        )
        return
    show_steps(f"{figures.name}, {long_date(day)}", steps, places=whole)


def _days(indicator: Mapping[str, Any], today: date) -> list[tuple[str, date]]:
    """The days that the indicator is told of, each once."""
    told = [
        ("Au départ", day_of(indicator["baseline_day"])),
        ("Aujourd'hui", today),
        ("Le jour de la cible, avec ce qui est déjà connu", day_of(indicator["target_day"])),
    ]
    seen: dict[date, str] = {}
    for when, day in told:
        if day is not None:
            seen.setdefault(day, when)
    return [(when, day) for day, when in seen.items()]


def _given(indicator: Mapping[str, Any]) -> list[str]:
    """What is not computed: the target, and the baseline that was voted or kept."""
    told = []
    if pd.notna(indicator["target"]):
        told.append(
            f"La cible, {value_words(indicator, 'target')}, est celle que le plan a votée : elle "
            "ne se calcule pas."
        )
    again, start = indicator["recomputed"], indicator["baseline"]
    if pd.notna(again) and pd.notna(start) and abs(float(again) - float(start)) > 0.05:
        told.append(
            f"Le départ gardé, {value_words(indicator, 'baseline')}, est celui qui a été voté ; "
            f"la version d'aujourd'hui donne {value_words(indicator, 'recomputed')} ce jour-là."
        )
    return told
