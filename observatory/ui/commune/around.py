"""A commune among the others: its rank in the territory, and its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.masked_cells import is_masked
from observatory.answers.sums import rank
from observatory.french import balance, numbers, vocabulary
from observatory.maps.view import View
from observatory.report import table_cells
from observatory.ui.charts.bars import show_bars
from observatory.ui.commune.gap_card import figure_list
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version

MOST = 8  # neighbours drawn


def show_around(version: Version, view: View, table: pd.DataFrame, code: str) -> tuple[str, ...]:
    """Show the rank of a commune and its neighbours, and return their codes.

    Parameters
    ----------
    table : DataFrame
        Given by ``data.gap_table``, with the definition in view.
    """
    rows = table[table["code"].notna() & (table["definition"] == view.definition)]
    if len(rows) == 1:
        blocks.paragraph("Seule commune du territoire : ni rang, ni voisine à comparer.")
        return ()
    st.html(figure_list(_ranks(view, rows, code)))
    around = data.neighbours(version, (code,))
    if not around:
        blocks.paragraph("Aucune de ses voisines n'est connue dans le territoire.")
        return ()
    _bars(version, view, rows[rows["code"].isin([code, *around])], code)
    return around


def _ranks(view: View, rows: pd.DataFrame, code: str) -> list[tuple[str, str, str]]:
    """Where the commune stands among those that have a figure, for `figure_list`."""
    gap = ("gap", "Rang, du plus grand manque")
    rate = ("rate", "Rang, du taux le plus élevé")
    asked = [rate] if view.shares_out else [gap, rate]
    return [(label, *_rank(rows, code, column)) for column, label in asked]


def _rank(rows: pd.DataFrame, code: str, column: str) -> tuple[str, str]:
    ranks = rank(rows, column)
    row, own = rows[rows["code"] == code].iloc[0], ranks[rows["code"] == code].iloc[0]
    if pd.isna(own):
        return "aucun", f"({_why(row, column)})"
    alike = ", à égalité" if int((ranks == own).sum()) > 1 else ""
    known = numbers.plural(int(ranks.notna().sum()), "commune")
    return numbers.ordinal(int(own)), f"sur {known}{alike}"


def _why(row: pd.Series[Any], column: str) -> str:
    """Why a figure has no rank."""
    if column == "rate" and row["suppressed"]:
        return vocabulary.TOO_SMALL
    return vocabulary.MASKED if is_masked(row, column) else vocabulary.UNKNOWN


def _bars(version: Version, view: View, rows: pd.DataFrame, code: str) -> None:
    column, title = ("rate", "Taux") if view.shares_out else ("gap", balance.LACK)
    if view.shares_out and not (rows["supply"].notna() | rows["masked"]).any():
        blocks.paragraph("L'offre de la commune et celle de ses voisines sont inconnues.")
        return
    ranked = rows.assign(rank=rank(rows, column)).sort_values(["rank", "name"], na_position="last")
    own = ranked["code"] == code
    shown = ranked[own | ((~own).cumsum() <= MOST)]
    show_bars(
        f"{title} : la commune et ses voisines",
        shown["name"].tolist(),
        shown[column].tolist(),
        unit=view.service.rate_label if view.shares_out else view.service.unit,
        decimals=1 if view.shares_out else view.service.decimals,
        diverging=not view.shares_out,
        told=[_cell(view, row, column) for row in shown.to_dict("records")],
        total=shown["code"].tolist().index(code),
    )
    left = len(ranked) - len(shown)
    notes = [f"Et {numbers.plural(left, 'autre voisine', 'autres voisines')}."] if left else []
    kind = data.info(version)["contours"]
    if kind in vocabulary.CONTOURS_MEAN:
        notes.append(f"Voisinage estimé : contours {vocabulary.CONTOURS[kind]}.")
    if notes:
        blocks.paragraph(" ".join(notes))


def _cell(view: View, row: Mapping[Any, Any], column: str) -> str:
    if column == "rate":
        return table_cells.rate(row)
    return table_cells.amount(row, column, view.service, signed=True)
