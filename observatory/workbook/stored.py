"""Accepted rows as they are kept: canonical CSV, read back whole, replaced or completed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from observatory.workbook.contract import Contract, Sheet
from observatory.workbook.results import Checked, Rows

Tables = Mapping[str, Rows]
"""Rows by name of sheet."""


def file_name(sheet: Sheet) -> str:
    """The name of the file that keeps a sheet."""
    return f"{sheet.name}.csv"


def canonical(sheet: Sheet, rows: Rows) -> bytes:
    """A sheet as the store keeps it: UTF-8, ``;``, decimal point, ISO dates."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(sheet.stored)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def read_back(sheet: Sheet, content: bytes) -> Rows:
    """The rows of ``canonical``; a column that a former version did not keep is empty.

    Raises
    ------
    ValueError
        When the content is not a sheet of this name.
    """
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
        headings = next(reader, [])
        if not set(headings) & set(sheet.stored):
            raise ValueError(f"no heading of {sheet.name}")
        places = [headings.index(c) if c in headings else -1 for c in sheet.stored]
        return [[row[p] if 0 <= p < len(row) else "" for p in places] for row in reader if row]
    except csv.Error as error:
        raise ValueError(str(error)) from error


class DamagedSheetError(ValueError):
    """A file is not the sheet that its name says.

    Attributes
    ----------
    name : str
        The file's.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def sheets_back(sheets: Iterable[Sheet], files: Mapping[str, bytes]) -> dict[str, Rows]:
    """The rows of each sheet that is among the files of a state.

    Raises
    ------
    DamagedSheetError
        When a file is not a sheet of its name.
    """
    found = {}
    for sheet in sheets:
        name = file_name(sheet)
        if name in files:
            try:
                found[sheet.name] = read_back(sheet, files[name])
            except ValueError as error:
                raise DamagedSheetError(name) from error
    return found


def merged(contract: Contract, kept: Tables, checked: Checked, complete: bool) -> dict[str, Rows]:
    """The tables after a load: each sheet that has accepted rows is replaced, or completed.

    A sheet that is not in the files, or none of whose rows was accepted, stays as it is.
    """
    after = dict(kept)
    for sheet in contract.sheets:
        rows = checked.rows(sheet.name)
        if not rows:
            continue
        if complete:
            by_key = {_key(sheet, r): r for r in kept.get(sheet.name, [])}
            by_key.update((_key(sheet, r), r) for r in rows)
            rows = list(by_key.values())
        after[sheet.name] = rows
    return after


def _key(sheet: Sheet, row: list[str]) -> tuple[str, ...]:
    """What makes a row the same one, corrected."""
    return tuple(row[sheet.stored.index(c)] for c in sheet.key)
