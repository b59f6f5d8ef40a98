"""Comparison of words typed by people: case, accents and near spellings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
"""Words that people write short in the name of a commune."""


@lru_cache(maxsize=20_000)  # the same words come back row after row
def plain(text: str) -> str:
    """Lower case, without accents or punctuation: « Saint-Étienne » is ``saint etienne``."""
    spelled = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae")
    ascii_ = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", ascii_.lower()).strip()


def in_full(text: str) -> str:
    """The plain text with its short words in full: « St-Nicolas » is ``saint nicolas``."""
    return " ".join(SHORT.get(word, word) for word in plain(text).split(" "))


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """The text with its first letter in lower case, to stand inside a sentence; not an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


# What joins a name to « de », by the COG's type of name (TNCC), and the article that melts into it.
JOINTS = {
    "0": ("de ", ""),
    "1": ("d'", ""),
    "2": ("du ", "Le "),
    "3": ("de ", ""),
    "4": ("des ", "Les "),
    "5": ("de ", ""),
    "6": ("des ", "Aux "),
    "7": ("de ", ""),
    "8": ("de ", ""),
}
PLACES = {
    "2": ("au ", "Le "), "4": ("aux ", "Les "), "6": ("aux ", "Aux "),
    **dict.fromkeys("013578", ("à ", "")),
}  # fmt: skip
"""What « à » becomes before a name of each type, and the article that it takes the place of."""
ELIDED = tuple("aeiouyh")


def of(name: str, tncc: object = None) -> str:
    """A name after « de »: « d'Hénin-Beaumont », « du Mans », « de La Réunion », « d'heures ».

    Parameters
    ----------
    name : str
        A commune's name with its article, or a noun.
    tncc : str, optional
        The commune's type of name in the COG (``TNCC``), 0 to 8; without it, or with any other
        value, the first letters decide, and an initial h is taken for a mute one.
    """
    joint, article = JOINTS.get(str(tncc), JOINTS[_guessed(name)])
    return joint + name.removeprefix(article)


def at(name: str, tncc: object = None) -> str:
    """A commune after « à »: « à Arras », « au Mans », « aux Mureaux », « à La Réunion ».

    Parameters
    ----------
    name, tncc
        As for ``of``.
    """
    joint, article = PLACES.get(str(tncc), PLACES.get(_guessed(name), ("à ", "")))
    return joint + name.removeprefix(article)


def _guessed(name: str) -> str:
    """The type of name that the first letters suggest."""
    for kind in ("2", "4"):
        if name.startswith(JOINTS[kind][1]):
            return kind
    return "1" if plain(name)[:1] in ELIDED else "0"
