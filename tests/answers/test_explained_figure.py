"""How a figure is made is found again by hand, and gives the figure that the answers give."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import duckdb
import pandas as pd
import pytest
import tiny
from generated import at_every_run, by_kind

from observatory.answers.accessible import access_gaps
from observatory.answers.explained.explained_figure import explain_figure, explained_from
from observatory.answers.explained.explained_material import read_material
from observatory.answers.explained.explained_step import FigureStep, share_words, worked_out
from observatory.answers.gaps import communes, gaps
from observatory.answers.silent_services import silent_services
from observatory.answers.sums import rank
from observatory.errors import RequestError, VersionError
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question

Con = duckdb.DuckDBPyConnection
DAY = date(2024, 7, 1)
TODAY = date(2026, 11, 27)
AVAL, BOURG, CLOS, DUNE = "62001", "62002", "62003", "62004"
FIGURES = ("public", "need", "target", "supply", "gap", "rate", "published_rate")
VOTED = """service;type_jour;valeur;date;decide_par;source
eaje;;40;2024-01-01;Conseil communautaire;Délibération
"""


def asked(service: str, definition: str, day_type: str | None = None) -> Question:
    custom = 40.0 if definition == "custom" else None
    return Question(service, day_type, definition, custom, as_of=DAY)


def steps(con: Con, question: Question, code: str | None) -> dict[str, FigureStep]:
    explained = explain_figure(con, question, code)
    return {s.figure: s for s in explained.steps}


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_need_of_a_commune_reads_as_a_sum_that_anyone_does_again(tiny_four: Con) -> None:
    # 500 children of 0 to 4 years, 3/5 of them under three: 300. 33 months of 36, 66 of 100:
    # 300 × 33/36 × 66 ÷ 100 = 181.5.
    found = steps(tiny_four, asked("accueil_0_2", "potential"), AVAL)
    assert plain(found["public"].expression) == "500 de 0 à 4 ans × 3/5"
    assert found["public"].value == pytest.approx(300)
    assert plain(found["need"].expression) == ("300 enfants de moins de 3 ans × 33/36 × 66 ÷ 100")
    assert found["need"].value == pytest.approx(181.5)
    assert any("estimation" in note for note in found["public"].notes)
    assert found["public"].vintage == "2023"
    # 50 places of crèche, 105 of assistants maternels, 6 at home, 30 at school.
    assert plain(found["supply"].expression) == "50 + 0 + 105 + 6 + 30"
    assert found["gap"].value == pytest.approx(191 - 181.5)


def test_a_rate_of_reference_says_whose_it_is_and_its_year(tiny_four: Con) -> None:
    found = steps(tiny_four, asked("eaje", "reference_dep"), BOURG)
    # 150 children × 15 of 100 in the département in 2023; 10 + 12 places.
    assert plain(found["need"].expression) == (
        "150 enfants de moins de 3 ans × 15 ÷ 100 (taux du département, 2023)"
    )
    assert found["need"].value == pytest.approx(22.5)
    assert found["need"].vintage == "2023"
    assert found["gap"].value == pytest.approx(-0.5)
    explained = explain_figure(tiny_four, asked("eaje", "reference_dep"), BOURG)
    parts = [p.label for s in explained.steps if s.figure == "part" for p in s.parts]
    assert parts == ["La Ronde, Bourg", "Micro 1, Bourg"]


def test_a_shared_establishment_counts_for_its_part(tiny_four: Con) -> None:
    # The relais has 1.5 ETP for Aval and Bourg, shared as their children: 300 and 150.
    found = steps(tiny_four, asked("rpe", "norm"), BOURG)
    assert plain(found["supply"].expression) == "1,5 × 1/3"
    assert found["supply"].value == pytest.approx(0.5)
    assert found["supply"].parts[0].source == "Enquête"


def test_what_is_unknown_is_not_what_is_masked(tiny_version: Callable[..., Con]) -> None:
    con = tiny_version(tiny.TWO_IN_CLOS)
    question = asked("assistants_maternels", "reference_nat")
    clos, dune = steps(con, question, CLOS), steps(con, question, DUNE)
    assert (clos["supply"].said, dune["supply"].said) == ("masqué", "inconnu")
    assert (clos["gap"].state, dune["public"].state) == ("masked", "unknown")
    for step in clos.values():
        assert step.state != "masked" or not (step.terms or step.parts or step.expression)


def test_an_unknown_public_is_not_said_to_be_an_unknown_supply(tiny_four: Con) -> None:
    told = steps(tiny_four, asked("eaje", "reference_nat"), DUNE)["access_rate"]
    assert "l'effectif de la commune est inconnu" in plain(" ".join(told.notes))


def test_a_published_total_with_masked_communes_lists_none_of_them(embedded: Con) -> None:
    question = Question("assistants_maternels", None, "reference_nat", as_of=TODAY)
    whole = steps(embedded, question, None)["supply"]
    assert len(whole.terms) == 1
    assert whole.parts == ()
    assert any("arrondi" in note for note in whole.notes)


def test_an_unknown_capacity_is_named_and_leaves_the_sum_unknown(tiny_four: Con) -> None:
    found = steps(tiny_four, asked("eaje_hors_psu", "territory"), CLOS)
    assert found["supply"].state == "unknown"
    assert [(p.label, p.value, p.state) for p in found["supply"].parts] == [
        ("Micro 2, Clos", None, "unknown")
    ]


def test_the_ways_of_counting_are_told_one_by_one(tiny_four: Con) -> None:
    count = steps(tiny_four, asked("eaje", "reference_dep"), BOURG)["deficit_count"]
    # 22 places; the France rate asks 30, the region's 27, the département's 22.5, the EPCI's 37.5:
    # half a place is shown as one, so that the four say a lack.
    assert count.value == 4
    assert len(count.parts) == 4


def test_a_commune_elsewhere_is_refused(tiny_four: Con) -> None:
    with pytest.raises(RequestError, match="62041"):
        explain_figure(tiny_four, asked("eaje", "reference_dep"), "62041")


def test_an_explanation_that_would_not_give_its_figure_is_refused(tiny_four: Con) -> None:
    question = asked("eaje", "reference_dep")
    table = access_gaps(tiny_four, question.for_every_need())
    table.loc[table["code"] == BOURG, "need"] += 1e-6
    with pytest.raises(VersionError, match="ne se retrouve pas"):
        explain_figure(tiny_four, question, BOURG, table=table)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.6, "3/5"), (33 / 36, "11/12"), (1.0, "1"), (0.123456, "12,35 %"), (1 / 3, "1/3")],
)
def test_a_share_is_written_as_a_fraction_where_it_is_one(share: float, words: str) -> None:
    assert plain(share_words(share)) == words


def agree(con: Con, service: str, day_type: str | None, day: date, codes: list[str | None]) -> int:
    """Compare every step with its answer; how many figures were found again."""
    names = nomenclature().services[service]
    question = Question(service, day_type, names.definitions[0], as_of=day).settled()
    typed = Question(service, day_type, None, 40.0, as_of=day)
    table = gaps(con, typed)
    rows = {(None if pd.isna(r["code"]) else r["code"], r["definition"]): r
            for r in table.to_dict("records")}  # fmt: skip
    material = read_material(con, Question(**{**vars(question), "custom": 40.0}), table)
    found = 0
    for code in codes:
        for definition in {d for _, d in rows}:
            for step in explained_from(material, code, definition).steps:
                if step.figure not in FIGURES:
                    continue
                answer = rows[code, definition][step.figure]
                assert (step.value is None) == bool(pd.isna(answer)), (code, definition, step)
                assert (step.value is None) == (step.state != "known")
                if step.value is not None:
                    scale = max(1.0, abs(answer))
                    assert abs(worked_out(step.terms) - answer) <= 1e-9 * scale, (code, step)
                    found += 1
    return found


PUBLISHED = ("france_services", None)
"""A service whose public the Caf publishes."""


@pytest.mark.parametrize(
    ("service", "day_type"),
    at_every_run(8, sorted(by_kind(nomenclature().offers()), key=lambda o: o != PUBLISHED)),
)
def test_every_figure_of_the_default_is_found_again(
    embedded: Con, service: str, day_type: str | None
) -> None:
    codes = [None, *communes(embedded)]
    assert len(codes) == 47
    found = agree(embedded, service, day_type, TODAY, codes)
    # The default has no file of the households of the Caf: of these services it knows nothing.
    published = nomenclature().publics[nomenclature().services[service].public].published
    assert found == 0 if published else found > 47 or service in silent_services(embedded)


def generated(seed: int) -> dict[str, str | None]:
    """Files of a made-up territory: single years of age, any capacities, totals that are masked."""
    draw = random.Random(seed)
    codes = ("62001", "62002", "62003", "62004")
    ages = tiny.AGES.splitlines()[0] + "\n" + "".join(
        f"{code};COM;Y{age};_T;POP;A;{draw.uniform(0, 40):.1f};2023\n"
        for code in codes for age in range(20) if (code, draw.random() < 0.02) != ("62004", True)
    )  # fmt: skip
    offer = tiny.OFFER.splitlines()[0] + "\n"
    for n in range(40):
        service = draw.choice(["eaje_psu", "eaje_hors_psu", "rpe", "laep", "alsh", "ludotheque"])
        days = nomenclature().services[service].day_types
        day_type = draw.choice(days) if days else ""
        capacity = "" if draw.random() < 0.03 else f"{draw.randint(1, 9)}"
        code = draw.choice(codes)
        offer += (
            f"G{n};Lieu {n};{service};public;Ville;{code};{draw.randint(1, 4)} rue;2.7{n % 10};"
            f"50.3{n % 7};{day_type};{capacity};;20{draw.randint(15, 25)}-03-01;;Tirage;2024-06-30;"
            "oui\n"
        )
    totals = tiny.TOTALS.splitlines()[0] + "\n" + "".join(
        f"{code};assistants_maternels;{heads};{3 * heads};2015-01-01;Tirage;2022-06-30;oui\n"
        for code in codes for heads in (draw.choice([0, 2, 9, 30, 41]),)
    )  # fmt: skip
    return {
        "rp_age/ages_rp2023.csv": ages,
        "census/offre.csv": offer,
        "census/communes_desservies.csv": None,
        "census/totaux_communaux.csv": totals,
        "census/objectifs.csv": VOTED,
    }


@pytest.mark.parametrize("seed", at_every_run(1, range(20)))
def test_every_figure_of_a_made_up_territory_is_found_again(
    tiny_version: Callable[..., Con], seed: int
) -> None:
    con = tiny_version(generated(seed))
    offers = nomenclature().offers()
    for service, day_type in offers if seed else offers[:4]:
        for day in (DAY, date(2017, 1, 1)):
            agree(con, service, day_type, day, [None, *communes(con)])


def test_a_rank_counts_the_communes_before_and_is_that_of_the_tables(embedded: Con) -> None:
    question = asked("eaje", "reference_nat")
    table = access_gaps(embedded, question.for_every_need())
    rows = table[table["code"].notna() & (table["definition"] == "reference_nat")]
    ranks = {figure: dict(zip(rows["code"], rank(rows, figure), strict=True))
             for figure in ("gap", "rate")}  # fmt: skip
    for code in rows["code"].iloc[:3]:
        found = explain_figure(embedded, question, code, table=table)
        for figure, of in ranks.items():
            step = found.step(f"{figure}_rank")
            if pd.isna(of[code]):
                assert step is None
                continue
            assert step is not None
            assert step.value == of[code]
            assert f"sur {int(rows[figure].notna().sum())}" in step.expression
    assert explain_figure(embedded, question, table=table).step("gap_rank") is None
