"""Ages and sexes of a sample beside those of the census, without a planner typing them."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from fixtures.versions import Con, Version
from marked import marked
from test_survey_export import PLACES

from observatory.survey.inhabitants import (
    NOBODY,
    Inhabitants,
    Residents,
    ages_of,
    inhabitants,
    margins_at_hand,
    sex_of,
)
from observatory.survey.marked_answers import KeptQuestion, marked_answers
from observatory.survey.representativeness import representativeness
from observatory.survey.survey_export import read_export
from observatory.survey.survey_marks import marks_contract
from observatory.workbook.checking import check_workbook

BANDS = [*(f"Y{first}T{first + 4}" for first in range(15, 95, 5)), "Y_GE95"]
FIRST_AGES = [*range(15, 95, 5), 95]


# Women and men of each band: with those under 20, they make the population of each commune.
OF_A_BAND = {
    "62001": (200, 137.5), "62009": (20, 17.5), "62002": (75, 50), "62003": (15, 11.25),
}  # fmt: skip


def ages(rows: dict[tuple[str, str, str], object]) -> str:
    """As many women and men in each band of a commune, but for the rows given."""
    lines = [tiny.AGES]
    for code, amounts in OF_A_BAND.items():
        for sex, amount in zip("FM", amounts, strict=True):
            for band in BANDS:
                told = rows.get((code, sex, band), amount)
                lines.append(f"{code};COM;{band};{sex};POP;A;{told};2023\n")
    return "".join(lines)


@pytest.fixture
def told(tiny_version: Version) -> Con:
    # Bourg does not tell one of its bands; Dune tells none; Aval holds an old commune.
    name = next(n for n in tiny.FILES if n.startswith("rp_age/"))
    return tiny_version({name: ages({("62002", "F", "Y20T24"): ""})})


def test_residents_are_those_of_communes_that_tell_every_band(told: Con) -> None:
    found = inhabitants(told)
    residents = found.residents
    assert (residents.communes, residents.all_communes, residents.year) == (2, 4, "2023")
    # Aval with its old commune, and Clos.
    assert {b[:3]: b[3] for b in residents.bands} == {
        (sex, first, 120 if first == 95 else first + 5): people
        for sex, people in (("F", 235), ("M", 166.25))
        for first in FIRST_AGES
    }
    assert residents.people(range(20, 30)) == 2 * 401.25
    assert residents.people(range(18, 26)) == pytest.approx(401.25 * (2 / 5 + 1 + 1 / 5))
    assert residents.people(range(18, 26), "F") == pytest.approx(235 * 1.6)
    assert [name for name, _ in found.communes] == ["Aval", "Bourg", "Clos", "Dune"]


def test_a_version_that_tells_no_adults_gives_the_communes_alone(tiny_four: Con) -> None:
    found = inhabitants(tiny_four)
    assert not found.residents.bands
    assert {m[0] for m in margins_at_hand(found, ["18-25 ans"], ["Femme", "Homme"])} == {"commune"}


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("26-45 ans", range(26, 46)),
        ("de 26 à 45 ans", range(26, 46)),
        ("15-24 ans", range(18, 25)),
        ("Plus de 65 ans", range(66, 120)),
        ("65 ans et plus", range(65, 120)),
        ("Moins de 25 ans", range(18, 25)),
        ("Moins de 18 ans", range(18, 18)),
        ("Ne souhaite pas répondre", range(0)),
        ("Retraité", None),
        ("45-26 ans", None),
        ("3 enfants de 2 à 4 ans", None),
        ("né en 1980", None),
    ],
)
def test_a_class_of_ages_is_read_from_its_words(name: str, years: range | None) -> None:
    assert ages_of(name) == years


def test_a_class_of_sex_is_read_from_its_words() -> None:
    assert [sex_of(n) for n in ("Une femme", "Homme", "Masculin", "F", "Autre", "Non-binaire")] == [
        "F", "M", "M", "F", "", "",
    ]  # fmt: skip


RESIDENTS = Residents(
    tuple((sex, first, first + 5, n) for sex, n in (("F", 10.0), ("M", 5.0))
          for first in range(15, 95, 5)), 1, 1, "2023",
)  # fmt: skip


def test_margins_cross_ages_by_sex_and_say_what_is_estimated() -> None:
    living = Inhabitants((), RESIDENTS)
    whole = margins_at_hand(living, ["20-39 ans", "40-94 ans"], ["Femme", "Homme", "Autre"])
    assert {(role, name): n for role, name, n, _ in whole} == {
        ("age", "20-39 ans"): 60, ("age", "40-94 ans"): 165,
        ("sexe", "Femme"): pytest.approx(154), ("sexe", "Homme"): pytest.approx(77),
        ("age_sexe", "20-39 ans × Femme"): 40, ("age_sexe", "20-39 ans × Homme"): 20,
        ("age_sexe", "40-94 ans × Femme"): 110, ("age_sexe", "40-94 ans × Homme"): 55,
    }  # fmt: skip
    assert {s.endswith("(estimation)") for role, _, _, s in whole if role == "age"} == {False}
    cut = margins_at_hand(living, ["20-38 ans", "39-94 ans"])
    assert all(source.endswith("(estimation)") for _, _, _, source in cut)
    # A class that nobody can read, and no share is right.
    assert margins_at_hand(living, ["20-39 ans", "Retraité"], ["Femme"]) == []


def test_what_the_marks_leave_out_is_taken_from_the_census(tmp_path: Path) -> None:
    export = tmp_path / "e.csv"
    rows = [
        f"{n},{('20-39 ans', '40-94 ans')[n % 2]},{('Femme', 'Homme')[n % 3 == 0]},Oui"
        for n in range(60)
    ]
    export.write_text(
        "\n".join(["Horodateur,Quel est votre âge,Vous êtes,Content", *rows]), encoding="utf-8"
    )
    asked = {"Quel est": {"role": "age"}, "Vous êtes": {"role": "sexe"}, "Content": {}}
    living = Inhabitants((), RESIDENTS)

    def margins(marks: Path, people: Inhabitants) -> dict[str, float]:
        checked = check_workbook(marks_contract(), [marks], complete=False)
        survey = marked_answers(read_export(export), checked, PLACES, people)
        assert not survey.problems
        totals: dict[str, float] = {}
        for role, _, n, _ in survey.margins:
            totals[role] = totals.get(role, 0) + n
        return totals

    bare = marked(export, tmp_path / "m.xlsx", asked)
    assert margins(bare, NOBODY) == {}
    assert margins(bare, living) == {"age": 225, "sexe": pytest.approx(231), "age_sexe": 225}
    # What a planner typed is kept, and is not crossed with what another source says.
    own = [["age", "20-39 ans", "500", "Insee 2022"], ["age", "40-94 ans", "300", "Insee 2022"]]
    typed = marked(export, tmp_path / "n.xlsx", asked, margins=own)
    assert margins(typed, living) == {"age": 800, "sexe": pytest.approx(231)}


def test_ages_by_sex_weigh_when_each_of_their_classes_has_answers_enough() -> None:
    questions = [KeptQuestion("3", "Sexe", "sexe", False), KeptQuestion("4", "Âge", "age", False)]
    margins = margins_at_hand(
        Inhabitants((), RESIDENTS), ["20-39 ans", "40-94 ans"], ["Femme", "Homme"]
    )

    def sample(young_men: int) -> list[dict[str, tuple[str, ...]]]:
        counts = {("Femme", "20-39 ans"): 40, ("Femme", "40-94 ans"): 20,
                  ("Homme", "20-39 ans"): young_men, ("Homme", "40-94 ans"): 20}  # fmt: skip
        return [{"3": (s,), "4": (a,)} for (s, a), n in counts.items() for _ in range(n)]

    found = representativeness(questions, sample(20), margins)
    assert found.weighing is not None
    # Of 225 people 40, 110, 20, 55: each answer weighs its class's share, of 100 answers.
    wanted = [40 / 225 * 100 / 40, 110 / 225 * 100 / 20, 20 / 225 * 100 / 20, 55 / 225 * 100 / 20]
    weights = found.weighing.weights
    assert [weights[0], weights[40], weights[60], weights[80]] == pytest.approx(wanted)
    assert [line.role for line in found.lines].count("age_sexe") == 4
    few = representativeness(questions, sample(4), margins)
    assert {line.role for line in few.lines} == {"age", "sexe"}
    assert few.weighing is not None
