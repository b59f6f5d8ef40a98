"""No table tells of few people, nor lets them be found by subtraction."""

from __future__ import annotations

from typing import Any

import pytest
from generated import tried
from hypothesis import given
from hypothesis import strategies as st

from observatory.survey.marked_answers import ELSEWHERE, KeptQuestion
from observatory.survey.representativeness import representativeness
from observatory.survey.survey_tables import (
    SILENT,
    TOGETHER,
    commune_tables,
    question_table,
)

ONE = KeptQuestion("1", "Satisfait", "reponse", False)
MANY = KeptQuestion("2", "Manque", "reponse", True)
WHERE = KeptQuestion("3", "Commune", "commune", False)
OPTIONS = ("a", "b", "c", "d")


@st.composite
def surveys(draw: Any) -> list[dict[str, tuple[str, ...]]]:
    counts = draw(st.lists(st.integers(0, 40), min_size=5, max_size=5))
    answers = []
    for option, count in zip([*OPTIONS, ""], counts, strict=True):
        for n in range(count):
            place = ("A", "B", "C", ELSEWHERE)[draw(st.integers(0, 3)) if n % 7 == 0 else n % 4]
            ticked = tuple(o for k, o in enumerate(OPTIONS) if (n + k) % (k + 2) == 0)
            answers.append({"1": (option,) if option else (), "2": ticked, "3": (place,)})
    return answers


def test_small_answers_are_counted_together_and_never_one_alone() -> None:
    given = {"a": 30, "b": 12, "c": 2, "": 6}
    answers = [{"1": (o,) if o else ()} for o, n in given.items() for _ in range(n)]
    table = question_table(ONE, answers)
    # c alone is too small: the smallest of the others, those who are silent, joins it.
    assert {line.option: line.answers for line in table.lines} == {"a": 30, "b": 12, TOGETHER: 8}
    assert table.joined == (SILENT, "c")
    assert [line.raw for line in table.lines] == pytest.approx([0.6, 0.24, 0.16])


@tried(80, 2000)
@given(answers=surveys())
def test_every_cell_of_a_question_is_large_and_they_add_up(
    answers: list[dict[str, tuple[str, ...]]],
) -> None:
    table = question_table(ONE, answers)
    if table.lines:
        counts = [line.answers for line in table.lines]
        assert sum(counts) == len(answers)  # a partition: a sum of cells is large, or nothing
        assert all(n >= 5 for n in counts)
        joined = [a for a in answers if (a["1"] or (SILENT,))[0] in table.joined]
        assert not table.joined or len(table.joined) >= 2
        assert not table.joined or len(joined) >= 5
    for line in question_table(MANY, answers).lines:
        assert 5 <= line.answers <= len(answers) - 5


@tried(80, 2000)
@given(answers=surveys())
def test_every_cell_of_a_commune_is_large_and_so_is_what_is_left(
    answers: list[dict[str, tuple[str, ...]]],
) -> None:
    for question in (ONE, MANY):
        for table in commune_tables(question, WHERE, answers):
            cells = [n for counts in table.counts for n in counts]
            assert all(n >= 11 for n in cells)
            assert sum(cells) == len(answers)
            # The whole territory less the communes shown is the last line, itself large.
            assert len(table.groups) >= 2


def test_shares_are_weighed_by_what_lives_there() -> None:
    women = KeptQuestion("4", "Sexe", "sexe", False)
    answers = [{"1": ("a",), "4": ("F",)}] * 60 + [{"1": ("b",), "4": ("H",)}] * 20
    margins = [("sexe", "F", 500.0, "s"), ("sexe", "H", 500.0, "s")]
    found = representativeness([ONE, women], answers, margins)
    assert found.weighing is not None
    table = question_table(ONE, answers, found.weighing.weights)
    assert {line.option: (line.raw, line.weighted) for line in table.lines} == {
        "a": (0.75, pytest.approx(0.5)),
        "b": (0.25, pytest.approx(0.5)),
    }


def test_a_class_without_answers_is_named_and_nothing_is_weighed() -> None:
    women = KeptQuestion("4", "Sexe", "sexe", False)
    answers = [{"4": ("F",)}] * 60
    margins = [("sexe", "F", 500.0, "s"), ("sexe", "H", 500.0, "s")]
    found = representativeness([women], answers, margins)
    assert found.weighing is None
    assert "personne n'a répondu dans : H (sexe)" in found.why
    assert "aucune marge" in representativeness([women], answers, []).why
