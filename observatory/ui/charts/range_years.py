"""Chart of two ranges a year, in plain HTML: what is needed, and what there will be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from observatory.french import numbers
from observatory.markup import element, said

ROOM = 0.08
"""Share of the height left free above and below the ranges."""


@dataclass(frozen=True)
class YearRange:
    """Low, middle and high of the need and of the supply in a year; None where unknown."""

    year: int
    need: tuple[float, float, float] | None
    supply: tuple[float, float, float] | None


def show_range_years(ranges: Sequence[YearRange], unit: str, need: str, alt: str) -> None:
    """Draw the ranges; nothing where none is known.

    Parameters
    ----------
    unit : str
        In the plural, for the legend.
    need : str
        What the first range is called.
    alt : str
        What the figure shows, for those who do not see it.
    """
    if html := range_years(ranges, unit, need, alt):
        st.html(html)


def range_years(ranges: Sequence[YearRange], unit: str, need: str, alt: str) -> str:
    """The ranges as HTML; see ``show_range_years``."""
    every = [v for r in ranges for bar in (r.need, r.supply) if bar for v in bar]
    if not every:
        return ""
    least, most = min(every), max(every)
    room = ROOM * max(most - least, 0.1 * most, 1.0)
    bottom = 0.0 if least < most / 3 else _round_down(least - room)
    top = most + room

    def bar(kind: str, values: tuple[float, float, float] | None) -> str:
        if values is None:
            return element("i", class_=f"{kind} none")
        low, middle, high = (100 * (v - bottom) / (top - bottom) for v in values)
        height = max(high - low, 1.5)
        tick = element("b", style=f"bottom:{100 * (middle - low) / height:.1f}%")
        return element("i", tick, class_=kind, style=f"bottom:{low:.1f}%;height:{height:.1f}%")

    columns = (
        element(
            "div",
            bar("need", one.need),
            bar("supply", one.supply),
            title=f"{one.year} : besoin {_said(one.need)}, offre {_said(one.supply)}",
        )
        for one in ranges
    )
    feet = (said("span", str(one.year)) for one in ranges)
    key = element(
        "div",
        element("span", element("i", class_="need"), said("span", f"{need}, en {unit}")),
        element("span", element("i", class_="supply"), said("span", f"Offre, en {unit}")),
        said("span", f"L'échelle commence à {numbers.number(bottom)}") if bottom else "",
        class_="key",
    )
    ends = element(
        "div",
        said("span", numbers.number(top)),
        said("span", numbers.number(bottom)),
        class_="ends",
    )
    return element(
        "figure",
        key,
        element("div", ends, element("div", *columns, class_="field"), class_="body"),
        element("div", *feet, class_="feet"),
        class_="obs-ranges",
        role="img",
        aria_label=alt,
    )


def _round_down(value: float) -> float:
    """A round figure under a value: two digits are kept."""
    if value <= 0:
        return 0.0
    step = 10.0 ** max(0, math.floor(math.log10(value)) - 1)
    return math.floor(value / step) * step


def _said(values: tuple[float, float, float] | None) -> str:
    if values is None:
        return numbers.UNKNOWN
    low, _, high = (numbers.number(v) for v in values)
    return low if low == high else f"de {low} à {high}"
