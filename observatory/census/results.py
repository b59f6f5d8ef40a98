"""Result of a check: accepted rows, rejected rows with reasons, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from observatory.census.problems import Problem, plural
from observatory.census.sheets import Sheet
from observatory.french.spreadsheet import Cell

Rows = list[list[str]]
"""Accepted rows: the stored columns of a sheet, as text in the form of the store."""


@dataclass
class SetAside:
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
        Rows that hold something, headings aside; accepted and set aside add up to it.
    numbers : list of int
        The spreadsheet's row of each accepted one.
    """

    file: str
    where: str
    sheet: Sheet
    headings: list[str]
    to_mend: bool = False
    read: int = 0
    accepted: Rows = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    keys_aside: set[str] = field(default_factory=set)


@dataclass
class Checked:
    """What was found in the files of one census."""

    tables: list[CheckedTable]
    warnings: list[Problem]
    notes: list[str]

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(t.read for t in self.tables)

    @property
    def accepted(self) -> int:
        """Rows accepted."""
        return sum(len(t.accepted) for t in self.tables)

    @property
    def tells_supply(self) -> bool:
        """Whether an accepted row tells of the supply."""
        return any(t.accepted for t in self.tables if t.sheet.supply)

    @property
    def set_aside(self) -> int:
        """Rows set aside."""
        return sum(len(t.set_aside) for t in self.tables)

    @property
    def errors(self) -> list[Problem]:
        """Every reason to set a row aside, in the order of the files."""
        return [p for t in self.tables for row in t.set_aside for p in row.problems]

    def rows(self, name: str) -> Rows:
        """Accepted rows of a sheet, over all the files."""
        return [row for t in self.tables if t.sheet.name == name for row in t.accepted]

    def summary(self, written: Sequence[str] = ()) -> str:
        """« 132 lignes lues, 131 acceptées, 1 mise de côté dans offre_a_corriger.csv. »."""
        where = f" dans {', '.join(written)}" if written and self.set_aside else ""
        return (
            f"{plural(self.read, 'ligne lue', 'lignes lues')}, "
            f"{plural(self.accepted, 'acceptée')}, "
            f"{plural(self.set_aside, 'mise de côté', 'mises de côté')}{where}."
        )
