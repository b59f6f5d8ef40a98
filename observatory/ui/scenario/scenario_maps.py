"""Before, after, and what changes: three maps that move together."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from observatory.french import dates, numbers
from observatory.french.spelling import inside
from observatory.knowledge.question import Question
from observatory.maps.difference_map import difference_paint
from observatory.maps.measures import MEASURES
from observatory.maps.specification import MapPaint
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.scenario.scenario_change import Scenario
from observatory.scenario.what_if import WhatIf
from observatory.ui.controls.rail import select_commune
from observatory.ui.map.component import mount_map
from observatory.ui.map.message import payload
from observatory.ui.scenario.scenario_of_visit import found
from observatory.ui.shell import data
from observatory.ui.shell.data import Ground, Version
from observatory.ui.shell.kept import remembered
from observatory.ui.shell.loader import packed, written

LINK = "et-si"
SIDES = ("Avant", "Après", "Différence")
MOVES = {"ecart_acces": "reached", "ecart": "gap"}
"""The figure whose difference is drawn, by measure of the map."""


@remembered()
def ready_maps(
    version: Version, scenario: Scenario, question: Question, measure: str
) -> tuple[bytes, ...]:
    """The messages of the three maps."""
    files, answer = data.static_files(version), found(version, scenario, question)
    return tuple(
        packed(written(payload(paint, files, name=f"si{n}", link=LINK)))
        for n, paint in enumerate(paints(version, answer, measure))
    )


def show_maps(
    version: Version, ground: Ground, answer: WhatIf, measure: str, focus: str | None
) -> None:
    """Draw them side by side; a commune that is pressed is told first."""
    ready = ready_maps(version, answer.scenario, answer.question, measure)
    with st.container(key="cartes-si"):
        for place, n in zip(st.columns(3), range(3), strict=True):
            with place:
                mount_map(
                    ready[n],
                    ground.files,
                    {"selected": focus, "points": None},
                    key=f"carte_si_{n}",
                    on_select=select_commune,
                )


def paints(version: Version, answer: WhatIf, measure: str) -> tuple[MapPaint, ...]:
    """What the three maps show."""
    info, view = data.info(version), View(answer.question, measure)
    day = dates.long_date(answer.question.as_of)
    # What the figures are is said once above the three.
    before, after = (
        replace(
            painting(view, _rows(table), info),
            title=f"{side} : {inside(view.measure.label(view.service))}",
            sentence=f"{how} le scénario, au {day}.",
        )
        for side, how, table in zip(
            SIDES, ("Sans", "Avec"), (answer.before, answer.after), strict=False
        )
    )
    rows = answer.communes.set_index("code").loc[list(before.codes)]
    moved = rows[f"{MOVES[measure]}_more"]
    unit = MEASURES[measure].unit(view.service)
    what = (
        f"En plus ou en moins dans les {numbers.short_number(answer.minutes)} minutes, en {unit}."
        if measure == "ecart_acces"
        else f"En plus ou en moins dans la commune elle-même, en {unit}."
    )
    hidden = (rows["masked"] & moved.isna() & (measure == "ecart")).tolist()
    difference = difference_paint(before, moved.tolist(), hidden, SIDES[2], what)
    return before, after, difference


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    """The communes of an answer under the names that the maps know."""
    rows = table[table["code"].notna()]
    return rows.rename(columns={"reached": "access_supply", "reached_gap": "access_gap"}).assign(
        access_suppressed=False
    )
