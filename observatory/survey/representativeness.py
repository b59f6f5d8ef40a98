"""The sample beside those who live in the territory, and the weights that bring it closer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from observatory.french.numbers import plural
from observatory.survey.inhabitants import BESIDE
from observatory.survey.marked_answers import ELSEWHERE, FEWEST, KeptQuestion
from observatory.survey.raking import UnreachedMarginsError, Weighing, weighing
from observatory.survey.survey_marks import CROSSED, CROSSED_ROLES, WEIGHED

SHARE_FOR_ALL = 0.1
"""Of the population: fewer people than that may be spoken for by few."""
MISSED = 0.005
"""Share of a class by which a margin is told as not reached."""
Answers = Sequence[Mapping[str, tuple[str, ...]]]
Margins = Sequence[tuple[str, str, float, str]]


@dataclass(frozen=True)
class MarginLine:
    """One class of a margin: answers and people of it, as shares of those whose class is known.

    Attributes
    ----------
    answers : int
        In the sample.
    sample, people : float
        Shares, 0 to 1.
    source : str
        Where the population comes from.
    """

    role: str
    group: str
    answers: int
    sample: float
    people: float
    source: str


@dataclass(frozen=True)
class Representativeness:
    """How far the sample is from the territory, and what weighs it.

    Attributes
    ----------
    weighing : Weighing or None
        None when there is no margin, or when no weights give them.
    why : str
        Why there are no weights; empty when there are.
    """

    lines: tuple[MarginLine, ...] = ()
    weighing: Weighing | None = None
    why: str = ""
    notes: tuple[str, ...] = field(default=())


def representativeness(
    questions: Sequence[KeptQuestion], answers: Answers, margins: Margins
) -> Representativeness:
    """Set a sample beside its margins and weigh it.

    Each margin counts as shares: two that come from different publications need no common total.
    Ages crossed by sex weigh when each of their classes holds enough answers, else ages and sexes
    apart.
    Answers that tell no class of a margin keep their part of the sample.
    """
    lines: list[MarginLine] = []
    columns: list[list[float]] = []
    totals: list[float] = []
    missing: list[str] = []
    found = {
        role: (told, *_people(role, told, margins))
        for role in (*WEIGHED, CROSSED)
        if (told := _groups(role, questions, answers)) is not None
    }
    crossed = CROSSED in found and _large(found[CROSSED][0], found[CROSSED][1])
    for role, (told, people, source) in found.items():
        if not people or (role == CROSSED and not crossed):
            continue
        groups = [t if t in people else "" for t in told]
        counts = Counter(g for g in groups if g)
        known, lived = sum(counts.values()), sum(people.values())
        missing += [f"{name} ({role})" for name in people if not counts[name]]
        lines += [
            MarginLine(
                role, name, counts[name], counts[name] / known if known else 0.0,
                inhabitants / lived, source,
            )
            for name, inhabitants in people.items()
        ]  # fmt: skip
        if crossed and role in CROSSED_ROLES:
            continue  # told, and held by the crossing
        for name, inhabitants in people.items():
            columns.append([float(g == name) for g in groups])
            totals.append(known * inhabitants / lived)
        if known < len(answers):
            columns.append([float(not g) for g in groups])
            totals.append(float(len(answers) - known))
    if not lines:
        return Representativeness(why="aucune marge n'est donnée")
    if missing:
        names = ", ".join(missing)
        return Representativeness(
            tuple(lines),
            why=f"personne n'a répondu dans : {names}. Réunir des classes pour redresser",
        )
    try:
        weights = weighing(np.ones(len(answers)), np.array(columns).T, np.array(totals))
    except UnreachedMarginsError as error:
        return Representativeness(tuple(lines), why=str(error))
    return Representativeness(tuple(lines), weights, notes=tuple(_notes(found, answers, weights)))


def _notes(
    found: Mapping[str, tuple[Sequence[str], Mapping[str, float], str]],
    answers: Answers,
    weights: Weighing,
) -> list[str]:
    """What the weights rest on: few answers that stand for many people, margins not reached."""
    notes = []
    told, people, _ = found.get("commune", ((), {}, ""))
    if share := _shares(people).get(ELSEWHERE):
        count = sum(t == ELSEWHERE for t in told)
        if share > SHARE_FOR_ALL and share > 2 * count / len(answers):
            notes.append(
                f"« {ELSEWHERE} » compte {plural(count, 'réponse')} pour {100 * share:.0f} % de la "
                "population : qui y a répondu parle pour des communes où presque personne n'a "
                "répondu."
            )
    if weights.trimmed:
        missed = max(
            abs(weights.weights[[t == name for t in told]].sum() / known - lived)
            for told, people, _ in found.values()
            if people and (known := weights.weights[[t in people for t in told]].sum()) > 0
            for name, lived in _shares(people).items()
        )
        if missed >= MISSED:
            notes.append(
                "Des poids sont bornés : les marges ne sont atteintes qu'à "
                f"{100 * missed:.0f} % près."
            )
    return notes


def _shares(people: Mapping[str, float]) -> dict[str, float]:
    total = sum(people.values())
    return {name: lived / total for name, lived in people.items()}


def _groups(role: str, questions: Sequence[KeptQuestion], answers: Answers) -> list[str] | None:
    """The class of each answer, empty when it tells none; None when the role is not asked."""
    if role == CROSSED:
        parts = [_groups(one, questions, answers) for one in CROSSED_ROLES]
        if any(part is None for part in parts):
            return None
        return [
            BESIDE.join(both) if all(both) else ""
            for both in zip(*(part for part in parts if part is not None), strict=True)
        ]
    question = next((q for q in questions if q.role == role), None)
    if question is None:
        return None
    return [(answer.get(question.number) or ("",))[0] for answer in answers]


def _large(told: Sequence[str], people: Mapping[str, float]) -> bool:
    """Whether each class of a crossing has answers enough to be told."""
    counts = Counter(told)
    return bool(people) and all(counts[name] >= FEWEST for name in people)


def _people(role: str, told: Sequence[str], margins: Margins) -> tuple[dict[str, float], str]:
    """People by class of a margin, and the source; small communes together, as in the sample."""
    people: dict[str, float] = {}
    sources = dict.fromkeys(source for of, _, _, source in margins if of == role)
    seen = set(told)
    for of, group, inhabitants, _ in margins:
        if of == role:
            name = group if role != "commune" or group in seen else ELSEWHERE
            people[name] = people.get(name, 0.0) + inhabitants
    if role == "commune" and ELSEWHERE not in seen:
        people.pop(ELSEWHERE, None)  # nobody there answered: the territory is what answered
    return people, " ; ".join(sources)
