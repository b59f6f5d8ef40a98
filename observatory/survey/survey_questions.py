"""The questions of an export: which columns go together, and what kind of answer they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from observatory.french.spelling import plain
from observatory.survey.survey_export import YES, SurveyExport
from observatory.survey.telling_words import asks_health, asks_person, looks_named, tells_person

QuestionKind = Literal["technique", "personnel", "choix", "choix_multiple", "texte", "vide"]
MOST_OPTIONS = 30  # different answers of a closed question
OFTEN = 3.0  # times that an answer of a closed question comes on average
FEW = 5  # times under which an answer is looked at before it is kept
NO = frozenset({"non", "no", "n", "0", "faux", "false", ""})
OTHER = frozenset({"autre", "other", "autre precisez", "autres"})
"""Options whose cell holds what was written there."""
REMARKED = frozenset({"commentaire", "comment"})
"""Columns beside a question that hold free text."""
SHARE_OF_PERSONS = 0.05
"""Of the answers of a closed question: fewer may reach or name somebody by mistake."""


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
        Answers in one cell that few people gave, or that look like the name of somebody: some were
        written rather than chosen, and may tell of who wrote them.
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
    parted = [one for group in groups for one in _apart(export, *group)]
    return [_question(export, n, *one) for n, one in enumerate(parted, 1)]


def _apart(
    export: SurveyExport, stem: str, columns: list[int], options: list[str]
) -> list[tuple[str, list[int], list[str]]]:
    """A group as it is, or each of its columns as a question.

    A group whose columns are neither ticks nor remarks holds questions of their own: the lines of
    an array, the ranks of an order, the questions that one page puts together.
    """
    remarked = any(plain(option) in REMARKED for option in options)
    if not options or remarked or _are_ticks(export, columns, options):
        return [(stem, columns, options)]
    return [(export.headings[at], [at], []) for at in columns]


def _are_ticks(export: SurveyExport, columns: Sequence[int], options: Sequence[str]) -> bool:
    """Whether each column only says yes or no to its option; « autre » holds what was written."""
    return all(
        plain(option) in OTHER or {plain(row[at]) for row in export.rows} <= YES | NO
        for option, at in zip(options, columns, strict=True)
    )


def ticked(question: SurveyQuestion, row: Sequence[str], ticks: str = "") -> list[str]:
    """The options that one answer ticks; none when it says nothing."""
    if len(question.columns) == 1 and question.kind == "choix_multiple":
        return split(row[question.columns[0]], ticks, question.options)
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
    technical = export.dialect.is_technical(heading)
    persons = 0 if technical else sum(tells_person(value) for value in filled)
    kind, found = _kind(export, heading, columns, options, persons)
    rare = frozenset[str]()
    if len(columns) == 1:
        parts = found if kind == "choix_multiple" else ()
        rare = _rare(cells[0], export.dialect.ticks, parts)
    told = [option for option in found if option not in rare]
    return SurveyQuestion(
        number, heading, kind, tuple(columns), found, answered, persons,
        asks_health(" ".join([heading, *options, *told])), rare,
    )  # fmt: skip


def _rare(cells: list[str], ticks: str, options: Sequence[str]) -> frozenset[str]:
    """Answers that fewer than ``FEW`` cells give, and those that tell of a person or look so."""
    given = Counter(
        part for value in cells if value for part in (split(value, ticks, options) or [value])
    )
    return frozenset(
        option
        for option, times in given.items()
        if times < FEW or tells_person(option) or looks_named(option)
    )


def _kind(
    export: SurveyExport, heading: str, columns: list[int], options: list[str], persons: int
) -> tuple[QuestionKind, tuple[str, ...]]:
    """The kind of a question and its options, from its heading and its cells."""
    if export.dialect.is_technical(heading):
        return "technique", ()
    cells = [[row[at] for row in export.rows] for at in columns]
    filled = [value for column in cells for value in column if value]
    if not filled:
        return "vide", ()
    if asks_person(heading):
        return "personnel", ()
    if options:
        if any(plain(option) in REMARKED for option in options):
            return ("personnel" if persons else "texte"), ()
        return "choix_multiple", tuple(options)
    whole = Counter(filled)
    parts = _parted(whole, export.dialect.ticks)
    found = parts or (_by_count(whole) if _closed(whole) else ())
    if not found or persons >= SHARE_OF_PERSONS * len(filled):
        return ("personnel" if persons else "texte"), ()
    named = sum(looks_named(option) for option in found)
    if 2 * named >= len(found) and not asks_commune(heading):
        return "personnel", ()
    return ("choix_multiple" if parts else "choix"), found


def asks_commune(heading: str) -> bool:
    """Whether a question is about a commune: names of places look like those of persons."""
    return "commune" in plain(heading) or "habitez" in plain(heading)


def _closed(found: Counter[str]) -> bool:
    return len(found) <= MOST_OPTIONS and found.total() >= OFTEN * len(found)


def _by_count(found: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(found, key=lambda v: (-found[v], v)))


def split(value: str, ticks: str, options: Sequence[str]) -> list[str]:
    """The options of a cell: its parts, put together again where they are one option."""
    if not ticks or not options:
        return []
    known, found, parts = set(options), [], value.split(ticks)
    at = 0
    while at < len(parts):
        # The longest option that begins here; what is none is an answer of its own.
        after = next(
            (n for n in range(len(parts), at, -1) if ticks.join(parts[at:n]).strip() in known),
            at + 1,
        )
        found.append(ticks.join(parts[at:after]).strip())
        at = after
    return [part for part in found if part]


def _parted(whole: Counter[str], ticks: str) -> tuple[str, ...]:
    """The options ticked in one cell; none when the cells are not lists of the same few options.

    Parts that never come without one another, in the same order, are one option, which holds what
    parts the others: « Crèche, micro-crèche ». So are those that a bracket holds.
    """
    if not ticks or not any(ticks in value for value in whole):
        return ()
    lists = [(_bracketed(value.split(ticks), ticks), times) for value, times in whole.items()]
    while True:
        parts: Counter[str] = Counter()
        followed: Counter[tuple[str, str]] = Counter()
        for some, times in lists:
            for part in some:
                parts[part] += times
            for pair in pairwise(some):
                followed[pair] += times
        joined = {
            pair
            for pair, times in followed.items()
            if times == parts[pair[0]] == parts[pair[1]] and times >= FEW and pair[1][:1].islower()
        }
        if not joined:
            break
        lists = [(_joined(some, joined, ticks), times) for some, times in lists]
    # A list repeats its parts more than it repeats itself; a sentence with commas does not.
    return _by_count(parts) if _closed(parts) and len(parts) < 2 * len(whole) else ()


def _joined(some: Sequence[str], pairs: Collection[tuple[str, str]], ticks: str) -> list[str]:
    found: list[str] = []
    for part in some:
        if found and (found[-1], part) in pairs:
            found[-1] = ticks.join([found[-1], part])
        else:
            found.append(part)
    return found


def _bracketed(parts: Sequence[str], ticks: str) -> list[str]:
    """Parts of which none leaves a bracket open."""
    found: list[str] = []
    for part in parts:
        if found and found[-1].count("(") > found[-1].count(")"):
            found[-1] = ticks.join([found[-1], part])
        else:
            found.append(part)
    return [part.strip() for part in found if part.strip()]
