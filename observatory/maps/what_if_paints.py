"""What the three maps of a scenario show: before, after, and what changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from observatory.french import dates, numbers
from observatory.french.spelling import inside
from observatory.maps.difference_map import difference_paint
from observatory.maps.document.html_map import DocumentMeasure, map_html
from observatory.maps.measures import MEASURES
from observatory.maps.picture.rendering import map_svg
from observatory.maps.shapes import Shapes
from observatory.maps.specification import MapPaint
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.scenario.scenario_in_words import Toponyms, said
from observatory.scenario.what_if import SIMULATION, WhatIf

SIDES = ("Avant", "Après", "Différence")
MOVES = {"ecart_acces": "reached", "ecart": "gap"}
"""The figure whose difference is drawn, by measure of the map."""


def scenario_paints(
    answer: WhatIf, measure: str, info: dict[str, Any]
) -> tuple[MapPaint, MapPaint, MapPaint]:
    """The maps of a scenario, in the order of ``SIDES``.

    Parameters
    ----------
    measure : str
        A key of ``MOVES``.
    info : dict
        Record of the version (`observatory.versions.record.info`).
    """
    view = View(answer.question, measure)
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


def scenario_picture(
    shapes: Shapes,
    paints: Sequence[MapPaint],
    side: int,
    answer: WhatIf,
    names: Toponyms,
    territory: str,
) -> str:
    """One of the maps, as an SVG that says what the scenario changes."""
    paint = paints[side]
    if side == SIDES.index("Différence"):
        name = answer.scenario.name
        told = f"{said(answer, names)} {paint.sentence} {SIMULATION}."
        paint = replace(paint, title=f"Ce que changerait « {name} »", sentence=told)
    else:
        paint = replace(paint, sentence=f"{paint.sentence} {_nature(answer)}")
    return map_svg(shapes, paint, territory=territory)


def scenario_document(
    shapes: Shapes, paints: Sequence[MapPaint], answer: WhatIf, names: Toponyms, territory: str
) -> str:
    """The three maps as layers of one HTML file, the difference first, with the answer in words."""
    order = (2, 0, 1)
    return map_html(
        shapes,
        [DocumentMeasure(SIDES[n], paints[n]) for n in order],
        territory=territory,
        answer=f"{said(answer, names)} {_nature(answer)}",
    )


def _nature(answer: WhatIf) -> str:
    return f"Scénario « {answer.scenario.name} ». {SIMULATION}."


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    """The communes of an answer under the names that the maps know."""
    rows = table[table["code"].notna()]
    return rows.rename(columns={"reached": "access_supply", "reached_gap": "access_gap"}).assign(
        access_suppressed=False
    )
