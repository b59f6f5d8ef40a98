"""Check files against a contract: every row accepted or rejected, every problem said, in one pass.

A file is read to its end whatever it holds: accepted + rejected = read, always.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from observatory.french.numbers import plural
from observatory.french.spelling import plain
from observatory.workbook.contract import Contract, Refusal, Sheet
from observatory.workbook.headings import OVERFLOW, Table
from observatory.workbook.problems import Problem, WorkbookError
from observatory.workbook.raw import FileLimits, is_blank, letter
from observatory.workbook.readers import CellReading
from observatory.workbook.reading import read_tables
from observatory.workbook.results import Checked, CheckedTable, RejectedRow
from observatory.workbook.rows import RowReader

MOST_MERGED = 20  # merged areas that are named one by one


class Across(Protocol):
    """The memory of the rows accepted so far on a sheet: what one row alone cannot tell."""

    def faults(self, number: int, row: Sequence[str]) -> list[Refusal]:
        """What contradicts the rows before; when nothing does, the row is remembered."""


@dataclass
class SaidOnce:
    """A fact is said once: no two rows of a sheet have the same key."""

    sheet: Sheet
    noun: str = "cette ligne"
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def faults(self, number: int, row: Sequence[str]) -> list[Refusal]:
        """A fact said twice."""
        key = tuple(row[self.sheet.stored.index(c)] for c in self.sheet.key)
        if key in self.seen:
            what = f"{self.noun} est déjà ligne {self.seen[key]}"
            return [("", what, "Supprimer l'une des deux lignes.")]
        self.seen[key] = number
        return []


AcrossOf = Callable[[Sheet, Sequence[CheckedTable], bool], Across]
"""Makes the memory of a sheet: the sheet, the tables checked before, whether the files complete."""


def check_workbook(
    contract: Contract,
    files: Sequence[Path],
    *,
    reading: CellReading | None = None,
    across_of: AcrossOf | None = None,
    complete: bool | None = None,
    limits: FileLimits | None = None,
    names: Sequence[str] = (),
) -> Checked:
    """Read files that go together and sort their rows.

    Parameters
    ----------
    files : sequence of Path
        Workbooks or CSV files.
    reading : CellReading, optional
        What the readers of the columns know beside the row.
    across_of : callable, optional
        What compares the rows of a sheet; by default no key is said twice.
    complete : bool, optional
        Whether the files complete what is in place instead of replacing its sheets; by default
        when they hold rows that were rejected and corrected.
    names : sequence of str
        What messages call each file; its own name by default.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    """
    limits, reading = limits or FileLimits(), reading or CellReading()
    tables: list[Table] = []
    warnings: list[Problem] = []
    for n, file in enumerate(files):
        found, told = read_tables(contract, file, limits, names[n] if n < len(names) else "")
        tables += found
        warnings += told
    if complete is None:
        complete = any(t.corrected for t in tables)
    done: list[CheckedTable] = []
    for sheet in contract.sheets:
        across = across_of(sheet, done, complete) if across_of else SaidOnce(sheet)
        with kept_until_done():
            for table in (t for t in tables if t.sheet is sheet):
                done.append(_check_table(table, across, reading, limits, warnings))
    notes = [f"{t.raw.where} : {note}" for t in tables for note in t.notes]
    return Checked(done, warnings, notes, complete)


@contextmanager
def kept_until_done() -> Iterator[None]:
    """No search for garbage meanwhile: every row read is kept, and would be looked at each time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _check_table(
    table: Table, across: Across, reading: CellReading, limits: FileLimits, warnings: list[Problem]
) -> CheckedTable:
    """Sort the rows of one table."""
    raw = table.raw
    done = CheckedTable(raw.file, raw.where, table.sheet, table.headings, table.corrected)
    done.places = table.places
    warnings += _about_columns(table)
    reader = RowReader(table, reading)
    for line in table.lines:
        if not line.broken and is_blank(line.cells):
            continue
        done.read += 1
        if done.read > limits.max_rows:
            what = f"le tableau a plus de {plural(limits.max_rows, 'ligne')}"
            raise WorkbookError(what, where=raw.where, mend="Le découper en plusieurs fichiers.")
        row, problems = reader.read(line)
        if row is not None:
            problems = [
                reader.problem(line, column, "", what, hint)
                for column, what, hint in across.faults(line.number, row)
            ]
        if row is None or problems:
            done.rejected.append(RejectedRow(line.number, line.cells, problems))
            done.rejected_keys.add(reader.key_of(line))
            continue
        done.accepted.append(row)
        done.numbers.append(line.number)
        warnings += [
            Problem(raw.where, line.number, r.column, r.value, r.what, r.hint, warning=True)
            for r in reading.remarks
        ]
    table.notes += reader.notes()
    return done


def _about_columns(table: Table) -> list[Problem]:
    """Warnings on the table as a whole: columns that are ignored, cells that are merged."""
    where, found = table.raw.where, []
    silent = table.sheet.left_out
    told = (h for h in table.extra if not plain(h).startswith(plain(OVERFLOW)))
    for heading in (h for h in told if plain(h) not in silent):
        what = f"cette colonne n'est pas {table.of_it} : elle est ignorée, rien n'en est gardé"
        found.append(Problem(where, 0, heading, "", what, "", warning=True))
    for top, left, bottom, right in table.raw.merged[:MOST_MERGED]:
        area = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        what = f"les cellules {area} sont fusionnées : leur valeur n'est lue qu'à la première"
        hint = "Les défusionner."
        found.append(Problem(where, top + 1, "", "", what, hint, warning=True))
    return found
