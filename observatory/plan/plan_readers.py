"""What the columns of a plan accept beside what any column does: functions, lists, money, years."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from observatory.french.spelling import in_full
from observatory.french.spreadsheet import Cell
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.plan_words import plan_lists
from observatory.workbook import readers
from observatory.workbook.cells import clean, number_text, read_number, read_text, read_word
from observatory.workbook.problems import refused, short
from observatory.workbook.readers import EMPTY, CellReading

LONGEST = 8_000  # characters of a description
MOST_EUROS = 1_000_000_000.0
YEARS = range(2000, 2101)
PARTED = re.compile(r"\s*[;,|]\s*|\s+/\s+")
"""What parts the values of one cell."""
JOINED = ", "
CODE = re.compile(r"\d{5}|2[AB]\d{3}")
CURRENCY = re.compile(r"\s*(?:€|euros?|eur)\s*$", re.IGNORECASE)
WHO = "Écrire une fonction ou un service, par exemple « Coordinatrice Ctg »."


@dataclass
class PlanReading(CellReading):
    """What the readers of a plan know beside the row.

    Attributes
    ----------
    communes : mapping
        Name of each commune of the territory by INSEE code; empty without a version in service.
    """

    communes: Mapping[str, str] = field(default_factory=dict)


def function(cell: Cell, info: ValidationInfo) -> str:
    """A function or a body, never a person; or nothing."""
    value = read_text(clean(cell))
    if privacy.names_person(value) or privacy.tells_person(value):
        raise refused("c'est une personne, pas une fonction", WHO, private=True)
    if value and (why := privacy.describes_childminder([value], service=privacy.RELAY_SERVICE)):
        raise refused(why, WHO, private=True)
    return value


def body(cell: Cell, info: ValidationInfo) -> str:
    """A body, required, never a person."""
    found = function(cell, info)
    if not found:
        raise refused(EMPTY, "Écrire le nom de l'instance, par exemple « Comité de pilotage ».")
    return found


def long_text(cell: Cell, info: ValidationInfo) -> str:
    """A text of several sentences, or nothing."""
    return read_text(clean(cell), LONGEST)


def needed_text(cell: Cell, info: ValidationInfo) -> str:
    """A text of several sentences, required."""
    value = long_text(cell, info)
    if not value:
        raise refused(EMPTY, "La remplir.")
    return value


def needed_day(cell: Cell, info: ValidationInfo) -> date:
    """A day, required."""
    found = readers.day(cell, info)
    if found is None:
        raise refused(EMPTY, "Écrire une date, par exemple 2025-06-30.")
    return found


def last_day(cell: Cell, info: ValidationInfo) -> date | None:
    """The last day of an action, not before its first."""
    found = readers.day(cell, info)
    first = info.data.get("debut")
    if found and first and found < first:
        raise refused(
            f"la fin ({found.isoformat()}) vient avant le début ({first.isoformat()})",
            "Corriger l'une des deux dates.",
        )
    return found


def word_of(listed: str, noun: str, default: str | None = None) -> Callable[..., str]:
    """Make the reader of a column that has a list; without default, it must be filled."""

    def read(cell: Cell, info: ValidationInfo) -> str:
        value, choices = clean(cell), plan_lists()[listed]
        if value:
            return read_word(value, choices, noun)
        if default is None:
            raise refused(EMPTY, f"Choisir : {', '.join(choices.values())}.")
        return default

    return read


def several_services(cell: Cell, info: ValidationInfo) -> str:
    """Services of the nomenclature, by their ids or labels; or nothing."""
    value = clean(cell)
    if not value:
        return ""
    services = nomenclature().services
    known = {i: s.label for i, s in services.items()}
    words = {in_full(w): i for i, s in services.items() for w in (i, s.label, s.short)}
    if whole := words.get(in_full(value[:200])):  # a label may hold a comma
        return whole
    pieces = [p for p in PARTED.split(value) if p]
    found = [
        words.get(in_full(p[:200])) or read_word(p, known, "un service de la nomenclature")
        for p in pieces
    ]
    return JOINED.join(dict.fromkeys(found))


def several_communes(cell: Cell, info: ValidationInfo) -> str:
    """Communes by their INSEE codes or names; nothing is the whole territory."""
    known: Mapping[str, str] = getattr(info.context, "communes", {})
    pieces: list[str] = []
    for piece in PARTED.split(clean(cell)):
        codes = [code_of(word) for word in piece.split()]
        pieces += codes if codes and all(codes) else [piece] if piece else []
    return JOINED.join(dict.fromkeys(one_commune(p, known, info) for p in pieces))


def one_commune(piece: str, known: Mapping[str, str], info: ValidationInfo) -> str:
    """The code of one commune; one that is not of the territory is remarked."""
    if CODE.fullmatch(piece):
        if known and piece not in known and isinstance(info.context, CellReading):
            what = f"{short(piece)} n'est pas une commune du territoire"
            info.context.remark(info, piece, what, "Vérifier ce code.")
        return piece
    if not known:
        hint = "Écrire son code Insee : sans version en service, les noms ne sont pas connus."
        raise refused(f"{short(piece)} n'est pas un code de commune", hint)
    by_name = {in_full(name): code for code, name in known.items()}
    if found := by_name.get(in_full(piece[:200])):
        return found
    near = difflib.get_close_matches(in_full(piece[:200]), by_name, n=3, cutoff=0.6)
    told = ", ".join(f"{known[by_name[n]]} ({by_name[n]})" for n in near)
    hint = f"Vouliez-vous dire : {told} ?" if near else "Écrire son code Insee."
    raise refused(f"{short(piece)} n'est pas une commune du territoire", hint)


def code_of(word: str) -> str:
    """An INSEE code, its leading zero put back; empty when the word is none."""
    word = word.upper()
    word = f"0{word}" if re.fullmatch(r"[1-9]\d{3}", word) else word
    return word if CODE.fullmatch(word) else ""


def year(cell: Cell, info: ValidationInfo) -> str:
    """A year, or nothing."""
    value = clean(cell)
    found = read_number(value) if value else None
    if not value or (found is not None and found in YEARS):
        return number_text(found) if found is not None else ""
    raise refused(f"{short(value)} n'est pas une année", "Écrire par exemple 2025.")


def euros(cell: Cell, info: ValidationInfo) -> float:
    """An amount of money in euros, required."""
    value = CURRENCY.sub("", clean(cell))
    found = read_number(value) if value else None
    hint = "Écrire un montant en euros, par exemple 12 500, sans « k » ni « M »."
    if not value:
        raise refused(EMPTY, hint)
    if found is None:
        raise refused(f"{short(value)} n'est pas un montant", hint)
    if not 0 <= found <= MOST_EUROS:
        raise refused(f"{number_text(found)} n'est pas un montant plausible", hint)
    return found


def signed(cell: Cell, info: ValidationInfo) -> float | None:
    """A number that may be negative, or nothing."""
    value = clean(cell)
    if not value:
        return None
    found = read_number(value)
    if found is None or abs(found) > MOST_EUROS:
        hint = "Écrire un nombre, par exemple 12,5, ou laisser la cellule vide."
        raise refused(f"{short(value)} n'est pas un nombre", hint)
    return found


def needed_number(cell: Cell, info: ValidationInfo) -> float:
    """A number that may be negative, required."""
    found = signed(cell, info)
    if found is None:
        raise refused(EMPTY, "Écrire la valeur relevée ; sans valeur, supprimer la ligne.")
    return found


Function = Annotated[str, PlainValidator(function)]
BodyName = Annotated[str, PlainValidator(body)]
LongText = Annotated[str, PlainValidator(long_text)]
NeededText = Annotated[str, PlainValidator(needed_text)]
NeededDay = Annotated[date, PlainValidator(needed_day)]
LastDay = Annotated[date | None, PlainValidator(last_day)]
SeveralServices = Annotated[str, PlainValidator(several_services)]
SeveralCommunes = Annotated[str, PlainValidator(several_communes)]
Year = Annotated[str, PlainValidator(year)]
Euros = Annotated[float, PlainValidator(euros)]
NeededNumber = Annotated[float, PlainValidator(needed_number)]
