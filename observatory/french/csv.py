"""CSV files: the French dialect, for a double click in a spreadsheet, and the international one.

A cell is made by one of the functions below, which neutralise formulas and leave the unknown
empty; ``csv_file`` takes nothing else.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NewType

from observatory.french.numbers import rounded
from observatory.french.spreadsheet import BOM, clean_text, safe_text

ZEROS_IN_CSV = (
    "Un tableur qui ouvre le CSV peut perdre le premier zéro des codes (01004) : y préférer le "
    "XLSX."
)
"""Said beside a CSV file with codes: RFC 4180 has no way to say that a cell is text."""
CsvCell = NewType("CsvCell", str)
"""A cell as it is written, safe for a spreadsheet."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written: delimiter, decimal mark, days, and what the file begins with."""

    delimiter: str
    decimal_mark: str
    day: str
    beginning: str


FRENCH = Dialect(";", ",", "%d/%m/%Y", BOM)
"""UTF-8 with BOM, ``;``, decimal comma, day/month/year."""
INTERNATIONAL = Dialect(",", ".", "%Y-%m-%d", "")
"""RFC 4180: UTF-8 without BOM, ``,``, decimal point, ISO dates."""


def text_cell(value: object) -> CsvCell:
    """Text, cleaned, that no spreadsheet takes for a formula; empty when unknown."""
    return CsvCell("" if _unknown(value) else safe_text(clean_text(str(value))))


def number_cell(value: float | None, decimals: int, dialect: Dialect = FRENCH) -> CsvCell:
    """A number rounded half away from zero, no thousands separator; empty when unknown."""
    return rounded_cell(rounded(value, decimals), decimals, dialect)


def rounded_cell(value: float | None, decimals: int, dialect: Dialect = FRENCH) -> CsvCell:
    """A number that is rounded already; empty when it is None."""
    if value is None:
        return CsvCell("")
    return CsvCell(f"{value:.{decimals}f}".replace(".", dialect.decimal_mark))


def stored_number_cell(text: str, dialect: Dialect = FRENCH) -> CsvCell:
    """A number that is kept as text with a decimal point, with all its decimals."""
    return CsvCell(text.replace(".", dialect.decimal_mark))


def day_cell(value: date | None, dialect: Dialect = FRENCH) -> CsvCell:
    """A day; empty when unknown."""
    return CsvCell("" if value is None or _unknown(value) else value.strftime(dialect.day))


def quoted(cell: CsvCell, dialect: Dialect = FRENCH) -> str:
    """A cell as it stands in a line: between quotes where it must be, as ``csv_file`` does."""
    if any(mark in cell for mark in (dialect.delimiter, '"', "\r", "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def csv_file(
    headings: Iterable[str], rows: Iterable[Iterable[CsvCell]], dialect: Dialect = FRENCH
) -> bytes:
    """The bytes of a CSV file: one line of headings, CRLF, quoted where it must be.

    Parameters
    ----------
    headings : iterable of str
        Written as text.
    rows : iterable
        The cells of each line, as many as there are headings.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator="\r\n")
    writer.writerow([text_cell(h) for h in headings])
    writer.writerows(rows)
    return (dialect.beginning + text.getvalue()).encode("utf-8")


def _unknown(value: object) -> bool:
    """Whether a value stands for nothing: None, NaN, or pandas' own marks."""
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in ("NaTType", "NAType")
    )
