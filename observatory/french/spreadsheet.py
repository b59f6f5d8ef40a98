"""Cells of French spreadsheets: decimal commas, text that cannot be a formula, typed cells."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from observatory.french.numbers import rounded

# What a spreadsheet may take for a formula, full-width signs and unseen spaces included.
FORMULA = re.compile("[\\s\u200b\u2060\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-]|[\t\r\n]")
BOM = "\ufeff"
# Characters that no file can carry, or that end a text before its end.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def clean_text(value: str) -> str:
    """Text that every format carries: control characters shown as « � », line ends as one."""
    return UNWRITABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))


def safe_text(value: str) -> str:
    """Text that a spreadsheet shows as text, even when it looks like a formula."""
    return "'" + value if FORMULA.match(value) else value


def french_number(value: float, decimals: int) -> str:
    """A number for a spreadsheet: decimal comma, no thousands separator; unknown is empty."""
    exact = rounded(value, decimals)
    return "" if exact is None else f"{exact:.{decimals}f}".replace(".", ",")


Cell = str | float | int | bool | date | datetime | time | None


def text_of(cell: Cell) -> str:
    """A cell as text, just as it stands: an ISO date, a whole number without its point."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
