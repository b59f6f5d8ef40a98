"""What a column accepts: one function per kind, from a cell to its value.

A refusal rejects the row and says how to correct it; a remark leaves it where it is. A function may
look at the columns read before its own (``info.data``); one that was refused is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from observatory.french.spreadsheet import Cell
from observatory.workbook.cells import (
    MAX_ID,
    clean,
    number_text,
    read_identifier,
    read_number,
    read_text,
    read_yes,
)
from observatory.workbook.problems import Remark, refused, short
from observatory.workbook.written_dates import doubt, read_date

EMPTY = "la cellule est vide"
DATE = "Une date : 2024-09-01, 01/09/2024, 1er septembre 2024, ou une date d'Excel"
TEXT = "Texte libre"
MOST = 1_000_000.0  # beyond, a number is a mistake


@dataclass
class CellReading:
    """What the readers know beside the row: the remarks made so far on it."""

    remarks: list[Remark] = field(default_factory=list)

    def remark(self, info: ValidationInfo, value: str, what: str, hint: str) -> None:
        """Say something of a cell without refusing its row."""
        self.remarks.append(Remark(str(info.field_name), value, what, hint))


def identifier(cell: Cell, info: ValidationInfo) -> str:
    """A short text, required."""
    value = read_text(clean(cell), MAX_ID)
    if not value:
        raise refused(EMPTY, "Donner un identifiant, par exemple ARRAS-MA-01.")
    seen = read_identifier(value)
    if seen != value and isinstance(info.context, CellReading):
        what = f"{short(value)} a des lettres d'un autre alphabet ou d'une autre largeur"
        info.context.remark(info, value, what, f"Lu comme « {seen} ».")
    return seen


def required(cell: Cell, info: ValidationInfo) -> str:
    """A text, required."""
    value = read_text(clean(cell))
    if not value:
        raise refused(EMPTY, "La remplir.")
    return value


def text(cell: Cell, info: ValidationInfo) -> str:
    """A text, or nothing."""
    return read_text(clean(cell))


def number(cell: Cell, info: ValidationInfo) -> float | None:
    """A number that is not negative, or nothing."""
    value = clean(cell)
    if not value:
        return None
    found = read_number(value)
    hint = "Écrire un nombre, par exemple 12,5, ou laisser la cellule vide."
    if found is None:
        raise refused(f"{short(value)} n'est pas un nombre", hint)
    if not 0 <= found <= MOST:
        raise refused(f"{number_text(found)} n'est pas un nombre plausible", hint)
    return found


def day(cell: Cell, info: ValidationInfo) -> date | None:
    """A date, or nothing; a day of the week or a time zone that says otherwise is remarked."""
    if isinstance(cell, date):
        return read_date(cell)
    value = clean(cell)
    found = read_date(value)
    if found and isinstance(info.context, CellReading) and (what := doubt(value, found)):
        info.context.remark(info, value, what, "Vérifier ce jour.")
    return found


def yes(cell: Cell, info: ValidationInfo) -> bool:
    """Yes or no; nothing is no."""
    return cell if isinstance(cell, bool) else cell != "non" and read_yes(clean(cell))


Identifier = Annotated[str, PlainValidator(identifier)]
Required = Annotated[str, PlainValidator(required)]
Text = Annotated[str, PlainValidator(text)]
Number = Annotated[float | None, PlainValidator(number)]
Day = Annotated[date | None, PlainValidator(day)]
Yes = Annotated[bool, PlainValidator(yes)]
