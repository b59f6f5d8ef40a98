"""Chart of the need range: every definition on one axis, the supply as a line across them.

Plain HTML, so that it follows the theme, prints, and needs no script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from observatory.answers.masked_cells import is_masked
from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import is_short
from observatory.maps.view import View
from observatory.markup import element, said, words
from observatory.ui.charts.stacks import scale
from observatory.ui.shell import blocks

EDGE = 18.0  # per cent of the axis below which no figure fits left of its mark
# Blue and red as on the map, mixed with the colour of the text to hold on white and on dark. A full
# mark is a shortfall, a hollow one is covered: colour is never alone.
KEY = {
    "diamond": "offre",
    "dot lack": "besoin au-delà de l’offre : il manque",
    "dot": "besoin couvert",
}
KEY_ALONE = {"dot alone": "besoin, sans offre connue à quoi le comparer"}
"""Words of the signs, by class."""


@dataclass(frozen=True)
class Mark:
    """One definition of the need: its words, its amount and its gap (None: unknown).

    Attributes
    ----------
    counted : bool
        Whether it is among those that may call the place short; its words say when it is not.
    """

    label: str
    need: float | None
    gap: float | None
    counted: bool = True


def marks_of(rows: pd.DataFrame) -> list[Mark]:
    """The marks of a commune's rows of the gap table, in their order.

    A target nobody has typed in is left out.
    """
    names = nomenclature().definitions
    return [
        Mark(
            names[str(r["definition"])].label
            + (f" ({int(r['target_year'])})" if pd.notna(r["target_year"]) else "")
            + names[str(r["definition"])].counting,
            None if pd.isna(r["need"]) else float(r["need"]),
            None if pd.isna(r["gap"]) else float(r["gap"]),
            names[str(r["definition"])].counted,
        )
        for r in rows.to_dict("records")
        if names[str(r["definition"])].kind != "custom" or pd.notna(r["need"])
    ]


def show_need_range(view: View, rows: pd.DataFrame) -> None:
    """Show the range of the need and the supply, as a picture, as a table and in one sentence.

    Parameters
    ----------
    rows : DataFrame
        The rows of one commune in the gap table: one a definition.
    """
    if rows.empty:
        return
    decimals, unit = view.service.decimals, view.service.unit
    marks = marks_of(rows)
    first = rows.iloc[0]
    supply = None if pd.isna(first["supply"]) else float(first["supply"])
    hidden = is_masked(first, "supply")
    counted, short = int(first["definition_count"]), int(first["deficit_count"])
    counts = (
        f"En déficit selon {numbers.quantity(short, 'définition', 'définitions')} sur {counted}."
        if counted
        else ""
    )
    known = [m for m in marks if m.need is not None]
    if known:
        st.html(picture(marks, supply, view.service.unit, decimals, counts, hidden))
    if counts:
        blocks.paragraph(counts)
    blocks.table(
        "Besoin selon ses définitions",
        ["Définition", f"Besoin ({unit})", f"{balance.LACK} ({unit})"],
        [
            [
                m.label,
                numbers.number(m.need, decimals),
                vocabulary.MASKED if hidden else balance.cell(m.gap, decimals),
            ]
            for m in marks
        ],
    )
    if not all(m.counted for m in marks):
        blocks.paragraph(vocabulary.NOT_COUNTED_MEANS)


def picture(
    marks: Sequence[Mark],
    supply: float | None,
    unit: str,
    decimals: int,
    counts: str,
    hidden: bool = False,
) -> str:
    """The picture as HTML; at least one mark must be known. A supply may be ``hidden``.

    Parameters
    ----------
    counts : str
        By how many definitions it lacks, in a sentence.
    """
    needs = [m.need for m in marks if m.need is not None]
    told = [m.need for m in marks if m.need is not None and m.counted] or needs
    step, top = scale(max([*needs, supply or 0.0]) or 1.0)

    def at(value: float) -> float:
        return round(100 * value / top, 2)

    across = [] if supply is None else [_sign("supply", at(supply))]
    lines = (
        element(
            "div",
            said("span", m.label),
            element("div", *across, *_mark(m, supply, decimals, at)),
            class_="line mark",
        )
        for m in marks
    )
    ticks = (
        said("i", numbers.short_number(n * step), style=f"left:{at(n * step)}%")
        for n in range(math.floor(top / step) + 1)
    )
    signs = KEY if supply is not None else KEY_ALONE
    if supply is not None and not all(m.counted for m in marks):
        signs = {**signs, "dot alone": vocabulary.NOT_COUNTED}
    key = (
        element("span", element("i", class_=sign), words(meaning))
        for sign, meaning in signs.items()
    )
    alt = (
        f"Besoin selon {numbers.quantity(len(told), 'définition', 'définitions')}, de "
        f"{numbers.number(min(told), decimals)} à {numbers.number(max(told), decimals)} {unit} ; "
        f"offre : {vocabulary.MASKED if hidden else numbers.number(supply, decimals)}. {counts} "
        "Les chiffres sont dans le tableau."
    )
    return element(
        "figure",
        _supply_line(supply, decimals, at, hidden),
        *lines,
        element("div", said("span", unit), element("div", *ticks), class_="line foot"),
        element("div", *key, class_="key"),
        class_="obs-range",
        role="img",
        aria_label=alt,
    )


def _supply_line(
    supply: float | None, decimals: int, at: Callable[[float], float], hidden: bool
) -> str:
    if supply is None:
        why = vocabulary.SUPPLY_MASKED if hidden else vocabulary.SUPPLY_UNKNOWN
        return element("div", said("span", capital(why)), element("div"), class_="line")
    place = at(supply)
    side = "low" if place < 15 else "high" if place > 85 else None
    figure = f"Offre : {numbers.number(supply, decimals)}"
    return element(
        "div",
        element("span"),
        element(
            "div",
            said("b", figure, class_=side, style=f"left:{place}%"),
            _sign("supply", place),
            _sign("diamond", place),
        ),
        class_="line head",
    )


def _sign(kind: str, place: float) -> str:
    return element("i", class_=kind, style=f"left:{place}%")


def _mark(
    mark: Mark, supply: float | None, decimals: int, at: Callable[[float], float]
) -> list[str]:
    if mark.need is None:
        return [said("b", numbers.UNKNOWN, style="left:0")]
    place = at(mark.need)
    kind = " lack" if mark.gap is not None and is_short(mark.gap, decimals) else ""
    kind = " alone" if supply is None or not mark.counted else kind
    between = []
    if supply is not None and mark.counted:
        low, high = sorted((at(supply), place))
        width = f"left:{low}%;width:{high - low:.2f}%"
        between = [element("i", class_=f"span {kind.strip() or 'more'}", style=width)]
    # The figure stands away from the line that leads to the supply, unless the edge is too near.
    left = supply is not None and supply > mark.need and place > EDGE
    figure = numbers.number(mark.need, decimals)
    return [
        *between,
        _sign(f"dot{kind}", place),
        said("b", figure, class_="left" if left else None, style=f"left:{place}%"),
    ]
