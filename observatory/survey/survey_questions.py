"""The questions of an export: which columns go together, and what kind of answer they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from observatory.french.spelling import plain
from observatory.knowledge import privacy
from observatory.survey.survey_export import SurveyExport

QuestionKind = Literal["technique", "personnel", "choix", "choix_multiple", "texte", "vide"]
MOST_OPTIONS = 30  # different answers of a closed question
OFTEN = 3.0  # times that an answer of a closed question comes on average
FEW = 5  # times under which an answer is looked at before it is kept
YES = frozenset({"oui", "yes", "y", "1", "vrai", "true", "o", "x"})
NO = frozenset({"non", "no", "n", "0", "faux", "false", ""})
OTHER = frozenset({"autre", "other", "autre precisez", "autres"})
"""Options whose cell holds what was written there."""
REMARKED = frozenset({"commentaire", "comment"})
"""Columns beside a question that hold free text."""
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
TELEPHONE = re.compile(r"(?:\+33|\b0)\s*[1-9](?:[ .-]*\d{2}){4}\b")
IP = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
CONTACT = re.compile(
    r"\b(?:e ?mail|mel|courriel|adresse|telephone|tel|portable|nom|prenoms?|coordonnees|contact"
    r"|date de naissance|numero de securite)\b"
)
HEALTH = re.compile(
    r"\b(?:sante|handicap\w*|maladies?|malades?|medica\w*|aeeh|pathologie\w*|troubles?|diagnosti\w*"
    r"|grossesse|enceinte|psych\w*|allergie\w*|invalidite|mdph|autis\w*|depression)\b"
)


@dataclass(frozen=True)
class SurveyQuestion:
    """One question of an export.

    Attributes
    ----------
    number : int
        Its place among the questions, from 1: how the marks name it.
    columns : tuple of int
        Where its answers are; several for a multiple choice with a column per option.
    options : tuple of str
        The answers met, the most frequent first; for several columns, what each one is an option
        of. Empty for a text: what people wrote is not repeated.
    answered : int
        Answers that say something.
    tells_persons : int
        Cells that hold an address, a telephone or the like.
    health : bool
        Whether it asks about health or a disability.
    rare : frozenset of str
        Answers in one cell that few people gave: some were written rather than chosen, and may tell
        of who wrote them.
    """

    number: int
    heading: str
    kind: QuestionKind
    columns: tuple[int, ...]
    options: tuple[str, ...]
    answered: int
    tells_persons: int
    health: bool
    rare: frozenset[str] = frozenset()


def tells_person(text: str) -> bool:
    """Whether a text holds an electronic address, a telephone, an IP address or a named person."""
    if E_MAIL.search(text) or TELEPHONE.search(text) or IP.search(text):
        return True
    words = text.split()
    return any(
        plain(word) in privacy.CIVIL - {"m", "dr"} or word in ("M.", "Dr") for word in words
    ) and any(
        privacy.names_person(" ".join(words[n : n + 3]))
        for n, word in enumerate(words)
        if plain(word) in privacy.CIVIL
    )


def questions_of(export: SurveyExport) -> list[SurveyQuestion]:
    """The questions of an export, in its order."""
    groups: list[tuple[str, list[int], list[str]]] = []
    for at, heading in enumerate(export.headings):
        stem, option = _parts(export, heading)
        if option and groups and groups[-1][0] == stem and groups[-1][2]:
            groups[-1][1].append(at)
            groups[-1][2].append(option)
        else:
            groups.append((stem if option else heading, [at], [option] if option else []))
    return [
        _question(export, n, heading, columns, options)
        for n, (heading, columns, options) in enumerate(groups, 1)
    ]


def ticked(question: SurveyQuestion, row: Sequence[str], ticks: str = "") -> list[str]:
    """The options that one answer ticks; none when it says nothing."""
    if len(question.columns) == 1 and question.kind == "choix_multiple":
        return [part for part in (p.strip() for p in row[question.columns[0]].split(ticks)) if part]
    if question.kind == "choix_multiple":
        return [
            option
            for option, at in zip(question.options, question.columns, strict=True)
            if plain(row[at]) in YES or (plain(option) in OTHER and plain(row[at]) not in NO)
        ]
    value = row[question.columns[0]]
    return [value] if value else []


def _parts(export: SurveyExport, heading: str) -> tuple[str, str]:
    """The question and the option that a heading names; an empty option when it names none."""
    if not export.dialect.option or export.dialect.is_technical(heading):
        return heading, ""
    found = re.fullmatch(export.dialect.option, heading)
    if not found:
        return heading, ""
    return found["stem"].strip(), found["option"].strip()


def _question(
    export: SurveyExport, number: int, heading: str, columns: list[int], options: list[str]
) -> SurveyQuestion:
    cells = [[row[at] for row in export.rows] for at in columns]
    filled = [value for column in cells for value in column if value]
    answered = sum(any(row[at] for at in columns) for row in export.rows)
    persons = sum(tells_person(value) for value in filled)
    kind, found = _kind(export, heading, cells, options, persons)
    return SurveyQuestion(
        number, heading, kind, tuple(columns), found, answered, persons,
        bool(HEALTH.search(plain(" ".join([heading, *options])))),
        _rare(cells[0], export.dialect.ticks if kind == "choix_multiple" else "")
        if len(columns) == 1
        else frozenset(),
    )  # fmt: skip


def _rare(cells: list[str], ticks: str) -> frozenset[str]:
    """Answers that fewer than ``FEW`` cells give."""
    given = Counter(
        part.strip()
        for value in cells
        for part in (value.split(ticks) if ticks else [value])
        if part.strip()
    )
    return frozenset(option for option, times in given.items() if times < FEW)


def _kind(
    export: SurveyExport,
    heading: str,
    cells: list[list[str]],
    options: list[str],
    persons: int,
) -> tuple[QuestionKind, tuple[str, ...]]:
    """The kind of a question and its options, from its heading and its cells."""
    if export.dialect.is_technical(heading):
        return "technique", ()
    filled = [value for column in cells for value in column if value]
    if not filled:
        return "vide", ()
    if CONTACT.search(plain(heading)) or persons:
        return "personnel", ()
    if options and any(plain(o) in REMARKED for o in options):
        return "texte", ()
    if options and all(
        plain(o) in OTHER or {plain(v) for v in column} <= YES | NO
        for o, column in zip(options, cells, strict=True)
    ):
        return "choix_multiple", tuple(options)
    if len(cells) > 1:
        return "texte", ()
    whole = Counter(filled)
    if parts := _parted(whole, export.dialect.ticks):
        return "choix_multiple", parts
    return ("choix", _by_count(whole)) if _closed(whole) else ("texte", ())


def _closed(found: Counter[str]) -> bool:
    return len(found) <= MOST_OPTIONS and found.total() >= OFTEN * len(found)


def _by_count(found: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(found, key=lambda v: (-found[v], v)))


def _parted(whole: Counter[str], ticks: str) -> tuple[str, ...]:
    """The options ticked in one cell; none when the cells are not lists of the same few options."""
    if not ticks or not any(ticks in value for value in whole):
        return ()
    parts: Counter[str] = Counter()
    for value, times in whole.items():
        for part in value.split(ticks):
            if part.strip():
                parts[part.strip()] += times
    # A list repeats its parts more than it repeats itself; a sentence with commas does not.
    return _by_count(parts) if _closed(parts) and len(parts) < 2 * len(whole) else ()
