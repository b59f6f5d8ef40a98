"""Column rules of the sheet of competences: a legal duty, and who exercises it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import ValidationInfo

from observatory.census.commune_codes import Communes
from observatory.census.rules import CensusReading
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell
from observatory.knowledge.law import law
from observatory.workbook.cells import clean, labels, read_word
from observatory.workbook.problems import refused, short
from observatory.workbook.readers import EMPTY

EPCI = "epci"


@cache
def competence_labels() -> Mapping[str, str]:
    """Label of each competence of the law, by id."""
    return {i: c.label for i, c in law().competences.items()}


@cache
def holder_labels() -> Mapping[str, str]:
    """Label of each kind of body that may exercise a competence, by id."""
    return {i: h.label for i, h in law().holders.items()}


def competence(cell: Cell, info: ValidationInfo) -> str:
    """A competence of the law, from its id, its label or another name of it."""
    value = clean(cell)
    if not value:
        every = labels(competence_labels(), competence_labels())
        raise refused(EMPTY, f"Choisir une compétence : {every}.")
    known = _words("competence").get(plain(value[:200]))
    return known or read_word(value, competence_labels(), "une compétence prévue par la loi")


def holder(cell: Cell, info: ValidationInfo) -> str:
    """Who exercises it; not an EPCI where the commune is in none."""
    value = clean(cell)
    if not value:
        every = labels(holder_labels(), holder_labels())
        hint = f"Choisir : {every} ; si on ne sait pas, retirer la ligne."
        raise refused(EMPTY, hint)
    noun = "l'un de ceux qui peuvent exercer une compétence"
    found = _words("holder").get(plain(value[:200])) or read_word(value, holder_labels(), noun)
    reading: Any = info.context
    code = info.data.get("code_insee", "")
    known = reading.communes if isinstance(reading, CensusReading) else Communes()
    if found == EPCI and code in known.outside_epci:
        hint = "Écrire commune ou syndicat, ou corriger le code de la commune."
        what = f"{short(value)} : la commune {known.name(code)} n'est dans aucun EPCI"
        raise refused(what, hint)
    return found


@cache
def _words(kind: str) -> Mapping[str, str]:
    """Ids by every name they go by, plainly written."""
    entries = law().competences if kind == "competence" else law().holders
    return {plain(w): i for i, e in entries.items() for w in (i, e.label, *e.words)}
