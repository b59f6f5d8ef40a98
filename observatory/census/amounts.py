"""Services by the names that people give them, and amounts in a service's unit."""

from __future__ import annotations

import re
from functools import cache

from observatory.french.spelling import of, plain
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.workbook.cells import LONGEST_NUMBER, read_number
from observatory.workbook.problems import refused, short

EMPTY_WORDS = frozenset({"nc", "n c", "nd", "n d", "ns", "inconnu", "inconnue", "non communique"})


@cache
def services(grain: str) -> dict[str, str]:
    """Label of each service that is measured at a grain (establishment, commune)."""
    return {i: s.label for i, s in nomenclature().services.items() if s.grain == grain}


@cache
def service_names(grain: str) -> dict[str, str]:
    """Id of each service of a grain by every name it goes by, plainly written."""
    found = {i: s for i, s in nomenclature().services.items() if s.grain == grain}
    return {plain(n): i for i, s in found.items() for n in (s.short, s.label, i)}


def read_amount(text: str, service: Service | None, column: str) -> tuple[float, str]:
    """A quantity in the service's unit, and the unit's word when one stood after the number.

    Raises
    ------
    PydanticCustomError
        When it is not a number, is negative, or is not whole where only whole ones make sense.
    """
    unit = service.unit if service else "places"
    whole = service.whole if service else True
    number, word = read_number(text), ""
    if number is None and len(text) <= LONGEST_NUMBER:
        parts = re.fullmatch(r"([\d\s.,\u00a0\u202f]+)([^\d]+)", text)
        if parts and plain(parts[2]) in _unit_words(unit):
            number, word = read_number(parts[1].strip()), parts[2].strip()
    noun = _noun(unit) if column == "capacite" or service else "un nombre"
    hint = "Écrire un entier, par exemple 20." if whole else "Écrire un nombre, par exemple 1,5."
    if unit == "structures":
        hint = "Écrire 1."
    if number is None:
        if plain(text) in EMPTY_WORDS:
            hint = f"{hint[:-1]} ; une capacité inconnue ne peut pas entrer dans les totaux."
        raise refused(f"{short(text)} n'est pas {noun}", hint)
    if number < 0:
        raise refused(f"{short(text)} est négatif", hint)
    if whole and not number.is_integer():
        raise refused(f"{short(text)} n'est pas {noun} : il n'est pas entier", hint)
    if number > 1_000_000:
        raise refused(f"{short(text)} n'est pas {noun} plausible", hint)
    return number, word


@cache
def _noun(unit: str) -> str:
    return f"un nombre {of(unit)}"


@cache
def _unit_words(unit: str) -> frozenset[str]:
    words = plain(unit).split()
    return frozenset(
        {plain(unit), words[0], words[0].removesuffix("s"), words[0][0]} - {"p", "s", "e"}
    )
