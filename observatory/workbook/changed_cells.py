"""Cells that differ between two states of a sheet, in the words of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from observatory.french import dates
from observatory.french.vocabulary import NOTHING
from observatory.workbook.contract import Contract, Sheet
from observatory.workbook.results import Rows

ADDED, REMOVED = "ligne ajoutée", "ligne retirée"


@dataclass(frozen=True)
class CellChange:
    """One cell that differs between two states, as people read it.

    Attributes
    ----------
    sheet, subject : str
        The sheet's title; who or what the row is of.
    column, before, after : str
        The column's title and both values; a whole row has one of them only.
    """

    sheet: str
    subject: str
    column: str
    before: str
    after: str

    @property
    def change(self) -> str:
        """Which column, from what to what."""
        if not self.before or not self.after:
            return f"{self.column} : {self.before or self.after}"
        return f"{self.column} : {self.before} → {self.after}"

    @property
    def sentence(self) -> str:
        """The same, with who or what it is of."""
        if not self.before or not self.after:
            said = self.before or self.after
            return f"{self.subject} : {self.column}" + (f", {said}" if said else "")
        return f"{self.subject} : {self.column.lower()}, {self.before} → {self.after}"


@dataclass(frozen=True)
class RowWords:
    """How a tenant speaks of its rows.

    Attributes
    ----------
    subject : callable
        Who or what a row is of.
    told : callable
        What a whole row says, in a few words.
    hidden : frozenset of str
        Columns that are the observatory's own.
    """

    contract: Contract
    subject: Callable[[Sheet, list[str]], str]
    told: Callable[[Sheet, list[str]], str]
    hidden: frozenset[str] = frozenset()

    def value(self, sheet: Sheet, column: str, text: str) -> str:
        """A stored value as a person reads it."""
        return value_words(self.contract, sheet, column, text)


def value_words(contract: Contract, sheet: Sheet, column: str, text: str) -> str:
    """A stored value as a person reads it: a label, a day in full."""
    if not text:
        return NOTHING
    of_column = next(c for c in sheet.columns if c.name == column)
    if of_column.choices:
        return contract.choices(of_column.choices).get(text, text)
    if of_column.kind == "date":
        return dates.long_date(text)
    return text


def cells_changed(words: RowWords, sheet: Sheet, before: Rows, after: Rows) -> list[CellChange]:
    """Cells that differ, rows being paired by the key of their sheet."""
    at = [sheet.stored.index(c) for c in sheet.key]
    old, new = ({tuple(row[n] for n in at): row for row in rows} for rows in (before, after))
    gone, come = [k for k in old if k not in new], [k for k in new if k not in old]
    titles = {c.name: c for c in sheet.columns}
    found = []
    for k in old:
        if k in new:
            for n, column in enumerate(sheet.stored):
                if old[k][n] != new[k][n] and column not in words.hidden:
                    found.append(
                        CellChange(
                            sheet.title,
                            words.subject(sheet, new[k]),
                            titles[column].title,
                            words.value(sheet, column, old[k][n]),
                            words.value(sheet, column, new[k][n]),
                        )
                    )
    for keys, rows, what in ((gone, old, REMOVED), (come, new, ADDED)):
        for row in (rows[k] for k in keys):
            said = words.told(sheet, row)
            both = (said, "") if what == REMOVED else ("", said)
            found.append(CellChange(sheet.title, words.subject(sheet, row), what, *both))
    return list(dict.fromkeys(found))  # said on several rows, a correction is one
