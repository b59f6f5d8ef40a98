"""Comparison of words typed by people: case, accents and near spellings."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """Lower case, without accents or punctuation: « Saint-Étienne » is ``saint etienne``."""
    spelled = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae")
    ascii_ = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", ascii_.lower()).strip()


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """The text with its first letter in lower case, to stand inside a sentence; not an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def of(name: str) -> str:
    """A commune's name after « de »: « d'Arras », « du Mans », « des Arcs », « de Saint-Omer »."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    return f"d'{name}" if plain(name)[:1] in tuple("aeiou") else f"de {name}"
