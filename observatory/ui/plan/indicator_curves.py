"""The indicators of the plan as small curves, from their baseline to their target; their twin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from observatory.french import dates, numbers
from observatory.french.numbers import number
from observatory.french.spelling import capital
from observatory.french.vocabulary import NOTHING
from observatory.markup import element
from observatory.plan.indicator_course import TARGET
from observatory.ui.charts.course import CoursePoint, course
from observatory.ui.plan.calendar import day_of
from observatory.ui.plan.tables_of_plan import verdict
from observatory.ui.shell import blocks
from observatory.ui.shell.fold import on_demand
from observatory.ui.tables.narrow import wide_table
from observatory.versions.frames import records

BROKEN = "autre méthode que la valeur d'avant"
SIGNS = (
    "Trait plein : les valeurs relevées, la dernière en gras. Losange et tirets : la cible et le "
    "chemin qui reste. L'échelle va de la plus petite valeur à la plus grande, sans partir de zéro."
)


def show_curves(standing: pd.DataFrame, course_of: pd.DataFrame) -> None:
    """Draw a curve for each indicator that has two values to join, and all values as a table.

    Parameters
    ----------
    standing : DataFrame
        As ``standing_today`` gives it.
    course_of : DataFrame
        As ``indicator_course`` gives it, of these indicators.
    """
    each = [
        (indicator, course_of[course_of["indicator"] == indicator["indicator"]])
        for indicator in records(standing)
    ]
    drawn = [curve(indicator, values) for indicator, values in each]
    if any(drawn):
        st.html(element("div", *drawn, class_="obs-courses"))
        broken = bool(course_of["broken"].any())
        blocks.paragraph(SIGNS + " Trait vertical : la méthode a changé." * broken)
    rows = [_row(indicator, row) for indicator, values in each for row in records(values)]
    if rows:
        on_demand(
            "Les valeurs des indicateurs en tableau",
            lambda: wide_table(
                "Valeurs des indicateurs, du départ à la cible",
                ["Indicateur", "Date", "Valeur", "Unité", "Nature"],
                rows,
                words={1, 3, 4},
                dense=True,
            ),
            key="valeurs_indicateurs",
        )


def curve(indicator: Mapping[str, Any], values: pd.DataFrame) -> str:
    """The curve of one indicator; nothing where two values cannot be joined."""
    dated = [(row, day_of(row["day"])) for row in records(values)]
    points = [
        (str(row["nature"]), CoursePoint(day, _known(row["value"]), bool(row["broken"])))
        for row, day in dated
        if day
    ]
    seen = sorted((p for nature, p in points if nature != TARGET), key=lambda p: p.day)
    target = next((p for nature, p in points if nature == TARGET), None)
    unit = str(indicator["unit"])
    title = f"{indicator['name']} ({unit})" if unit else str(indicator["name"])
    told = " ; ".join(
        f"{row['nature'].lower()}, {dates.short_date(day)} : {_value(row)}"
        for row, day in dated
        if day
    )
    return course(
        title, seen, target, f"{title} : {told}.", _written, f"{capital(verdict(indicator))}."
    )


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _written(value: float) -> str:
    return number(value, 0 if value == round(value) else 1)


def _value(row: Mapping[str, Any]) -> str:
    value = _known(row["value"])
    return str(row["state"]) or numbers.UNKNOWN if value is None else _written(value)


def _row(indicator: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    day, nature = day_of(row["day"]), str(row["nature"])
    return [
        str(indicator["name"]),
        dates.short_date(day) if day else NOTHING,
        _value(row),
        str(indicator["unit"]),
        f"{nature}, {BROKEN}" if row["broken"] else nature,
    ]
