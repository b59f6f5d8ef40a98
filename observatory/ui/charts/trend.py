"""Small charts in plain HTML: an amount per year as columns, a weight by minutes as steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from observatory.french import numbers
from observatory.markup import element, said

NAMED = 8
"""Columns that bear their figure and their year, at most; the table beside gives all of them."""


def show_years(title: str, amounts: Sequence[tuple[int, float | None]], alt: str) -> None:
    """Draw one column per year, from zero; a year whose amount is unknown keeps its empty place.

    Parameters
    ----------
    amounts : sequence of (int, float or None)
        Year and amount, oldest first; years without a row are left empty too.
    alt : str
        What the figure shows, for those who do not see it.
    """
    st.html(years(title, amounts, alt))


def years(title: str, amounts: Sequence[tuple[int, float | None]], alt: str) -> str:
    """The columns as HTML; see ``show_years``."""
    known = dict(amounts)
    every = range(min(known), max(known) + 1)
    top = max((v for v in known.values() if v is not None), default=0.0) or 1.0
    # Counted from the last year, so that the latest figure is always written.
    written = [year for year in reversed(every) if known.get(year) is not None]
    named = set(written[:: math.ceil(len(written) / NAMED) or 1])
    bars = (
        element(
            "div",
            said("b", numbers.number(known.get(year))) if year in named else "",
            element("i", style=f"height:{100 * (known.get(year) or 0.0) / top:.2f}%"),
            title=f"{year} : {numbers.number(known.get(year))}",
        )
        for year in every
    )
    feet = (said("span", str(year) if year in named else "") for year in every)
    return element(
        "figure",
        said("div", title),
        element("div", *bars, class_="bars"),
        element("div", *feet, class_="feet"),
        class_="obs-years",
        role="img",
        aria_label=alt,
    )


def show_steps(bounds: Sequence[float], weights: Sequence[float], alt: str) -> None:
    """Draw a weight that falls by steps: each holds from the bound before to its own.

    Parameters
    ----------
    bounds : sequence of float
        Where each step ends, in minutes.
    weights : sequence of float
        Height of each step, 0 to 1.
    """
    st.html(steps(bounds, weights, alt))


def steps(bounds: Sequence[float], weights: Sequence[float], alt: str) -> str:
    """The steps as HTML; see ``show_steps``."""
    starts = [0.0, *bounds[:-1]]
    widths = [100 * (b - a) / bounds[-1] for a, b in zip(starts, bounds, strict=True)]
    field = (
        element(
            "div",
            said("b", numbers.short_number(weight)),
            element("i", style=f"height:{100 * weight:.2f}%"),
            style=f"width:{width:.2f}%",
        )
        for width, weight in zip(widths, weights, strict=True)
    )
    feet = (
        said("span", f"{numbers.short_number(bound)} min", style=f"width:{width:.2f}%")
        for width, bound in zip(widths, bounds, strict=True)
    )
    return element(
        "figure",
        element("div", *field, class_="field"),
        element("div", *feet, class_="feet"),
        class_="obs-steps",
        role="img",
        aria_label=alt,
    )
