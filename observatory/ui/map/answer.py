"""Answer to a question of the map, computed once for every visitor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from observatory.maps.circles import shared
from observatory.maps.largest_shortfalls import shortfalls
from observatory.maps.specification import MapPaint
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.ui.shell import data
from observatory.ui.shell.data import Version
from observatory.ui.shell.kept import remembered, size_of

PAINTED = 300
"""Bytes of a commune's values and classes, about."""


@dataclass(frozen=True, eq=False)
class MapAnswer:
    """What the page shows for a view; shared between sessions: to be read, never changed.

    Attributes
    ----------
    view : View
        The question, whatever the commune in focus.
    table : DataFrame
        Every need definition of the service and day type: one row per commune, and the territory's.
    rows, total : DataFrame
        Those of the view's definition: one row per commune; the territory's own row.
    paint : MapPaint
        The map.
    shortfalls : list of tuple, or None
        The communes that lack most (`observatory.maps.largest_shortfalls`).
    """

    view: View
    table: pd.DataFrame
    rows: pd.DataFrame
    total: pd.DataFrame
    paint: MapPaint
    shortfalls: list[tuple[str, str, float]] | None

    @cached_property
    def size(self) -> int:
        """Bytes that it holds, about: the whole table is kept where it was asked."""
        return size_of(self.rows) + PAINTED * len(self.rows)

    @property
    def sums(self) -> pd.Series[Any]:
        """The territory's figures."""
        return self.total.iloc[0]


def answer(version: Version, view: View) -> MapAnswer:
    """The answer to a view; the commune in focus changes nothing to it."""
    return _answer(version, replace(view, commune=None))


@remembered()
def _answer(version: Version, view: View) -> MapAnswer:
    ask = data.access_table if view.measure.reach else data.gap_table
    table = ask(version, view.question.for_every_need())
    shown = table[table["definition"] == view.definition]
    rows, total = shown[shown["code"].notna()], shown[shown["code"].isna()]
    facts = data.commune_facts(version)
    population = dict(zip(facts["code"], facts["population"], strict=True))
    paint = painting(view, rows, data.info(version), population)
    return MapAnswer(view, table, rows, total, paint, shortfalls(view, rows))


def paints(answers: list[MapAnswer]) -> list[MapPaint]:
    """The maps of the page; circles of one unit are drawn to one scale."""
    every = [one.paint for one in answers]
    if len(every) == 2 and every[0].unit == every[1].unit:
        one, other = every[0].scale, every[1].scale
        if one and other:
            return [replace(paint, scale=shared(one, other)) for paint in every]
    return every
