"""The scenario's arithmetic: that of the version itself, as if the census said so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import Con, Version
from generated import at_every_run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from told import as_typed

from observatory.answers.accessible import access_gaps
from observatory.answers.gaps import establishments, gaps
from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.question import Question
from observatory.scenario.children_to_come import foreseen
from observatory.scenario.scenario_change import Change, Scenario
from observatory.scenario.scenario_in_words import said, toponyms_of
from observatory.scenario.version_overlay import helpers, laid_over, step_of
from observatory.scenario.what_if import (
    UNREAD,
    answered,
    supply_since,
    usual_question,
    what_if,
)
from observatory.versions.frames import frame
from tests.mart_tables import reached

DAY = date(2026, 1, 1)
EVERY = Question(as_of=DAY)
TWELVE = Change("ouvrir", DAY, service="eaje_psu", commune="62002", places=12.0)


def every_answer(con: Con) -> pd.DataFrame:
    """Every service, need definition and type of day, here and within the usual reach."""
    found = reached(con, DAY, catchment_rules().rule(DEFAULT_SCHEME))
    return gaps(con, EVERY).merge(found, how="left", on=["code", "service", "day_type"])


@pytest.fixture(scope="module")
def reality(tiny_four: Con) -> pd.DataFrame:
    """What the version of the four communes says itself: to be read."""
    return every_answer(tiny_four)


def answers_with(con: Con, *changes: Change, everything: bool = False) -> pd.DataFrame:
    with laid_over(con, changes, DAY, everything=everything) as (over, _):
        return every_answer(over)


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows without the words that tell who said it."""
    return table.drop(columns=["demonstration", "reliability"])


@pytest.mark.parametrize("everything", [False, True])
def test_no_change_gives_reality_exactly(tiny_four: Con, everything: bool) -> None:
    with laid_over(tiny_four, (), DAY, everything=everything) as (over, _):
        assert_frame_equal(
            access_gaps(over, EVERY), access_gaps(tiny_four, EVERY), check_exact=True
        )
        nearest = "FROM nearest_as_of(?) ORDER BY ALL"
        assert_frame_equal(frame(over, nearest, [DAY]), frame(tiny_four, nearest, [DAY]))


ADDED_AND_TAKEN = {
    "open-close": (
        replace(TWELVE, etablissement="Neuf", commune="62004"),
        Change("fermer", DAY, etablissement="Neuf"),
    ),
    "nobody": (Change("depart", DAY, part=0.0),),
    "as-many": (Change("enfants", DAY, commune="62001", nombre=300.0, public="0_2"),),
    "more-less": (
        Change("agrandir", DAY, etablissement="E3", places=12.0),
        Change("agrandir", DAY, etablissement="E3", places=-12.0),
    ),
    "open-less": (
        replace(TWELVE, etablissement="Neuf"),
        Change("agrandir", DAY, etablissement="Neuf", places=-12.0),
    ),
    "later": (replace(TWELVE, date=date(2026, 1, 2)),),  # a day that comes after
}


@pytest.mark.parametrize("name", at_every_run(3, ADDED_AND_TAKEN))
def test_what_is_added_and_taken_away_gives_reality_exactly(
    tiny_four: Con, reality: pd.DataFrame, name: str
) -> None:
    found = answers_with(tiny_four, *ADDED_AND_TAKEN[name])
    said = ["estimated", "public_vintage", "reliability"]  # of a figure that a planner gives
    assert_frame_equal(found.drop(columns=said), reality.drop(columns=said), check_exact=True)


OPENED = (
    replace(TWELVE, longitude=2.80, latitude=50.30),
    Change("ouvrir", DAY, service="ludotheque", commune="62003", places=1.0),
    Change(
        "ouvrir", DAY, service="alsh", jour="mercredi", commune="62002", places=30.0,
        longitude=2.81, latitude=50.30,
    ),
)  # fmt: skip
OPENED_ROWS = (
    "N1;Neuf;eaje_psu;;;62002;;2.80;50.30;;12;;2026-01-01;;Essai;2024-06-30;non\n"
    "N2;Jeux;ludotheque;;;62003;;2.70;50.25;;1;;2026-01-01;;Essai;2024-06-30;non\n"
    "N3;Centre;alsh;;;62002;;2.81;50.30;mercredi;30;;2026-01-01;;Essai;2024-06-30;non\n"
)
CHANGED = (
    Change("deplacer", DAY, etablissement="E3", commune="62003", longitude=2.7, latitude=50.25),
    Change("agrandir", DAY, etablissement="E1", places=7.0),
    Change("fermer", DAY, etablissement="C1"),
)
CHANGED_ROWS = {
    # E3 moves from Bourg to Clos, E1 grows from 50 to 57, C1 closes.
    "62002;;2.80;50.30;;10": "62003;;2.70;50.25;;10",
    "50;2021-01-01;2018-09-01;;Enquête;2024-06-30;non\n": (
        "50;2021-01-01;2018-09-01;;Enquête;2024-06-30;non\n"
        "E1;Les Tilleuls;eaje_psu;public;Ville;62001;;2.70;50.30;;57;2026-01-01;2018-09-01;;"
        "Enquête;2024-06-30;non\n"
    ),
    "1;;2016-01-01;;": "1;;2016-01-01;2026-01-01;",
}


