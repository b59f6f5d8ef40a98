"""Cells of another tool as values that may be proposed: lines, amounts, days."""

from __future__ import annotations

import re
from datetime import date

from observatory.french.spreadsheet import Cell
from observatory.plan.plan_readers import CURRENCY
from observatory.workbook.cells import clean, number_text, read_number
from observatory.workbook.written_dates import read_date

BULLET = re.compile(r"^\s*(?:[-–—•*]|\d+[.)])\s+")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ].*")


def lines_of(text: str) -> list[str]:
    """What a cell lists: a line each, or parted by semicolons, without bullets."""
    parts = (clean(BULLET.sub("", part)) for part in re.split(r"[\r\n;]+", text))
    return list(dict.fromkeys(filter(None, parts)))


def proposed_amount(text: str) -> str:
    """An amount in euros in the form of the store; empty when the text is none."""
    bare = CURRENCY.sub("", text)
    found = read_number(bare) if bare else None
    return number_text(found) if found is not None and found >= 0 else ""


def proposed_day(cell: Cell) -> str:
    """A day in the form of the store, its hour left out; empty when there is none.

    Raises
    ------
    PydanticCustomError
        When the cell is filled and is no date.
    """
    if isinstance(cell, date):
        found = read_date(cell)
    else:
        text = clean(cell)
        found = read_date(TIME.sub(r"\1", text)) if text else None
    return found.isoformat() if found else ""
