"""Parsers of cells: text, number, yes or no, a word of the nomenclature."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from observatory.census.problems import refused, short
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, safe_text, text_of
from observatory.knowledge.nomenclature import Service, nomenclature

MAX_TEXT = 2_000  # characters of a cell
MAX_ID = 100
LONGEST_NUMBER = 40  # characters, its unit included
# Controls, byte-order marks and marks that reorder what is read; line ends become spaces.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u200b\u202a-\u202e\u2066-\u2069]")
BREAKS = re.compile(r"[\r\n\t\u2028\u2029]+")
SPACES = re.compile("[\\s\u00a0\u202f]")
NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)")
YES = {"oui": True, "o": True, "vrai": True, "true": True, "1": True, "x": True}
NO = {"non": False, "n": False, "faux": False, "false": False, "0": False, "": False}
EMPTY_WORDS = frozenset({"nc", "n c", "nd", "n d", "ns", "inconnu", "inconnue", "non communique"})


def clean(cell: Cell) -> str:
    """A cell as the text to read: trimmed, without controls, its spreadsheet apostrophe undone."""
    text = cell if isinstance(cell, str) else text_of(cell)
    if text.isprintable():  # the usual case: nothing to take out, no line end
        text = text.strip()
    else:
        parts = (part.strip() for part in BREAKS.split(CONTROLS.sub("", text)))
        text = " ".join(part for part in parts if part)
    if text[:1] == "'" and safe_text(text[1:]) == text:
        return text[1:].strip()
    return text


def has_controls(cell: Cell) -> bool:
    """Whether characters that cannot be seen are taken out of a cell."""
    return isinstance(cell, str) and CONTROLS.search(cell) is not None


def read_text(text: str, longest: int = MAX_TEXT) -> str:
    """Text, kept as text whatever it looks like.

    Raises
    ------
    PydanticCustomError
        When it is longer than a name or an address can be.
    """
    if len(text) > longest:
        raise refused(
            f"la cellule a {len(text)} caractères : {short(text)}",
            f"Écrire au plus {longest} caractères.",
        )
    return text


def read_number(text: str) -> float | None:
    """A number with a point or a comma and spaces between thousands; None when it is not one."""
    return _number(text) if len(text) <= LONGEST_NUMBER else None


@lru_cache(maxsize=8_192)
def _number(text: str) -> float | None:
    bare = SPACES.sub("", text)
    return float(bare.replace(",", ".")) if NUMBER.fullmatch(bare) else None


def number_text(value: float, decimals: int = 6) -> str:
    """A number as the census files write it: a decimal point, no needless zero."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def read_yes(text: str) -> bool:
    """Yes or no; an empty cell is no.

    Raises
    ------
    PydanticCustomError
        For any other word.
    """
    word = plain(text)
    if word in YES or word in NO:
        return YES.get(word, False)
    raise refused(f"{short(text)} n'est ni oui ni non", "Écrire oui ou non.")


def read_word(text: str, choices: Mapping[str, str], noun: str) -> str:
    """The id of a choice, from its id or its label.

    Raises
    ------
    PydanticCustomError
        When it is none of them; near ones are suggested.
    """
    by_word = {plain(i): i for i in choices} | {plain(label): i for i, label in choices.items()}
    word = plain(text[:200])
    if word in by_word:
        return by_word[word]
    near = [by_word[w] for w in difflib.get_close_matches(word, by_word, n=3, cutoff=0.6)]
    told = ", ".join(dict.fromkeys(near or choices))
    intro = "Vouliez-vous dire" if near else "Valeurs possibles"
    end = " ?" if near else "."
    raise refused(f"{short(text)} n'est pas {noun}", f"{intro} : {told}{end}")


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
    of_unit = f"d'{unit}" if unit[0].lower() in "aeéèiouyh" else f"de {unit}"
    noun = f"un nombre {of_unit}" if column == "capacite" or service else "un nombre"
    mend = "Écrire un entier, par exemple 20." if whole else "Écrire un nombre, par exemple 1,5."
    if unit == "structures":
        mend = "Écrire 1."
    if number is None:
        if plain(text) in EMPTY_WORDS:
            mend = f"{mend[:-1]} ; une capacité inconnue ne peut pas entrer dans les totaux."
        raise refused(f"{short(text)} n'est pas {noun}", mend)
    if number < 0:
        raise refused(f"{short(text)} est négatif", mend)
    if whole and not number.is_integer():
        raise refused(f"{short(text)} n'est pas {noun} : il n'est pas entier", mend)
    if number > 1_000_000:
        raise refused(f"{short(text)} n'est pas {noun} plausible", mend)
    return number, word


@cache
def _unit_words(unit: str) -> frozenset[str]:
    words = plain(unit).split()
    return frozenset(
        {plain(unit), words[0], words[0].removesuffix("s"), words[0][0]} - {"p", "s", "e"}
    )