@pytest.mark.parametrize(
    ("opened", "changed"),
    at_every_run(1, [(True, True), (True, False), (False, True)]),
    ids=["opened and changed", "opened", "changed"],
)
def test_a_scenario_is_what_the_version_says_once_the_census_says_it(
    tiny_version: Version, tiny_four: Con, opened: bool, changed: bool
) -> None:
    """What opens and what changes of a place, together; in the campaign each alone too."""
    offer = tiny.OFFER
    for old, new in (CHANGED_ROWS if changed else {}).items():
        assert offer.count(old) == 1
        offer = offer.replace(old, new)
    built = tiny_version({"census/offre.csv": offer + (OPENED_ROWS if opened else "")})
    changes = (*(OPENED if opened else ()), *(CHANGED if changed else ()))
    found = answers_with(tiny_four, *changes)
    assert_frame_equal(figures(found), figures(every_answer(built)), rtol=1e-12)


@pytest.mark.parametrize(
    "change",
    at_every_run(
        3,  # of what is offered, of what a commune counts, of who asks for it
        [
            Change("deplacer", DAY, etablissement="R1", commune="62003"),
            Change("depart", DAY, part=30.0),
            Change("enfants", DAY, commune="62002", nombre=200.0, public="0_2"),
            TWELVE,
            Change("fermer", DAY, etablissement="E1"),
            Change("agrandir", DAY, etablissement="M1", places=3.0),
            Change("objectif", DAY, service="eaje", nombre=40.0),
        ],
    ),
    ids=lambda c: c.changement,
)
def test_only_what_follows_is_computed_again_and_it_makes_no_difference(
    tiny_four: Con, change: Change
) -> None:
    lazily, whole = (answers_with(tiny_four, change, everything=e) for e in (False, True))
    assert_frame_equal(lazily, whole, check_exact=True)


def test_places_reached_by_hand(tiny_three: Con) -> None:
    # Aval 300, Bourg 150, Clos 27 under three; Bourg lies 7.1 km of chord from Aval: with the
    # default weights, those in reach share the twelve places, and all are shared out.
    scenario = Scenario("x", (TWELVE,))
    found = what_if(tiny_three, scenario, Question("eaje_psu", definition="custom", custom=60,
                                                   as_of=DAY))  # fmt: skip
    rows = found.communes.set_index("name")
    assert rows["supply_more"].tolist() == [0, 12, 0]
    assert rows["reached_more"].sum() == pytest.approx(12)
    assert (rows["reached_more"] >= 0).all()
    assert found.territory["reached_more"] == pytest.approx(12)
    assert rows["need_more"].tolist() == [0, 0, 0]


def test_departures_take_the_same_part_of_heads_and_places(tiny_version: Version) -> None:
    con = tiny_version()
    question = Question("assistants_maternels", as_of=DAY)
    before = gaps(con, question).drop_duplicates("code").set_index("code")["supply"]
    with laid_over(con, [Change("depart", DAY, part=20.0)], DAY) as (over, _):
        after = gaps(over, question).drop_duplicates("code").set_index("code")["supply"]
        heads = dict(over.execute("SELECT code, headcount FROM commune_total WHERE service = "
            "'assistants_maternels' AND valid_from = DATE '2026-01-01'").fetchall())  # fmt: skip
    # 105 and 30 places, 35 and 10 heads. Clos has three: 2.4 would be one or two persons.
    assert before["62001"] == 105
    assert after["62001"] == pytest.approx(84)
    assert after["62002"] == pytest.approx(24)
    assert heads["62001"] == pytest.approx(28)
    assert before["62003"] == 9
    assert pd.isna(after["62003"])


