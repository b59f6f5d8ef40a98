"""Privacy of assistants maternels: rows and words that could single one out.

They are private persons, and enter the database only in the total of a commune: no name, address,
telephone or point. A *relais* for assistants maternels is a public service and may bear their name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

import duckdb

from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, text_of

SERVICE = "assistants_maternels"
RELAY_SERVICE = "rpe"
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
SUSPECT = ("mat", "nounou", "nourri", "gardien", "agre")
SPELLED = re.compile(r"m\W{0,3}a\W{0,3}m")
# « Association maternelle », « assurance » and the like are not persons.
WORDS = (
    r"(?:\bass(?!oc|emb|ur|ain)\w* ?(?:e ?)?(?:s ?)?mat(?:s|er|ern\w*)?(?: le)?(?: s)?\b"
    r"|\basmats?\b)"
)
CIVILITY = r"\b(?:mr?|mm|mmes?|mlles?|melles?|madame|mesdames|mademoiselle|monsieur)\b"
RELAY = re.compile(rf"\b(?:relais|ram|rpe|rpam)\b(?: (?!{CIVILITY})\w+){{0,4}}? {WORDS}")
HOME = re.compile(rf"\bmaisons? (?:d |des |de |l )*{WORDS}")
MAM = re.compile(r"(?<![\w'])m[ .-]{0,2}a[ .-]{0,2}m\b(?!')")
PERSON = re.compile(
    rf"{WORDS}|\bnounous?\b|\bnourrices?\b|\bagree?(?:ment)? individuel"
    r"|\bgardien(?: ?ne)?(?: ?s)? (?:d |de |des )*(?:jeunes )?enfants?\b"
    r"|\bagree(?: ?e)?(?: ?s)? (?:par )?(?:la )?pmi\b"
)
ONE = re.compile(
    r"\bassistante? maternel(?:le)?\b|\bass(?:te?)? mat\b|\bass?mat\b|\bnounou\b|\bnourrice\b"
    r"|\bagree?(?:ment)? individuel|\bgardien(?:ne)? (?:d |de )*(?:jeunes )?enfants?\b"
    r"|\bagreee pmi\b"
)
# A cell that is such a word, or begins with it: the kind of what the row describes.
KIND = re.compile(rf"(?:les? |la |une? )?(?:mam\b|m a m\b|maisons? (?:d |des |de |l )*{WORDS})")
KIND_OF_PERSON = re.compile(rf"(?:les? |la |une? )?{WORDS}")
AGREED = re.compile(r"\bagre\w*(?: [a-z]\w*){0,4} \d+ (?:jeunes )?enfants?\b")
NAMED = re.compile(CIVILITY)
# What tells a person in the source of a total; looked for in folded text.
STREETS = (
    "rue|av|avenue|bd|bld|boulevard|all|allee|imp|impasse|che|chemin|rte|route|pl|place|square|quai"
    "|cours|ruelle|sentier|residence|lotissement|hameau"
)
TELLING = (
    (
        "un numéro de téléphone",
        re.compile(r"(?:(?:\+|\b00) ?33[ .]?(?:\(0\))?|\b0)[ .]?[1-9](?:[ ./-]{0,2}\d\d){4}\b"),
    ),
    ("une adresse électronique", re.compile(r"[\w.+-] ?@ ?[\w-]")),
    (
        "le nom d'une personne",
        re.compile(
            r"\b(?:mr|mmes?|mlles?|melles?|madame|mademoiselle|monsieur)\b\.? ?[a-z]"
            r"|(?<![\w.'])m(?:\. ?| )[a-z]{2}"
        ),
    ),
    (
        "une adresse",
        re.compile(
            rf"\b\d{{1,4}} ?(?:bis|ter|quater|[a-d])?[ ,]+(?:{STREETS})\b"
            r"|\b(?:rue|avenue|boulevard|impasse|allee|ruelle) \w"
        ),
    ),
)
MEND_SOURCE = "Ne garder que l'organisme d'où vient le chiffre, par exemple « Caf »."
# Words of a heading that tell of a person, not of a commune.
PERSONAL = re.compile(
    r"\b(?:nom|prenoms?|civilite|tel|telephones?|portable|mobile|fax|e?mail|courriel|adresse|rue|voie"
    r"|naissance|agrement|longitude|latitude|lon|lat|x|y)\b"
)


def folded(text: str, invisible: str = " ") -> str:
    """Lower case, no accents, one kind of apostrophe and of space, none at the ends.

    What cannot be seen is ``invisible``.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    fold = FOLDS[invisible]
    lower = unicodedata.normalize("NFKD", text).lower()
    return " ".join(FOLDED.sub(lambda found: fold[found[0]], lower).split())


