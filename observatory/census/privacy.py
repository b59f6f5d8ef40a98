"""No assistant maternel enters the database but in the total of a commune.

They are private persons: neither a name, nor an address, nor a telephone, nor a point. A *relais*
for assistants maternels is a public service and may bear their name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from observatory.census.values import Cell, text_of
from observatory.words import plain

SERVICE = "assistants_maternels"
WHAT = (
    "un assistant maternel est une personne privée : ni son nom, ni son adresse, ni ses "
    "coordonnées n'entrent dans le recensement"
)
MEND = (
    "Supprimer cette ligne, et compter ses places dans le total de sa commune, feuille "
    "« Totaux communaux »."
)
WHAT_HOME = (
    "une maison d'assistants maternels (MAM) réunit des personnes privées : elle n'est pas un "
    "établissement du recensement"
)
WHAT_COLUMN = "décrit une personne, alors qu'un total communal n'en désigne aucune"
MEND_COLUMN = "Supprimer cette colonne du fichier."
# Quick and wide: what has to be looked at word by word. Exact: what is looked for there.
SUSPECT = re.compile(r"matern|nounou|nourri|ass\W{0,2}mat|agr.{1,6}indiv|M\.?A\.?M", re.I)
WORDS = r"ass\w*(?: e)?(?: s)? mat\w*(?: le)?(?: s)?"
RELAY = re.compile(rf"\b(?:relais|ram|rpe|rpam)\b(?: \w+){{0,4}}? {WORDS}")
HOME = re.compile(rf"\bmaisons? (?:d |des |de |l )*{WORDS}")
MAM = re.compile(r"\bM\.?A\.?M\b(?!['’])")
PERSON = re.compile(
    r"\bassistant(?: ?e)?(?: ?s)? maternel(?: ?le)?(?: ?s)?\b|\bass mat\b|\bassmats?\b"
    r"|\bnounous?\b|\bnourrices?\b|\bagree?(?:ment)? individuel"
)
ONE = re.compile(
    r"\bassistante? maternel(?:le)?\b|\bass mat\b|\bassmat\b|\bnounou\b|\bnourrice\b"
    r"|\bagree?(?:ment)? individuel"
)
# Words of a heading that tell of a person, not of a commune.
PERSONAL = re.compile(
    r"\b(?:nom|prenoms?|civilite|tel|telephones?|portable|mobile|fax|e?mail|courriel|adresse|rue|voie"
    r"|naissance|agrement|longitude|latitude|lon|lat|x|y)\b"
)


def suspect(text: str) -> bool:
    """Whether a text has to be looked at word by word (quick, wide)."""
    return SUSPECT.search(text) is not None


def describes_childminder(cells: Iterable[Cell], *, one_person: bool = False) -> str:
    """Why texts describe an assistant maternel; empty when they do not.

    Parameters
    ----------
    one_person : bool
        Look for one person alone: where assistants maternels may be spoken of in general.
    """
    for text in cells:
        if not isinstance(text, str) or not suspect(text):
            continue
        words = RELAY.sub("", plain(text))
        if one_person:
            if ONE.search(words):
                return WHAT
            continue
        if MAM.search(text) or HOME.search(words):
            return WHAT_HOME
        if PERSON.search(words):
            return WHAT
    return ""


def personal_headings(extra: Mapping[str, int]) -> dict[str, int]:
    """Headings outside the contract that would describe a person beside a commune's total."""
    return {h: n for h, n in extra.items() if PERSONAL.search(plain(h))}


def personal_column(row: list[Cell], personal: Mapping[str, int]) -> str:
    """The first personal heading that this row fills; empty when it fills none."""
    for heading, place in personal.items():
        if place < len(row) and text_of(row[place]).strip():
            return heading
    return ""
