"""A map of what changes: one figure per commune, more or less, around what does not move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from observatory.french.numbers import short_number
from observatory.maps.classes import Classification, classify
from observatory.maps.specification import MapPaint

BREAKS = (0.1, 1.0, 5.0, 20.0)
"""Amounts from which a difference is of another class, either side of nothing."""
DECIMALS = 1


def difference_paint(
    like: MapPaint, values: Sequence[float], masked: Sequence[bool], title: str, sentence: str
) -> MapPaint:
    """The map of a difference, with the sources and the unit of another one.

    Parameters
    ----------
    like : MapPaint
        The map of one of the two sides, for the same communes in the same order.
    values : sequence of float
        The differences, in its unit; NaN is unknown.
    masked : sequence of bool
        Communes whose missing difference is hidden, not unknown.
    """
    told: list[float | None] = [None if pd.isna(v) else float(v) for v in values]
    return replace(
        like,
        values=told,
        classification=_classes(told, masked),
        title=title,
        sentence=sentence,
        legend_title=f"Différence, en {like.unit}",
        decimals=DECIMALS,
        columns=(),
        unknown=[],
        legend_note="",
    )


def _classes(values: list[float | None], masked: Sequence[bool]) -> Classification:
    """Classes either side of nothing; a count, so that no word says that something lacks."""
    found = classify(values, kind="gap", unit="", breaks=BREAKS, masked=list(masked))
    between = [f"{short_number(a)} à {short_number(b)}" for a, b in pairwise(BREAKS)]
    sizes = [*between, f"au moins {short_number(BREAKS[-1])}"]
    labels = (
        *(f"{size} en moins" for size in sizes[::-1]),
        f"moins de {short_number(BREAKS[0])}",
        *(f"{size} en plus" for size in sizes),
    )
    return replace(found, kind="count", labels=labels)
