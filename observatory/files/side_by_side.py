"""Every service side by side: one row per commune, one column per service; and its files."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import xlsxwriter

from observatory.answers.commune_table import NAME, DisplayColumn
from observatory.answers.gaps import gaps
from observatory.answers.masked_cells import flag_of, masked_cells
from observatory.files.excel import number_format
from observatory.french import numbers
from observatory.french.csv import csv_file, day_cell, number_cell, text_cell
from observatory.french.spelling import capital
from observatory.french.spreadsheet import excel_text, make_room, on_paper
from observatory.french.vocabulary import MASKED
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.measures import MEASURES

WIDE_MEASURES = ("ecart", "taux", "offre", "besoin")
"""Measures of the map that every service has."""
WORDS = {
    "ecart": "Offre moins besoin",
    "taux": "Taux, offre rapportée au public",
    "offre": "Offre",
    "besoin": "Besoin",
}
ABOUT = "Définitions et sources"
NAMED, WIDE, NOTED = 26, 17, 120
"""Width of the column of the names, of the others, of the notes."""
DAY = "Offre à la date du"
CODE = DisplayColumn("code", "code", "Code Insee", words=True, falling=False)


def wide_columns(measure_id: str, silent: Collection[str] = ()) -> list[DisplayColumn]:
    """One column per service, or per type of day of it, after the commune's name.

    Parameters
    ----------
    measure_id : str
        One of ``WIDE_MEASURES``.
    silent : collection of str
        Services that have no column: nothing is known of them.
    """
    names = nomenclature()
    measure = MEASURES[measure_id]
    columns = [NAME]
    for id_, service in names.services.items():
        for day in () if id_ in silent else service.day_types or (None,):
            key = f"{id_}.{day}" if day else id_
            unit = (
                f"{service.unit.split()[0]} pour {numbers.number(service.rate_per)}"
                if measure.kind == "rate"
                else service.unit
            )
            label = service.short + (f", {names.day_types[day]}" if day else "")
            gap = measure.kind == "gap"
            columns.append(
                DisplayColumn(
                    key, key, capital(label), unit, measure.decimals(service), gap, falling=not gap
                )
            )
    return columns


def every_service(
    con: duckdb.DuckDBPyConnection, as_of: date, definition: str | None = None
) -> pd.DataFrame:
    """The gap table of every service, each with one need definition
    (``Nomenclature.definition_for``).

    One row per commune × service × day type, and one with ``code`` null for the territory.
    """
    wanted = nomenclature().definitions_for(definition)
    return gaps(con, Question(as_of=as_of), definitions=wanted)


def wide_table(table: pd.DataFrame, measure_id: str) -> pd.DataFrame:
    """One row per commune and the territory's last, one column per service for one measure.

    Parameters
    ----------
    table : DataFrame
        Given by ``every_service``, or rows of it.
    measure_id : str
        One of ``WIDE_MEASURES``.

    Returns
    -------
    DataFrame
        code (null for the territory), name, then the sources of ``wide_columns``; NaN is unknown,
        or a rate withheld because the public is too small; a flag beside each says what is masked.
    """
    day = table["day_type"].astype("object")
    dotted = table["service"] + "." + day.fillna("")
    column = MEASURES[measure_id].column
    keyed = table.assign(
        code=table["code"].fillna(""),
        key=table["service"].where(day.isna(), dotted),
        hidden=masked_cells(table, column),
    )
    wanted = [c.source for c in wide_columns(measure_id)[1:]]
    figures = keyed.pivot(index="code", columns="key", values=column).reindex(columns=wanted)
    hidden = keyed.pivot(index="code", columns="key", values="hidden").reindex(columns=wanted)
    beside = figures.join(hidden.rename(columns=flag_of))
    result = _names(table).join(beside, on="code").reset_index(drop=True)
    return result.assign(code=result["code"].where(result["code"] != "", None))


def _names(table: pd.DataFrame) -> pd.DataFrame:
    """code (empty for the territory) and name of each row of a gap table, the territory last."""
    names = table[["code", "name"]].assign(code=table["code"].fillna("")).drop_duplicates("code")
    return names.sort_values("code", key=lambda codes: codes.where(codes != "", "~"))


def table_csv(
    rows: pd.DataFrame,
    columns: Sequence[DisplayColumn],
    about: str = "",
    as_of: date | None = None,
) -> bytes:
    """The table as French CSV, code first: UTF-8 with BOM, ``;``, decimal comma, no live formula.

    Figures are rounded as the screen shows them; the unknown is empty, what is masked says so.

    Parameters
    ----------
    about : str
        Definitions and sources, in the last column of the first row: a CSV has no other place to
        say what it is.
    as_of : date, optional
        Date of the supply, in a column of each row: a row copied elsewhere keeps it.
    """
    written = {
        heading(c): [
            MASKED if hidden else text_cell(v) if c.words else number_cell(v, c.decimals)
            for v, hidden in _cells(rows, c)
        ]
        for c in (CODE, *columns)
    }
    if as_of:
        written[DAY] = [day_cell(as_of)] * len(rows)
    if about:
        written[ABOUT] = [text_cell("" if line else about) for line in range(len(rows))]
    return csv_file(written, zip(*written.values(), strict=True))


def table_xlsx(
    rows: pd.DataFrame, columns: Sequence[DisplayColumn], title: str, notes: Sequence[str]
) -> bytes:
    """The table as a workbook: typed cells, frozen header, and a sheet that says what it is.

    Parameters
    ----------
    title : str
        Name of the table, first line of the second sheet.
    notes : sequence of str
        What a reader must know: date, definitions, sources.
    """
    buffer = io.BytesIO()
    # Text stays text: neither formulas nor links are made of it.
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **safe}) as book:
        sheet = book.add_worksheet("Tableau")
        right = book.add_format({"align": "right"})
        over = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "align": "right"}
        )
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"})
        sheet.freeze_panes(1, 2)
        on_paper(sheet)
        make_room(sheet, 0, [heading(c) for c in (CODE, *columns)], [WIDE] * (len(columns) + 1))
        for n, c in enumerate((CODE, *columns)):
            style = book.add_format({"num_format": number_format(c.decimals, signed=c.signed)})
            sheet.write_string(0, n, heading(c), bold if c.words else over)
            sheet.set_column(n, n, NAMED if c is NAME else WIDE)
            for line, (value, hidden) in enumerate(_cells(rows, c), start=1):
                if hidden:
                    sheet.write_string(line, n, MASKED, right)
                elif pd.isna(value):
                    continue
                elif c.words:
                    sheet.write_string(line, n, excel_text(str(value)))
                else:
                    sheet.write_number(line, n, _exact(value, c), style)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns))
        about = book.add_worksheet("Définitions et sources")
        on_paper(about, None)
        about.set_column(0, 0, NOTED)
        about.write_string(0, 0, title, bold)
        for line, note in enumerate(notes, start=1):
            make_room(about, line, [note], [NOTED])
            about.write_string(line, 0, note, wrapped)
    return buffer.getvalue()


def _cells(rows: pd.DataFrame, column: DisplayColumn) -> list[tuple[Any, bool]]:
    """The values of a column, each with whether it is masked."""
    hidden = masked_cells(rows, column.source).tolist()
    return list(zip(rows[column.source].tolist(), hidden, strict=True))


def heading(column: DisplayColumn) -> str:
    """The heading in a file: label and unit in one line."""
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _exact(value: float, column: DisplayColumn) -> float:
    """The figure as the screen rounds it; NaN when unknown."""
    figure = numbers.rounded(value, column.decimals)
    return float("nan") if figure is None else figure
