"""What a commune lacks, as an answer: the gap in large, its range, its rank, what moved since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.gaps import public_of_row
from observatory.answers.masked_cells import is_masked
from observatory.french import balance, numbers, vocabulary
from observatory.maps.view import View
from observatory.markup import element, said
from observatory.report import table_cells
from observatory.ui.charts.gap_bar import Ways, gap_bar
from observatory.ui.charts.need_range import marks_of
from observatory.ui.shell import blocks

Figure = tuple[str, str, str]


def show_gap_card(view: View, rows: pd.DataFrame) -> None:
    """Show the answer of one commune to the question in view.

    Parameters
    ----------
    rows : DataFrame
        Its rows of the gap table, one a definition; the one in view is among them.
    """
    row = {str(k): v for k, v in rows[rows["definition"] == view.definition].iloc[0].items()}
    own = marks_of(rows[rows["definition"] == view.definition])
    kept = own[0] if own and not view.shares_out else None
    counted = [mark for mark in marks_of(rows) if mark.counted]
    ways = Ways(counted, kept, hidden=is_masked(row, "supply"))
    st.html(_figures(view, row) + gap_bar(view.service, ways))


def figure_list(items: Iterable[Figure], *, large: bool = False) -> str:
    """Figures of one commune in a line: (label, figure, what is said after it)."""
    parts = (
        element(
            "div",
            said("dt", label),
            element("dd", said("strong", figure), " ", said("span", detail) if detail else ""),
            class_="obs-figure",
        )
        for label, figure, detail in items
    )
    return element("dl", *parts, class_=f"obs-gap{' large' * large}")


def _figures(view: View, row: Mapping[str, Any]) -> str:
    """The gap in large, then what it is made of; a sharing out has no gap: its supply is large."""
    service = view.service

    def amount(label: str, column: str) -> Figure:
        value, unit = row[column], service.unit
        noun = numbers.agreed(value, balance.singular(unit), unit) if pd.notna(value) else ""
        return label, table_cells.amount(row, column, service), noun

    need, supply = amount("Besoin", "need"), amount("Offre", "supply")
    first, *others = (
        [supply] if view.shares_out else [blocks.lack(service, pd.Series(row)), need, supply]
    )
    public, per = public_of_row(row), f"pour {numbers.number(service.rate_per)}"
    rate = table_cells.rate(row)
    others += [
        ("Taux", rate, per if rate[:1].isdigit() else ""),
        (
            public.label,
            vocabulary.MASKED if is_masked(row, "public") else numbers.number(row["public"]),
            "(estimation)" if row["estimated"] else "",
        ),
        *((label, value, f"({told})") for label, value, told in table_cells.unmet(row)),
    ]
    return figure_list([first], large=True) + figure_list(others)