class _Fold(dict[str, str]):
    """What each character is folded to, found out once."""

    def __init__(self, invisible: str) -> None:
        self.invisible = invisible
        self.met: set[str] = set()
        """The characters that cannot be seen, of all those met so far."""

    def __missing__(self, character: str) -> str:
        kind = unicodedata.category(character)
        made = "'" if character in APOSTROPHES else "" if kind == "Mn" else character
        if kind == "Cf":
            self.met.add(character)
        self[character] = self.invisible if kind == "Cf" else made
        return self[character]


APOSTROPHES = "\u2018\u2019\u02bc\u2032`\u00b4"
FOLDED = re.compile("[^\x00-_a-\x7f]")
"""What a fold may change: all that is not ASCII, and its grave accent, which is an apostrophe."""
FOLDS = {invisible: _Fold(invisible) for invisible in (" ", "")}


@lru_cache(maxsize=20_000)  # the same managers, communes and sources come back row after row
def suspect(text: str) -> bool:
    """Whether a text has to be looked at word by word (quick, wide)."""
    for reading in _readings(text):
        for word in SUSPECT:
            if word in reading:
                return True
        if SPELLED.search(reading):
            return True
    return False


def describes_childminder(
    cells: Iterable[Cell], *, service: str = "", one_person: bool = False
) -> str:
    """Why texts describe an assistant maternel; empty when they do not.

    Parameters
    ----------
    service : str
        What these texts are about: a relais alone may bear the name of assistants maternels.
    one_person : bool
        Look for one person alone: where assistants maternels may be spoken of in general.
    """
    every, looked = [], False
    for text in cells:
        if not isinstance(text, str):
            continue
        every.append(text)
        if not suspect(text):
            continue
        looked = True
        for reading in _readings(text):
            words = _words(reading)
            if service == RELAY_SERVICE:
                words = RELAY.sub("", words)
            if one_person:
                if ONE.search(words):
                    return WHAT
                continue
            if MAM.search(reading) or HOME.search(words):
                return WHAT_HOME
            if PERSON.search(words):
                return WHAT
    if not looked:  # an agrément is suspect by itself: without one, nothing to put together
        return ""
    said = _words(folded(" | ".join(every)))
    return WHAT if AGREED.search(said) and NAMED.search(said) else ""


def kind_of_childminder(cells: Iterable[Cell], *, service: str = "") -> str:
    """Why a cell outside the contract says that its row is an assistant maternel, or a home.

    A remark may speak of one; a cell that begins with the word says what the row is.
    """
    for text in cells:
        if not isinstance(text, str) or not suspect(text):
            continue
        for reading in _readings(text):
            words = _words(reading)
            if MAM.match(reading) or KIND.match(words):
                return WHAT_HOME
            if service != RELAY_SERVICE and KIND_OF_PERSON.match(words):
                return WHAT
    return ""


CIVIL = frozenset({"m", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur"})
"""Words with which a person is named."""
FUNCTIONS = frozenset(
    {"maire", "president", "presidente", "vice", "directeur", "directrice", "adjoint", "adjointe",
     "prefet", "prefete", "secretaire", "conseiller", "conseillere", "delegue", "deleguee"}
)  # fmt: skip
"""What « Monsieur le … » may go on with, which names nobody; « M. Le Goff » is a name."""


def names_person(text: str) -> bool:
    """Whether a text that should be a function or a body begins as the name of a person does."""
    words = plain(text).split()
    if not words or words[0] not in CIVIL:
        return False
    return not (words[1:2] in (["le"], ["la"], ["l"]) and FUNCTIONS & set(words[2:3]))


def tells_person(text: str) -> str:
    """What in the source of a total tells of a person; empty when nothing does."""
    for reading in _readings(text):
        for what, pattern in TELLING:
            if pattern.search(reading):
                return what
    return ""


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Give SQL the one judgement: ``childminder(texts, service)``, for the marts and the checks."""

    def childminder(texts: list[str | None], service: str) -> bool:
        return bool(describes_childminder(texts, service=service))

    con.create_function("childminder", childminder, ["VARCHAR[]", "VARCHAR"], "BOOLEAN")


def _readings(text: str) -> list[str]:
    """A text as it may be read: its invisible characters as spaces, and as nothing."""
    if text.isascii():
        return [folded(text)]
    seen = folded(text)
    if not any(unseen in text for unseen in FOLDS[" "].met):
        return [seen]
    return list(dict.fromkeys((seen, folded(text, ""))))


def _words(reading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", reading).strip()


def personal_headings(extra: Mapping[str, int]) -> dict[str, int]:
    """Headings outside the contract that would describe a person beside a commune's total."""
    return {h: n for h, n in extra.items() if PERSONAL.search(plain(h))}


def personal_column(row: list[Cell], personal: Mapping[str, int]) -> str:
    """The first personal heading that this row fills; empty when it fills none."""
    for heading, place in personal.items():
        if place < len(row) and text_of(row[place]).strip():
            return heading
    return ""
