"""Rules of what a census of the offer may tell besides: use, requests, hours, money."""

from __future__ import annotations

import re

from pydantic import ValidationInfo

from observatory.census.amounts import EMPTY_WORDS
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell
from observatory.workbook.cells import clean, number_text, read_number, read_yes
from observatory.workbook.problems import refused, short
from observatory.workbook.readers import CellReading

MOST_PERCENT = 200.0  # a place may serve two children a day
MOST_REQUESTS = 50_000
MOST_EUROS = 20_000.0  # a year, for one place
PERCENT = re.compile(r"\s*%$")
EUROS = re.compile(r"\s*(?:€|euros?|eur)$", re.I)


def occupancy(cell: Cell, info: ValidationInfo) -> float | None:
    """A rate of occupancy in percent, or nothing."""
    value = clean(cell)
    if not _given(value):
        return None
    found = read_number(PERCENT.sub("", value))
    hint = "Écrire un pourcentage, par exemple 85, ou laisser la cellule vide."
    if found is None or not 0 <= found <= MOST_PERCENT:
        raise refused(f"{short(value)} n'est pas un taux d'occupation", hint)
    if 0 < found <= 1 and "%" not in value and isinstance(info.context, CellReading):
        what = f"{short(value)} est lu {number_text(found)} %"
        info.context.remark(info, value, what, "Écrire 85 pour 85 %.")
    return found


def requests(cell: Cell, info: ValidationInfo) -> float | None:
    """How many requests found no place, or nothing: unknown is not zero."""
    value = clean(cell)
    if not _given(value):
        return None
    found = read_number(value)
    if found is None or not found.is_integer() or not 0 <= found <= MOST_REQUESTS:
        hint = "Écrire un entier, 0 s'il n'y en a pas ; inconnu, laisser la cellule vide."
        raise refused(f"{short(value)} n'est pas un nombre de demandes", hint)
    return found


def known_yes(cell: Cell, info: ValidationInfo) -> bool | None:
    """Yes, no, or unknown when nothing is written."""
    if isinstance(cell, bool):
        return cell
    value = clean(cell)
    return read_yes(value) if _given(value) else None


def euros(cell: Cell, info: ValidationInfo) -> float | None:
    """Euros a year for one place, or nothing."""
    value = clean(cell)
    if not _given(value):
        return None
    found = read_number(EUROS.sub("", value))
    if found is None or not 0 <= found <= MOST_EUROS:
        hint = "Écrire des euros par place et par an, par exemple 2600, ou laisser la cellule vide."
        raise refused(f"{short(value)} n'est pas un montant", hint)
    return found


def _given(value: str) -> bool:
    return bool(value) and plain(value) not in EMPTY_WORDS
