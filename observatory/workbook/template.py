"""A workbook for people: an empty template, or what is in place, ready to be filled in.

A workbook has its sheets, drop-down lists, and a sheet that explains each column. Text is
written as text, whatever it looks like; ``reading`` undoes the apostrophe that keeps it so.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from observatory import disk
from observatory.french.csv import csv_file, stored_number_cell, text_cell
from observatory.french.spreadsheet import make_room, on_paper, safe_text
from observatory.french.vocabulary import YES_NO
from observatory.workbook.contract import (
    HELP_SHEET,
    LISTS_SHEET,
    Contract,
    Sheet,
    SheetColumn,
)
from observatory.workbook.problems import WorkbookError
from observatory.workbook.results import Rows

LAST_ROW = 100_000  # rows of the template that have drop-down lists
FIRST_EXCEL_YEAR = 1901  # earlier dates are written as text
COPY = "Exemplaire"
"""The property of a workbook that names one copy of it."""
HELP = (
    "Feuille",
    "Colonne",
    "Titre",
    "Ce qu'on y met",
    "Obligatoire",
    "Valeurs permises",
    "Exemple",
)
HELP_WIDTHS = (22, 18, 26, 70, 12, 60, 30)
"""Of its columns, in characters."""


def write_files(
    contract: Contract,
    out: Path,
    rows: Mapping[str, Rows] | None = None,
    write: disk.Write = disk.write_files,
) -> list[Path]:
    """Write a template, or what is in place, to a workbook or CSV files; return their paths.

    Parameters
    ----------
    out : Path
        Ends in .xlsx, or in .csv: the other sheets then stand beside it, as
        ``<name>_<sheet>.csv``.
    rows : mapping of str to rows, optional
        The rows of each sheet in the form of the store; without them, an empty template.

    Raises
    ------
    WorkbookError
        When the name ends otherwise.
    RequestError
        When the file cannot be written.
    """
    kind = out.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        hint = "Terminer le nom par .xlsx ou .csv."
        raise WorkbookError("ce type de fichier n'est pas prévu", where=out.name, mend=hint)
    if kind == ".xlsx":
        return write({out: workbook(contract, rows)})
    return write(
        {
            out.with_name(f"{out.stem}_{sheet.name}{out.suffix}") if n else out: sheet_csv(
                sheet, None if rows is None else rows.get(sheet.name, [])
            )
            for n, sheet in enumerate(contract.sheets)
        }
    )


def sheet_csv(sheet: Sheet, rows: Rows | None = None) -> bytes:
    """One sheet as French CSV."""
    names = _names(sheet, rows)
    numbers = {c.name for c in sheet.columns if c.kind == "number"}
    at = [sheet.stored.index(n) if n in sheet.stored else -1 for n in names]
    return csv_file(
        names,
        (
            [
                stored_number_cell(row[n]) if name in numbers else text_cell(row[n])
                for n, name in zip(at, names, strict=True)
            ]
            for row in rows or []
        ),
    )


def workbook(contract: Contract, rows: Mapping[str, Rows] | None = None, copy: str = "") -> bytes:
    """The sheets with their drop-down lists, and the sheet that explains them.

    Parameters
    ----------
    copy : str
        The name of this copy, kept among the properties of the file: no two are the same then.
    """
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"constant_memory": True, "strings_to_formulas": False})
    if copy:
        book.set_custom_property(COPY, copy)
    formats = {
        "heading": book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"}),
        "optional": book.add_format({"bold": True, "bg_color": "#DCE6F2"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "number": book.add_format({}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }
    written = [(s, book.add_worksheet(s.title)) for s in contract.sheets]
    _write_help(contract, book.add_worksheet(HELP_SHEET), formats)
    places = _write_lists(contract, book.add_worksheet(LISTS_SHEET))
    for sheet, page in written:
        filled = None if rows is None else rows.get(sheet.name, [])
        _write_sheet(page, sheet, filled, formats, places, contract.widths)
    book.close()
    return memory.getvalue()


def _names(sheet: Sheet, rows: Rows | None) -> list[str]:
    """Columns to write: those to be filled in, or all that the store keeps."""
    return [c.name for c in sheet.columns if (c.written if rows is None else c.stored)]


def _write_sheet(
    page: Any,
    sheet: Sheet,
    rows: Rows | None,
    formats: Mapping[str, Any],
    lists: Mapping[str, str],
    widths: Mapping[str, int],
) -> None:
    by_name = {c.name: c for c in sheet.columns}
    columns = [by_name[n] for n in _names(sheet, rows)]
    page.freeze_panes(1, 1)
    wide = [widths.get(c.name, max(12, len(c.name) + 2)) for c in columns]
    on_paper(page, widths=wide)
    for n, (column, width) in enumerate(zip(columns, wide, strict=True)):
        page.set_column(n, n, width, formats[column.kind])
        page.write_string(0, n, column.name, formats["heading" if column.required else "optional"])
        if column.choices in lists:
            page.data_validation(1, n, LAST_ROW, n, _list(column, lists[column.choices]))
    page.autofilter(0, 0, max(len(rows or []), 1), len(columns) - 1)
    at = [sheet.stored.index(c.name) for c in columns] if rows else []
    for line, row in enumerate(rows or [], 1):
        for n, (place, column) in enumerate(zip(at, columns, strict=True)):
            if row[place]:
                _write_cell(page, line, n, column, row[place], formats)


def _write_cell(
    page: Any, line: int, n: int, column: SheetColumn, value: str, formats: Mapping[str, Any]
) -> None:
    if column.kind == "number":
        page.write_number(line, n, float(value))
        return
    if column.kind == "date":
        day = date.fromisoformat(value)
        if day.year >= FIRST_EXCEL_YEAR:
            moment = datetime(day.year, day.month, day.day)
            page.write_datetime(line, n, moment, formats["date"])
            return
    page.write_string(line, n, safe_text(value), formats["text"])


def _list(column: SheetColumn, source: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": source,
        "input_title": column.title[:32],
        "input_message": column.meaning[:255],
        "error_title": column.title[:32],
        "error_message": "Cette valeur n'est pas dans la liste.",
        "error_type": "warning",
    }


def _write_lists(contract: Contract, page: Any) -> dict[str, str]:
    """Write the drop-down lists, labels that people read; return the range of each."""
    kinds = dict.fromkeys(
        c.choices for s in contract.sheets for c in s.columns if c.choices and c.written
    )
    columns = [list(contract.choices(kind).values()) for kind in kinds]
    for line in range(max(map(len, columns), default=0)):
        for n, values in enumerate(columns):
            if line < len(values):
                page.write_string(line, n, values[line])
    page.hide()
    return {
        kind: f"={LISTS_SHEET}!${chr(65 + n)}$1:${chr(65 + n)}${len(columns[n])}"
        for n, kind in enumerate(kinds)
    }


def _write_help(contract: Contract, page: Any, formats: Mapping[str, Any]) -> None:
    on_paper(page, None)
    for n, width in enumerate(HELP_WIDTHS):
        page.set_column(n, n, width, formats["wrap"])
    page.write_string(0, 0, f"{contract.title} : mode d'emploi", formats["title"])
    for n, sentence in enumerate(contract.introduction, 1):
        page.write_string(n, 0, sentence)
    first = len(contract.introduction) + 2
    for n, heading in enumerate(HELP):
        page.write_string(first, n, heading, formats["heading"])
    for line, cells in enumerate(explanations(contract), first + 1):
        make_room(page, line, cells, HELP_WIDTHS)
        for n, cell in enumerate(cells):
            page.write_string(line, n, cell, formats["wrap"])


def explanations(contract: Contract) -> Sequence[tuple[str, ...]]:
    """Each column of the contract in words, in the order of ``HELP``."""
    return [
        (
            s.title,
            c.name,
            c.title,
            c.meaning + ("" if c.written else " Colonne facultative, absente du modèle."),
            YES_NO[c.required],
            contract.permitted(c),
            c.example,
        )
        for s in contract.sheets
        for c in s.columns
    ]
