"""Whoever knows everybody's age, sex and commune learns no small count from what is published.

The intruder is a mixed integer program: the unknowns are how many of each stratum (age × sex ×
commune) gave each answer. He knows the strata, their weights to the last decimal, and reads what
the command writes for programs, which is all that the pages show.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import highspy
import numpy as np
import pytest
from generated import at_every_run

from observatory.commands.survey import for_programs
from observatory.solver import Solver
from observatory.survey.marked_answers import ELSEWHERE, KeptQuestion, MarkedSurvey
from observatory.survey.survey_tables import SILENT, TICKED, TOGETHER, weighted_step_pct
from observatory.survey.survey_told import ToldSurvey, told_survey

ASKED = KeptQuestion("1", "Satisfait", "reponse", False)
TICKS = KeptQuestion("2", "Manque", "reponse", True)
SEX = KeptQuestion("3", "Sexe", "sexe", False)
AGE = KeptQuestion("4", "Âge", "age", False)
WHERE = KeptQuestion("5", "Commune", "commune", False)
OPTIONS = ("Oui", "Plutôt", "Non", "Ailleurs", SILENT)
PLACES = ("A", "B", "C", ELSEWHERE)
Stratum = tuple[str, str, str]
Cell = tuple[Stratum, str]


def made(seed: int) -> ToldSurvey:
    """A questionnaire whose answers depend on sex and commune, so that weights move them much."""
    rng = random.Random(seed)
    answers = []
    for _ in range(rng.choice((40, 90, 200, 400))):
        sex, age, place = rng.choices("FM", (4, 1))[0], rng.choice("JV"), _place(rng)
        odds = (6, 3, 2, 1, 1) if sex == "F" else (1, 2, 6, 1, 1)
        option = rng.choices(OPTIONS, odds)[0]
        ticked = tuple(t for n, t in enumerate(("x", "y")) if rng.random() < (0.4, 0.08)[n])
        answer = {"2": ticked, "3": (sex,), "4": (age,), "5": (place,)}
        answers.append(answer | ({} if option == SILENT else {"1": (option,)}))
    asked = [ASKED, TICKS, SEX, WHERE] + ([AGE] if seed % 2 else [])
    margins = [("sexe", "F", 510.0, "s"), ("sexe", "M", 490.0, "s")]
    margins += [("age", "J", 300.0, "s"), ("age", "V", 700.0, "s")] if seed % 2 else []
    if seed % 4 > 1:  # the weights then tell communes apart, as the ones of few answers
        people = zip(PLACES, (400.0, 300.0, 100.0, 900.0), strict=True)
        margins = [("commune", place, n, "s") for place, n in people]
    return told_survey(
        MarkedSurvey(
            {"titre": "t", "organisme": "o", "mode": "volontaires"},
            asked, answers, margins, len(answers), len(answers),
        )
    )  # fmt: skip


def _place(rng: random.Random) -> str:
    return rng.choices(PLACES, (40, 25, 20, 12))[0]


class SurveyIntruder:
    """What is published of one question, as constraints over strata × answers."""

    def __init__(self, told: ToldSurvey, question: KeptQuestion, options: tuple[str, ...]) -> None:
        self.truth: Counter[Cell] = Counter()
        self.sizes: Counter[Stratum] = Counter()
        self.weight: dict[Stratum, float] = {}
        weights = told.sample.weighing and told.sample.weighing.weights
        self.total = 0.0
        for n, answer in enumerate(told.survey.answers):
            stratum = tuple(answer.get(q, ("",))[0] for q in "345")
            one: Stratum = (stratum[0], stratum[1], stratum[2])
            self.truth[one, _answer_of(answer, question, options)] += 1
            self.sizes[one] += 1
            self.weight[one] = 1.0 if weights is None else float(weights[n])
            self.total += self.weight[one]
        self.options = options
        self.step = None if weights is None else weighted_step_pct(np.asarray(weights))
        self.read: list[tuple[set[Cell], float, float, bool]] = []
        self._read(for_programs(told), question)

    def _read(self, published: dict[str, Any], question: KeptQuestion) -> None:
        """Sums of cells that the file tells: bounds, and whether they are of weights."""
        lines = next(q for q in published["questions"] if q["question"] == question.label)
        told = {line["reponse"]: line for line in lines["reponses"]}
        for name, line in told.items():
            cells = self._cells(self._named(name, told))
            self.read.append((cells, line["nombre"], line["nombre"], False))
            if line["part_redressee"] is not None:
                assert self.step is not None
                half = self.step / 200 + 1e-9
                low, high = line["part_redressee"] - half, line["part_redressee"] + half
                self.read.append((cells, low * self.total, high * self.total, True))
        for table in published["communes"]:
            if not table["question"].startswith(question.label):
                continue
            apart = set(table["lignes"]) - {ELSEWHERE}
            for group, counts in table["lignes"].items():
                places = {group} if group in apart else set(PLACES) - apart
                for option, count in zip(table["reponses"], counts, strict=True):
                    cells = self._cells(self._of_table(table["question"], option, told), places)
                    self.read.append((cells, count, count, False))

    def _of_table(self, label: str, option: str, told: dict[str, Any]) -> set[str]:
        if " : " not in label:
            return self._named(option, told)
        ticked = label.rpartition(" : ")[2]
        return {o for o in self.options if (ticked in o.split("+")) == (option == TICKED)}

    def _named(self, name: str, told: dict[str, Any]) -> set[str]:
        if name == TOGETHER:
            return {o for o in self.options if o not in told}
        if name in self.options and "+" not in "".join(self.options):
            return {name}
        return {o for o in self.options if name in o.split("+")}

    def _cells(self, options: set[str], places: set[str] | None = None) -> set[Cell]:
        return {(s, o) for s in self.sizes for o in options if places is None or s[2] in places}

    def bounds(self, wanted: set[Cell]) -> tuple[int, int]:
        """Least and greatest count of some cells together."""
        found = []
        for highest in (False, True):
            solver = Solver()  # type: ignore[no-untyped-call]
            solver.setOptionValue("threads", 1)
            x = {
                (s, o): solver.addVariable(lb=0, ub=n, type=highspy.HighsVarType.kInteger)
                for s, n in self.sizes.items()
                for o in self.options
            }
            for s, n in self.sizes.items():
                solver.addConstr(solver.qsum([x[s, o] for o in self.options]) == n)
            for cells, low, high, weighed in self.read:
                terms = [x[c] * (self.weight[c[0]] if weighed else 1.0) for c in sorted(cells)]
                if terms:
                    solver.addConstr(solver.qsum(terms) >= low)
                    solver.addConstr(solver.qsum(terms) <= high)
            asked = solver.qsum([x[c] for c in sorted(wanted)])
            (solver.maximize if highest else solver.minimize)(asked)
            assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            found.append(round(solver.getInfo().objective_function_value))
        return found[0], found[1]


def _answer_of(answer: Any, question: KeptQuestion, options: tuple[str, ...]) -> str:
    given = answer.get(question.number, ())
    if question.multiple:
        return "+".join(given) or "rien"
    return given[0] if given else SILENT


def secrets(one: SurveyIntruder) -> list[tuple[str, set[Cell], int]]:
    """The counts too small to be told: an answer by itself, by sex or age, and by commune."""
    found = []
    for option in one.options:
        for at, fewest in ((None, 5), (0, 5), (1, 5), (2, 11)):
            for name in sorted({s[at] for s in one.sizes}) if at is not None else [""]:
                cells = {(s, option) for s in one.sizes if at is None or s[at] == name}
                count = sum(one.truth[c] for c in cells)
                if 0 < count < fewest:
                    found.append((f"{option} {name}", cells, count))
    return found


def narrowest(told: ToldSurvey) -> list[tuple[int, str]]:
    """How wide the bounds of each small count are, the narrowest first."""
    ticked = ("rien", "x", "y", "x+y")
    found = []
    for question, options in ((ASKED, OPTIONS), (TICKS, ticked)):
        one = SurveyIntruder(told, question, options)
        for name, cells, count in secrets(one):
            low, high = one.bounds(cells)
            assert low <= count <= high
            found.append((high - low, f"{name}: {low} to {high}, {count} in truth"))
    return sorted(found)


@pytest.mark.parametrize("seed", at_every_run(2, range(60)))
def test_no_small_count_is_learnt_from_what_is_published(seed: int) -> None:
    found = narrowest(made(seed))
    assert not [told for width, told in found if width < 2]


def test_weighted_shares_told_closely_would_tell_the_sex_of_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("observatory.survey.survey_tables.STEPS_PCT", (0.01,))
    monkeypatch.setattr("observatory.survey.survey_tables.EXCHANGED", 0)
    assert any(width == 0 for width, _ in narrowest(made(4)))
