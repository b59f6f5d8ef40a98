"""How the text of a cell becomes a value: text, number, yes or no, a word of a list."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, safe_text, text_of
from observatory.workbook.problems import refused, short

MAX_TEXT = 2_000  # characters of a cell
MAX_ID = 100
LONGEST_NUMBER = 40  # characters, its unit included
# Controls, and every mark without width (soft hyphen, joiners, direction, byte order).
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff]"
)
BREAK_IN_NUMBER = re.compile(r"(?<=\d)\s*[\r\n\t\u2028\u2029]\s*(?=\d)")
BREAKS = re.compile(r"[\r\n\t\u2028\u2029]+")
# A space parts thousands, before exactly three digits: « 8 4 » is two numbers, not 84.
NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,]\d+)?|[.,]\d+)")
THOUSANDS = re.compile("[ \u00a0\u202f]")
SPREADSHEET_ERROR = re.compile(
    r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|VALEUR!|NOM\?|NOMBRE!|NUL!)"
)
VARIANTS = re.compile("[\ufe00-\ufe0f]")  # marks that choose a drawing of the sign before them
LATIN = str.maketrans(
    "АВЕКМНОРСТУХЅІЈасеорухѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXSIJaceopyxsijABEZHIKMNOPTYXo"
)
"""Letters of other alphabets that a reader takes for ours, in an identifier."""
YES = {"oui": True, "o": True, "vrai": True, "true": True, "1": True, "x": True}
NO = {"non": False, "n": False, "faux": False, "false": False, "0": False, "": False}


def clean(cell: Cell) -> str:
    """A cell as the text to read: trimmed, without controls, its spreadsheet apostrophe undone."""
    if cell == "":  # most cells of an optional column
        return ""
    text = cell if isinstance(cell, str) else text_of(cell)
    if text.isprintable():  # the usual case: nothing to take out, no line end
        text = text.strip()
    else:
        text = BREAK_IN_NUMBER.sub(" / ", CONTROLS.sub("", text))  # « 8⏎400 » is not 8 400
        parts = (part.strip() for part in BREAKS.split(text))
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


def read_identifier(text: str) -> str:
    """An identifier as it is seen: letters that look alike are one, whatever their alphabet."""
    return VARIANTS.sub("", unicodedata.normalize("NFKC", text)).translate(LATIN)


def read_number(text: str) -> float | None:
    """A number with a point or a comma and spaces between thousands; None when it is not one."""
    return _number(text) if len(text) <= LONGEST_NUMBER else None


@lru_cache(maxsize=8_192)
def _number(text: str) -> float | None:
    if text.isascii() and text[-1:].isdigit() and text.replace(".", "", 1).isdigit():
        return float(text)
    text = text.strip()
    bare = THOUSANDS.sub("", text)
    return float(bare.replace(",", ".")) if NUMBER.fullmatch(text) else None


@lru_cache(maxsize=8_192)
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


def labels(choices: Mapping[str, str], ids: Iterable[str]) -> str:
    """Choices as a message lists them: the label of the template, the id when it says more."""
    return ", ".join(
        label if plain(label := choices[i]) == plain(i) else f"{label} ({i})" for i in ids
    )


def near_choice(text: str, choices: Mapping[str, str]) -> tuple[str, bool] | None:
    """The id of a choice that a word is, or is near; whether it is read so without asking."""
    by_word = {plain(i): i for i in choices} | {plain(label): i for i, label in choices.items()}
    word = plain(text[:200])
    if word in by_word:
        return by_word[word], True
    near = difflib.get_close_matches(word, by_word, n=1, cutoff=0.6)
    return (by_word[near[0]], False) if near else None


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
    told = labels(choices, dict.fromkeys(near or choices))
    intro = "Vouliez-vous dire" if near else "Valeurs possibles"
    end = " ?" if near else "."
    raise refused(f"{short(text)} n'est pas {noun}", f"{intro} : {told}{end}")