def test_a_number_of_childminders_leaves_one_commune(tiny_version: Version) -> None:
    con = tiny_version()
    question = Question("assistants_maternels", as_of=DAY)
    with laid_over(con, [Change("depart", DAY, commune="62001", nombre=7.0)], DAY) as (over, _):
        after = gaps(over, question).drop_duplicates("code").set_index("code")["supply"]
    assert after["62001"] == pytest.approx(105 * 28 / 35)
    assert (after["62002"], after["62003"]) == (30, 9)
    with (
        pytest.raises(RequestError, match="36 assistants maternels partiraient, il y en a 35"),
        laid_over(con, [Change("depart", DAY, commune="62001", nombre=36.0)], DAY),
    ):
        pass


def test_children_of_new_dwellings_ask_and_share(tiny_three: Con) -> None:
    homes = Change(
        "logements", DAY, commune="62002", nombre=100.0, enfants_par_logement=0.5, public="0_2"
    )
    found = what_if(
        tiny_three, Scenario("x", (homes,)),
        Question("eaje_psu", definition="custom", custom=60, as_of=DAY),
    )  # fmt: skip
    rows = found.communes.set_index("name")
    # 150 under three, 50 more; 60 places for 100 children are asked.
    assert rows.loc["Bourg", ["public_before", "public_after", "need_more"]].tolist() == [
        150, 200, 30,
    ]  # fmt: skip
    assert rows["supply_more"].tolist() == [0, 0, 0]
    # As many places for more children: all are still shared out, and those of before lose.
    whole = found.territory
    assert whole["reached_after"] == pytest.approx(whole["reached_before"])
    assert (rows["reached_more"] <= 0).all()
    assert rows.loc["Bourg", "reached_more"] == pytest.approx(
        rows.loc["Bourg", "reached_after"] * 150 / 200 - rows.loc["Bourg", "reached_before"]
    )
    with laid_over(tiny_three, [homes], DAY) as (over, _):
        counts = dict(over.execute("SELECT public, amount FROM public_count "
            "WHERE code = '62002'").fetchall())  # fmt: skip
    assert counts["3_mois_2"] == pytest.approx(200 * 33 / 36)
    assert counts["0_5"] == pytest.approx(350)  # 250 for 0-4, 50 of 5-9: 300, and the fifty
    assert counts["tous"] == 3050


def test_children_foreseen_by_year_hold_from_their_year_on(tiny_three: Con) -> None:
    rows = [("62002", 2025, 160.0), ("62002", 2027, 120.0), ("62001", 2026, None)]
    changes = foreseen(pd.DataFrame(rows, columns=["code", "year", "amount"]))
    assert len(changes) == 2
    for day, told in ((date(2024, 6, 1), 150), (DAY, 160), (date(2027, 6, 1), 120)):
        with laid_over(tiny_three, changes, day) as (over, _):
            counts = dict(over.execute("SELECT public, amount FROM public_count "
                "WHERE code = '62002'").fetchall())  # fmt: skip
        assert counts["0_2"] == told


