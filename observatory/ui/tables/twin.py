"""Table of the map's figures, for the keyboard, screen readers and spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from observatory.answers.commune_table import DisplayColumn, cells, columns_of
from observatory.french import vocabulary
from observatory.maps.classes import MASKED_INDEX, SMALL_INDEX, UNKNOWN_INDEX, small_words
from observatory.maps.specify import shown_measure
from observatory.maps.view import View
from observatory.ui.controls.rail import select_commune
from observatory.ui.map.answer import MapAnswer
from observatory.ui.shell import blocks
from observatory.ui.shell.data import Version
from observatory.ui.shell.fold import PagePart
from observatory.ui.tables.chosen import show_chosen
from observatory.ui.tables.downloads import show_downloads
from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.how_made import how_made_part
from observatory.ui.tables.paging import page_of

IN_A_TABLE = "Les mêmes chiffres en tableau"
LEFT_TO_THE_TABLE = {"objectif", "temps", "temps_insee"}
"""Columns that the page « Tableau » offers and that say nothing of the map."""


@dataclass(frozen=True)
class _Twin:
    """The table of a view: its columns, the communes in order, the territory."""

    columns: list[DisplayColumn]
    rows: pd.DataFrame
    total: pd.DataFrame


def twin_parts(
    version: Version,
    view: View,
    ask: Callable[[], MapAnswer],
    *,
    title: str = "",
    key: str = "table",
) -> list[PagePart]:
    """The map's figures as a table with its files, and how they are made: parts that open.

    Parameters
    ----------
    ask : callable
        Gives what the map of that view shows.
    title : str
        The map's, when there are two.
    key : str
        Name of the table in the page.
    """

    def table() -> None:
        shown = ask()
        twin = _twin(shown)
        blocks.paragraph(
            f"Taux en {view.service.rate_label}. La dernière ligne est le territoire. "
            f"{vocabulary.NOTHING_MEANS} "
            "Choisir une commune ouvre sa fiche."
        )
        show_chosen(version, view.commune, here="carte", table=key)
        codes = twin.rows["code"].tolist()
        page = page_of(key, (title, view.question, view.measure_id), codes, view.commune)
        lines = twin.rows.iloc[page.lines]
        show_grid(
            f"{shown.paint.title} : besoin, offre et manque de chaque commune, puis du territoire",
            [Heading(c.label, c.unit, words=c.words) for c in twin.columns],
            [
                GridRow(line, code)
                for line, code in zip(cells(lines, twin.columns), lines["code"], strict=True)
            ],
            key=key,
            page=page,
            foot=[GridRow(line) for line in cells(twin.total, twin.columns)],
            selected=view.commune,
            on_select=select_commune,
        )
        show_downloads(
            version, view, pd.concat([twin.rows, twin.total])[["code"]], key=f"fichiers_{key}"
        )

    return [
        PagePart(f"En tableau : {title}" if title else IN_A_TABLE, table, f"ouvert_{key}"),
        how_made_part(version, view, view.commune, which=title, key=f"_{key}"),
    ]


def _twin(answer: MapAnswer) -> _Twin:
    """The communes by the measure shown, the territory last."""
    view = answer.view
    measure = shown_measure(view)
    groups = ["essentiel", "references", "fiabilite", *(["acces"] if view.measure.reach else [])]
    columns = [c for c in columns_of(view.service, groups) if c.key not in LEFT_TO_THE_TABLE]
    rows, total = answer.rows, answer.total.assign(code=None)
    if answer.paint.axes:
        columns.insert(1, DisplayColumn("croisement", "class", "Besoin et offre", words=True))
        rows, total = (
            rows.assign(**{"class": _class_words(answer)}),
            total.assign(**{"class": None}),
        )
    # A rate that nobody publishes here would be a column of dashes.
    columns = [c for c in columns if c.key != "taux_caf" or rows["published_rate"].notna().any()]
    rows = rows.sort_values(
        measure.column, ascending=measure.kind != "count", na_position="last", kind="stable"
    )
    return _Twin(columns, rows, total)


def _class_words(answer: MapAnswer) -> list[str]:
    """The class of each commune in words, or why it has none."""
    classes = answer.paint.classification
    none = {
        UNKNOWN_INDEX: vocabulary.UNKNOWN,
        SMALL_INDEX: small_words(),
        MASKED_INDEX: vocabulary.MASKED,
    }
    return [none[i] if i < 0 else classes.labels[i] for i in classes.index]
