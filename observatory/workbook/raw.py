"""Limits, lines and tables common to the files that are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from observatory.french.spreadsheet import Cell

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class FileLimits:
    """How far a file may go before it is refused as a whole.

    Attributes
    ----------
    max_bytes : int
        Size of the file.
    max_unzipped, max_ratio, max_members
        Of a workbook, read in its directory before anything is opened: bytes once unpacked, how
        many times the packed size, number of parts.
    max_cells : int
        Extent of a sheet, rows × columns, empty cells included.
    max_rows, max_columns : int
        Of one table.
    """

    max_bytes: int = 60 * MEGABYTE
    max_unzipped: int = 400 * MEGABYTE
    max_ratio: float = 250.0
    max_members: int = 2_000
    max_cells: int = 30_000_000
    max_rows: int = 300_000
    max_columns: int = 200


class Line(NamedTuple):
    """One row as it stands: its number in the spreadsheet, its cells, and what breaks it."""

    number: int
    cells: list[Cell]
    broken: tuple[str, str] | None = None


@dataclass
class RawTable:
    """A table before its headings are found.

    Attributes
    ----------
    file, where : str
        The file's name; the file and, in a workbook, the sheet.
    lines : Iterator of Line
        In order, the empty ones included.
    notes : list of str
        What to say of how it was read.
    title : str
        The sheet's name; empty for a CSV file.
    merged : list of tuple
        Merged cells: first row, first column, last row, last column, from 0.
    """

    file: str
    where: str
    lines: Iterator[Line]
    notes: list[str] = field(default_factory=list)
    title: str = ""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def is_blank(cells: list[Cell]) -> bool:
    """Whether no cell of a row holds anything."""
    return all(c is None or (isinstance(c, str) and not c.strip()) for c in cells)


def letter(place: int) -> str:
    """The letter of a column, from its place: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