def test_a_target_is_as_if_it_were_voted(tiny_three: Con) -> None:
    aim = Change("objectif", DAY, service="eaje_psu", nombre=60.0)
    found = what_if(
        tiny_three, Scenario("x", (aim,)), Question("eaje_psu", definition="voted", as_of=DAY)
    )
    rows = found.communes.set_index("name")
    assert rows.loc["Aval", "need_after"] == pytest.approx(180)
    assert pd.isna(rows.loc["Aval", "need_before"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change("fermer", DAY, etablissement="E9"), "l'établissement « E9 » n'existe pas"),
        (Change("agrandir", DAY, etablissement="E3", places=-11.0), "moins de zéro place"),
        (Change("agrandir", DAY, etablissement="S3", jour="soir", places=1.0), "pas de places"),
        (replace(TWELVE, commune="99999"), "la commune 99999 n'est pas connue"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(tiny_four: Con, change: Change, told: str) -> None:
    with pytest.raises(RequestError, match=told), laid_over(tiny_four, [change], DAY):
        pass


def test_a_change_before_any_known_supply_is_refused_with_that_day(tiny_four: Con) -> None:
    since = supply_since(tiny_four)
    assert since is not None
    early = replace(TWELVE, date=since - timedelta(days=1))
    question = Question("eaje_psu", as_of=DAY)
    with pytest.raises(RequestError, match="précède l'offre connue"):
        what_if(tiny_four, Scenario("x", (early,)), question)
    what_if(tiny_four, Scenario("x", (replace(TWELVE, date=since),)), question)


def test_the_commune_that_moves_the_most_is_told_first_named_or_not(tiny_three: Con) -> None:
    question = Question("eaje_psu", definition="custom", custom=20, as_of=DAY)

    def sentence(commune: str, places: float) -> str:
        change = replace(TWELVE, commune=commune, places=places)
        found = what_if(tiny_three, Scenario("x", (change,)), question, minutes=20)
        return as_typed(said(found, toponyms_of(tiny_three)))

    # Aval has two thirds of the children: whatever opens there, they gain the most of it.
    assert "l'écart local d'Aval passe de « il manque 10 places »" in sentence("62001", 1000)
    # Clos has 27 of 477 children: what opens there goes to a neighbour, whose own gap stays.
    assert "à Clos en janvier 2026, l'écart local d'Aval ne change pas" in sentence("62003", 12)


def test_the_version_is_left_as_it_was(tiny_four: Con) -> None:
    before = establishments(tiny_four, DAY)
    answers_with(tiny_four, TWELVE)
    assert_frame_equal(establishments(tiny_four, DAY), before)


def test_crèches_are_measured_by_a_need_that_they_do_not_move(tiny_four: Con) -> None:
    asked = usual_question(tiny_four, Scenario("x", (TWELVE,)), date(2025, 1, 1))
    assert (asked.service, asked.definition, asked.as_of) == ("eaje", "reference_nat", DAY)


PLACES = ("62001", "62002", "62003")
OPENINGS = st.lists(st.tuples(st.sampled_from(PLACES), st.integers(1, 40)), min_size=1, max_size=3)


def _never_lowers(con: Con, openings: list[tuple[str, int]]) -> None:
    question = Question("eaje_psu", definition="custom", custom=60, as_of=DAY)
    scenario = Scenario(
        "x",
        tuple(
            replace(TWELVE, etablissement=f"N{n}", commune=code, places=float(places))
            for n, (code, places) in enumerate(openings)
        ),
    )
    found = what_if(con, scenario, question)
    rows = found.communes
    assert (rows["supply_more"] >= 0).all()
    assert (rows["reached_more"] >= -1e-9).all()
    assert found.territory["reached_more"] == pytest.approx(sum(p for _, p in openings))


@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(OPENINGS)
def test_adding_never_lowers(tiny_three: Con, openings: list[tuple[str, int]]) -> None:
    _never_lowers(tiny_three, openings)


@pytest.mark.campaign
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(OPENINGS)
def test_adding_never_lowers_whatever_is_added(
    tiny_three: Con, openings: list[tuple[str, int]]
) -> None:
    _never_lowers(tiny_three, openings)


def test_what_a_scenario_leaves_as_it_was_is_never_read(tiny_four: Con) -> None:
    question = Question("eaje", as_of=DAY).settled()
    with laid_over(tiny_four, (TWELVE,), DAY) as (over, _):
        whole = answered(over, question)
    with laid_over(tiny_four, (TWELVE,), DAY, unread=UNREAD) as (over, _):
        for table in UNREAD:
            over.execute(f"CREATE VIEW memory.main.{table} AS SELECT error('it was read') AS code")
            with pytest.raises(duckdb.InvalidInputException, match="it was read"):
                over.execute(f"FROM {table}").fetchall()
        assert_frame_equal(answered(over, question), whole, check_exact=True)


def test_what_helps_a_statement_is_made_before_it_and_nothing_else() -> None:
    steps = [
        step_of("CREATE MACRO double(x) AS 2 * x;"),
        step_of("SET VARIABLE most = (SELECT max(n) FROM kept);"),
        step_of("CREATE TEMP TABLE near AS SELECT double(n) AS n FROM first;  -- not of second"),
        step_of("CREATE TABLE kept AS FROM near WHERE n < getvariable('most');"),
        step_of("CREATE TABLE other AS FROM kept;"),
    ]
    assert [step.made for step in steps] == ["double", "most", "near", "kept", "other"]
    assert [step.stays for step in steps] == [False, False, False, True, True]
    assert helpers(steps, 3) == {0, 1, 2}
    assert helpers(steps, 4) == set()
    assert "second" not in steps[2].words
