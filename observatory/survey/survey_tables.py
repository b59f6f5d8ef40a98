"""Tables of answers that expose nobody: each is parted so that no cell of it is small.

What is too small is not hidden but put together with something else, until every cell that is
left holds enough answers: there is then nothing to find by subtraction. Answers that say nothing
are a cell as the others. See docs/decisions/0038-survey.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from observatory.survey.marked_answers import (
    ELSEWHERE,
    FEWEST,
    FEWEST_OF_A_COMMUNE,
    KeptQuestion,
)
from observatory.survey.raking import Array
from observatory.survey.representativeness import Answers

SILENT = "Sans réponse"
TICKED, UNTICKED = "Coché", "Non coché"
TOGETHER = "Autres réponses"
STEPS_PCT = (1, 2, 5, 10)
"""How closely a weighted share may be told, in per cent."""
EXCHANGED = 4
"""Answers of the heaviest and the lightest weight whose exchange must not move a weighted share."""


@dataclass(frozen=True)
class AnswerLine:
    """One answer to a question.

    Attributes
    ----------
    answers : int
        That give it, at least ``FEWEST`` or none.
    raw, weighted : float
        Share of all who answered the questionnaire, 0 to 1; ``weighted``, told as closely as
        `weighted_step_pct` says, is None without weights.
    """

    option: str
    answers: int
    raw: float
    weighted: float | None


@dataclass(frozen=True)
class QuestionTable:
    """What was answered to one question.

    Attributes
    ----------
    lines : tuple of AnswerLine
        The largest share first; none when too few answers differ.
    hidden : tuple of str
        Options of a multiple choice that too few ticked, or left unticked.
    joined : tuple of str
        Answers that are counted together under ``TOGETHER``.
    """

    question: KeptQuestion
    asked: int
    lines: tuple[AnswerLine, ...]
    hidden: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommuneTable:
    """The answers to one question by commune, where every cell of a commune is large enough.

    Attributes
    ----------
    groups : tuple of str
        Communes, then ``ELSEWHERE``: all the others.
    options : tuple of str
        The columns.
    counts : tuple of tuple of int
        Answers by commune and option, each at least ``FEWEST_OF_A_COMMUNE``.
    """

    question: KeptQuestion
    groups: tuple[str, ...]
    options: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def weighted_step_pct(weights: Array) -> int | None:
    """How closely weighted shares are told, in per cent; None when they would tell too much.

    A share told closely, beside the number of answers, says how many of them have a given weight,
    hence what age or what sex they are: one told by steps wide enough does not.
    """
    moved = EXCHANGED * 100 * float(weights.max() - weights.min()) / float(weights.sum())
    return next((step for step in STEPS_PCT if step >= moved), None)


def question_table(
    question: KeptQuestion, answers: Answers, weights: Array | None = None
) -> QuestionTable:
    """The answers to one question, over the whole territory."""
    given = [answer.get(question.number, ()) for answer in answers]
    asked = len(given)
    if question.multiple:
        return _multiple(question, given, weights)
    told = [g[0] if g else SILENT for g in given]
    parts = _parted(Counter(told), FEWEST)
    if len(parts) < 2:
        return QuestionTable(question, asked, ())
    of = {option: name for name, options in parts.items() for option in options}
    names = [of[t] for t in told]
    lines = _lines(list(parts), [np.array([n == name for n in names]) for name in parts], weights)
    return QuestionTable(question, asked, lines, joined=tuple(parts.get(TOGETHER, ())))


def commune_tables(
    question: KeptQuestion, where: KeptQuestion, answers: Answers
) -> list[CommuneTable]:
    """The answers to one question by commune: one table, one per option of a multiple choice.

    None where no commune can be told apart.
    """
    whole = question_table(question, answers)
    places = [(answer.get(where.number) or (ELSEWHERE,))[0] for answer in answers]
    given = [answer.get(question.number, ()) for answer in answers]
    asked: list[tuple[KeptQuestion, tuple[str, ...], list[str]]]
    if question.multiple:
        asked = [
            (replace(question, label=f"{question.label} : {line.option}"),
             (TICKED, UNTICKED),
             [TICKED if line.option in ticked else UNTICKED for ticked in given])
            for line in whole.lines
        ]  # fmt: skip
    else:
        joined = set(whole.joined)
        said = [g[0] if g else SILENT for g in given]
        options = tuple(line.option for line in whole.lines if line.answers)
        asked = [(question, options, [TOGETHER if s in joined else s for s in said])]
    found = (_by_commune(q, options, places, said) for q, options, said in asked if options)
    return [table for table in found if table is not None]


def _by_commune(
    question: KeptQuestion, options: tuple[str, ...], places: Sequence[str], said: Sequence[str]
) -> CommuneTable | None:
    """One table by commune; None when no commune can be told apart.

    A commune with a small cell goes with the others; when the others have a small cell, the
    smallest commune joins them, and so on.
    """
    cells: dict[str, Counter[str]] = {}
    for place, option in zip(places, said, strict=True):
        cells.setdefault(place, Counter())[option] += 1

    def small(place: str) -> bool:
        return any(cells[place][o] < FEWEST_OF_A_COMMUNE for o in options)

    apart = sorted(
        (p for p in cells if p != ELSEWHERE and not small(p)), key=lambda p: -cells[p].total()
    )
    while apart:
        rest: Counter[str] = Counter()
        for place in cells.keys() - set(apart):
            rest.update(cells[place])
        if not rest or all(rest[o] >= FEWEST_OF_A_COMMUNE for o in options):
            break
        apart.pop()
    else:
        return None
    groups = [*sorted(apart), *([ELSEWHERE] if rest else [])]
    if len(groups) < 2:
        return None
    found = {p: cells[p] for p in apart} | {ELSEWHERE: rest}
    counts = tuple(tuple(found[g][o] for o in options) for g in groups)
    return CommuneTable(question, tuple(groups), options, counts)


def _multiple(
    question: KeptQuestion, given: Sequence[tuple[str, ...]], weights: Array | None
) -> QuestionTable:
    """Each option by itself: those who ticked it and those who did not are two cells."""
    counts = Counter(option for ticked in given for option in ticked)
    shown = [o for o, n in counts.most_common() if FEWEST <= n <= len(given) - FEWEST]
    hidden = tuple(sorted(o for o in counts if o not in shown))
    members = [np.array([o in ticked for ticked in given]) for o in shown]
    return QuestionTable(question, len(given), _lines(shown, members, weights), hidden)


def _parted(counts: Counter[str], fewest: int) -> dict[str, list[str]]:
    """Options by the name under which they are counted: the small ones together, and enough."""
    if not counts:
        return {}
    ordered = [o for o, _ in counts.most_common()]
    small = [o for o in ordered if counts[o] < fewest]
    large = [o for o in ordered if counts[o] >= fewest]
    # One small answer alone would be known by what is left: another one joins it.
    while small and (len(small) == 1 or sum(counts[o] for o in small) < fewest) and large:
        small.append(large.pop())
    parts = {o: [o] for o in large}
    if small:
        parts[TOGETHER] = sorted(small)
    return parts


def _lines(
    names: Sequence[str], members: Sequence[np.ndarray], weights: Array | None
) -> tuple[AnswerLine, ...]:
    step = None if weights is None else weighted_step_pct(weights)

    def weighted(member: np.ndarray) -> float | None:
        if weights is None or step is None:
            return None
        return round(100 * float(weights[member].sum() / weights.sum()) / step) * step / 100

    found = [
        AnswerLine(name, int(member.sum()), float(member.mean()), weighted(member))
        for name, member in zip(names, members, strict=True)
    ]
    last = {TOGETHER: 1, SILENT: 2}
    return tuple(
        sorted(
            found,
            key=lambda line: (
                last.get(line.option, 0),
                -(line.raw if line.weighted is None else line.weighted),
                -line.raw,
            ),
        )
    )
