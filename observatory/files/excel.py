"""The gap table as a workbook: typed cells, French formats, notes.

Numbers are kept in full under the decimals shown, so that a sum of cells is the sum of the
figures. Text is written as text: no cell is ever a formula.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import xlsxwriter

from observatory.errors import RequestError
from observatory.files.columns import FileColumn, columns
from observatory.files.notes import about, definitions, sources
from observatory.files.printed_sheet import MOST_ROWS as PRESENTED
from observatory.files.printed_sheet import SHEET, write_presentation
from observatory.french.spreadsheet import excel_text, make_room, on_paper
from observatory.knowledge.nomenclature import nomenclature

HEADING = {
    "bold": True,
    "bg_color": "#1F3A5F",
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "valign": "top",
}
MOST_ROWS = 1_048_575  # rows of a sheet below its heading
WIDTHS = {"name": 30, "definition_label": 26, "rate_label": 36, "reliability": 48}
NOISE = 9  # decimals beyond which a figure is only the trace of its computation
NOTE_WIDTHS = (24, 26, 34, 70, 40, 60, 40, 20, 40, 60, 40)


def gaps_xlsx(con: duckdb.DuckDBPyConnection, table: pd.DataFrame, as_of: date) -> bytes:
    """The table as XLSX: « Présentation » for paper, « Écarts », « Définitions », « Sources ».

    Parameters
    ----------
    table : DataFrame
        As given by ``gap_table``.
    as_of : date
        Day of the supply.

    Raises
    ------
    RequestError
        When there are more rows than a sheet can hold.
    """
    if len(table) > MOST_ROWS:
        raise RequestError(
            f"un classeur ne peut pas tenir {len(table)} lignes",
            mend="Choisir un service (--service), ou le format csv.",
        )
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    said = about(con, as_of)
    styles = _Styles(book)
    book.set_properties({"title": said["Titre"], "comments": said.get("Avertissement", "")})
    if 0 < len(table) <= PRESENTED:
        write_presentation(book.add_worksheet(SHEET), table, said, as_of, styles)
    _write_gaps(book.add_worksheet("Écarts"), table, styles)
    _write_notes(book.add_worksheet("Définitions"), {}, definitions(), styles)
    _write_notes(book.add_worksheet("Sources"), said, sources(con), styles)
    book.close()
    return memory.getvalue()


def number_format(decimals: int, *, signed: bool = False) -> str:
    """A spreadsheet's format: thousands apart, the sign of a gap except on what rounds to zero."""
    digits = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    if not signed:
        return digits
    half = f"{0.5 / 10**decimals:g}"
    return f"[>={half}]+{digits};[<=-{half}]-{digits};{digits[4:]}"


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def __call__(self, num_format: str = "General", **more: Any) -> Any:
        key = (num_format, *sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"num_format": num_format, **more})
        return self._made[key]

    @property
    def heading(self) -> Any:
        return self("@", align="left", indent=1, **HEADING)

    @property
    def figure_heading(self) -> Any:
        return self("@", align="right", **HEADING)

    @property
    def note(self) -> Any:
        return self("@", text_wrap=True, valign="top")


def _format_of(column: FileColumn, decimals: int) -> str:
    """The number format of a cell, for the decimals of its row's unit."""
    if column.type == "string":
        return "@"
    if column.type == "date":
        return "dd/mm/yyyy"
    if column.unit == "année":
        return "0"
    shown = column.decimals if column.shown is None else column.shown
    return number_format(decimals if column.unit == "unite" else shown, signed=column.signed)


def _write_gaps(page: Any, table: pd.DataFrame, styles: _Styles) -> None:
    services = nomenclature().services
    units = [services[s].decimals for s in table["service"]]
    total = table["code"].isna().tolist()
    page.freeze_panes(1, 2)
    on_paper(page)
    cells, looks = [], []
    for n, (name, column) in enumerate(columns().items()):
        page.set_column(n, n, WIDTHS.get(name, max(11, len(column.heading) + 3)))
        page.write_string(0, n, column.heading, styles.heading)
        unit = f"\nUnité : {column.unit}" if column.unit else ""
        page.write_comment(0, n, column.meaning + unit, {"x_scale": 2, "y_scale": 1.2})
        cells.append(_cells(table[name], column))
        looks.append(
            {
                (decimals, bold): styles(
                    _format_of(column, decimals), **{"bold": True} if bold else {}
                )
                for decimals in set(units)
                for bold in (False, True)
            }
        )
    page.autofilter(0, 0, max(len(table), 1), len(cells) - 1)
    # Row by row: what is written is let go at once.
    for row, (decimals, bold) in enumerate(zip(units, total, strict=True)):
        for n, look in enumerate(looks):
            value = cells[n][row]
            if value is None:
                continue
            if isinstance(value, str):
                page.write_string(row + 1, n, value, look[decimals, bold])
            elif isinstance(value, float):
                page.write_number(row + 1, n, value, look[decimals, bold])
            else:
                page.write_datetime(row + 1, n, value, look[decimals, bold])


def _cells(values: pd.Series[Any], column: FileColumn) -> list[Any]:
    """The cells of a column: text, floats or datetimes; None where there is nothing to write."""
    if column.type == "string":
        return [None if pd.isna(v) or v == "" else excel_text(str(v)) for v in values]
    if column.type == "date":
        return [None if pd.isna(v) else datetime(v.year, v.month, v.day) for v in values]
    numbers = np.round(values.to_numpy(dtype=float, na_value=np.nan), NOISE) + 0.0
    return [v if np.isfinite(v) else None for v in numbers.tolist()]


def _write_notes(
    page: Any, lines: dict[str, str | date], table: pd.DataFrame, styles: _Styles
) -> None:
    """Lines of a label and its text, then a table of text."""
    on_paper(page, None if lines else 0)
    for n, width in enumerate(NOTE_WIDTHS[: len(table.columns)]):
        page.set_column(n, n, width)
    for row, (label, value) in enumerate(lines.items()):
        page.write_string(row, 0, label, styles("@", bold=True, valign="top"))
        if isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)
            page.write_datetime(row, 1, moment, styles("dd/mm/yyyy", align="left"))
        else:
            page.write_string(row, 1, excel_text(value), styles("@"))
    first = len(lines) + 1 if lines else 0
    if not lines:
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    for n, heading in enumerate(table.columns):
        page.write_string(first, n, str(heading), styles.heading)
    for row, cells in enumerate(table.itertuples(index=False), first + 1):
        make_room(page, row, cells, NOTE_WIDTHS)
        for n, cell in enumerate(cells):
            if cell:
                page.write_string(row, n, excel_text(str(cell)), styles.note)
