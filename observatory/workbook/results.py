"""What a check found: rows accepted, rows rejected and why, what deserves a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from observatory.french.numbers import plural
from observatory.french.spreadsheet import Cell
from observatory.workbook.contract import Sheet
from observatory.workbook.problems import Problem

Rows = list[list[str]]
"""Accepted rows: the stored columns of a sheet, as text in the form of the store."""


@dataclass
class RejectedRow:
    """A row that cannot enter: its number, its cells as they stood, why."""

    number: int
    cells: list[Cell]
    problems: list[Problem]

    @property
    def why(self) -> str:
        """Every reason, on one line."""
        return " • ".join((f"{p.column} : " if p.column else "") + p.reason for p in self.problems)


@dataclass
class CheckedTable:
    """The rows of one table, sorted.

    Attributes
    ----------
    read : int
        Rows that hold something, headings aside; accepted and rejected add up to it.
    numbers : list of int
        The spreadsheet's row of each accepted one.
    places : dict of str to int
        Where each column of the contract is in the cells of a row.
    """

    file: str
    where: str
    sheet: Sheet
    headings: list[str]
    corrected: bool = False
    read: int = 0
    accepted: Rows = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    rejected_keys: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)


@dataclass
class Checked:
    """What was found in files that go together, and whether they complete what is in place."""

    tables: list[CheckedTable]
    warnings: list[Problem]
    notes: list[str]
    complete: bool = False

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(t.read for t in self.tables)

    @property
    def accepted(self) -> int:
        """Rows accepted."""
        return sum(len(t.accepted) for t in self.tables)

    @property
    def rejected(self) -> int:
        """Rows rejected."""
        return sum(len(t.rejected) for t in self.tables)

    @property
    def errors(self) -> list[Problem]:
        """Every reason to set a row aside, in the order of the files."""
        return [p for t in self.tables for row in t.rejected for p in row.problems]

    def rows(self, name: str) -> Rows:
        """Accepted rows of a sheet, over all the files."""
        return [row for t in self.tables if t.sheet.name == name for row in t.accepted]

    def summary(self, written: Sequence[str] = ()) -> str:
        """« 132 lignes lues, 131 acceptées, 1 mise de côté dans offre_a_corriger.csv. »."""
        where = f" dans {', '.join(written)}" if written and self.rejected else ""
        return (
            f"{plural(self.read, 'ligne lue', 'lignes lues')}, "
            f"{plural(self.accepted, 'acceptée')}, "
            f"{plural(self.rejected, 'mise de côté', 'mises de côté')}{where}."
        )
