"""What the figures say: by rule, beside the département at the same dates, and never why."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import Any

import duckdb
import pandas as pd
import pytest
from fixtures.versions import Con

from observatory.french.vocabulary import MASKED, UNKNOWN
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.figures_said import RULE, TYPED, aimed, beside, here
from observatory.plan.indicator_binding import Binding
from observatory.plan.meanwhile import Meanwhile, meanwhile
from observatory.plan.plan_words import bound_measures
from pipelines.macros import ANSWERS

CAUSES = re.compile(
    r"\b(grâce|permis|effet|impact|parce|dû|due|cause|résulte|entraîn|favoris)", re.I
)
START, NOW = date(2021, 12, 31), date(2023, 12, 31)


def row(**changes: Any) -> dict[str, Any]:
    told = {
        "baseline": 850.0, "baseline_day": pd.Timestamp("2021-12-31"), "value": 862.0,
        "value_day": pd.Timestamp("2023-12-31"), "target": 900.0,
        "target_day": pd.Timestamp("2026-12-31"), "state": "", "broken": False, "share": 0.24,
        "reached": False, "overdue": False, "demonstration": False,
    }  # fmt: skip
    return {**told, **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "De 850 (le 31/12/2021) à 862 (le 31/12/2023), soit +12. Cible : 900 (le 31/12/2026), "
             "pas encore atteinte, 24\u00a0% du chemin."),
        ({"value": 840.0, "share": -0.2}, "soit −10. Cible"),
        ({"value": 840.0, "share": -0.2}, "pas encore atteinte, s'éloigne de la cible."),
        ({"value": 850.0, "share": 0.0}, "soit aucun changement. Cible"),
        ({"value": 0.0, "baseline": 0.5}, "De 0,5 (le 31/12/2021) à 0 (le 31/12/2023), soit −0,5."),
        ({"reached": True, "share": 1.1}, "Cible : 900 (le 31/12/2026), atteinte."),
        ({"overdue": True}, "échéance passée, non atteinte"),
        ({"target": None, "reached": None, "share": None}, "soit +12."),
        ({"value": None, "state": MASKED}, f"Valeur d'aujourd'hui : {MASKED}."),
        ({"value": None, "state": ""}, f"Valeur d'aujourd'hui : {UNKNOWN}."),
        ({"baseline": None, "reached": None, "share": None}, "sans départ, aucun chemin n'est dit"),
        ({"baseline": None, "baseline_masked": True}, f"départ {MASKED}"),
        ({"broken": True}, "la méthode a changé, aucune comparaison"),
        ({"demonstration": True}, "Exemple de démonstration."),
    ],
)  # fmt: skip
def test_an_indicator_is_told_from_its_baseline_to_its_value(
    changes: dict[str, Any], said: str
) -> None:
    one = row(**changes)
    assert said in f"{here(one)} {aimed(one)}"


def test_no_progress_is_told_over_a_break_of_method() -> None:
    one = row(broken=True)
    told = f"{here(one)} {aimed(one)}"
    assert "soit" not in told
    assert "%" not in told


def test_nothing_says_that_an_action_did_it() -> None:
    values = {
        "value": (862.0, 800.0, 850.0, None), "baseline": (850.0, None), "broken": (True, False),
        "reached": (True, False, None), "overdue": (True, False),
    }  # fmt: skip
    for chosen in product(*values.values()):
        one = row(**dict(zip(values, chosen, strict=True)))
        assert not CAUSES.search(f"{here(one)} {aimed(one)}")
    assert not CAUSES.search(RULE)


# ---------------------------------------------------------------- the département meanwhile


def published(*rates: tuple[str, str, int, float | None], deps: str = "62") -> Any:
    """A version that knows published rates alone: level, code, year, rate."""
    con = duckdb.connect()
    con.execute("CREATE TABLE territory AS SELECT 'epci' AS kind")
    con.execute("CREATE TABLE commune (code TEXT, dep TEXT, inside BOOLEAN)")
    for n, dep in enumerate(deps.split()):
        con.execute("INSERT INTO commune VALUES (?, ?, true)", [f"{dep}00{n}", dep])
    con.execute(
        "CREATE TABLE published_rate (level TEXT, code TEXT, service TEXT, year INT, rate DOUBLE)"
    )
    for level, code, year, rate in rates:
        con.execute(
            "INSERT INTO published_rate VALUES (?, ?, 'eaje', ?, ?)", [level, code, year, rate]
        )
    con.execute(
        "CREATE MACRO published_as_of(d, wanted) AS TABLE SELECT NULL::TEXT AS code, year, rate "
        "FROM published_rate WHERE level = 'epci' AND service = wanted QUALIFY row_number() OVER "
        "(ORDER BY year > year(d), abs(year - year(d))) = 1"
    )
    return con


OWN = (("epci", "E", 2021, 20.0), ("epci", "E", 2023, 25.0))
RATE = Binding("eaje", "taux_publie")


def test_the_departement_stands_beside_with_the_same_years() -> None:
    con = published(
        *OWN, ("dep", "62", 2021, 14.2), ("dep", "62", 2022, 99.0), ("dep", "62", 2023, 14.5)
    )
    found = meanwhile(con, RATE, START, NOW)
    assert found == Meanwhile("62", 14.2, 14.5, 2021, 2023)
    told = beside(found)
    assert "de 14,2 en 2021 à 14,5 en 2023, soit +0,3." in told
    assert told.startswith("Pas-de-Calais (62)")


@pytest.mark.parametrize(
    ("rates", "deps", "bound", "why"),
    [
        ((*OWN, ("dep", "62", 2023, 14.5)), "62", RATE, "n'est pas publié pour 2021"),
        ((*OWN, ("dep", "62", 2021, None), ("dep", "62", 2023, 14.5)), "62", RATE, "pour 2021"),
        ((("epci", "E", 2023, 25.0), ("dep", "62", 2023, 14.5)), "62", RATE,
         "une seule année est publiée, 2023"),
        ((), "62", RATE, "le taux du territoire n'est pas publié"),
        (OWN, "62 59", RATE, "le territoire est sur plusieurs départements"),
        (OWN, "62", Binding("eaje", "taux_publie", codes=("62000", "62001")),
         "ne s'additionne pas"),
    ],
)  # fmt: skip
def test_where_the_departement_is_not_known_it_says_why_not(
    rates: Any, deps: str, bound: Binding, why: str
) -> None:
    told = beside(meanwhile(published(*rates, deps=deps), bound, START, NOW))
    assert UNKNOWN in told.lower()
    assert why.lower() in told.lower()


def test_the_embedded_version_knows_one_year_of_the_departement(embedded: Con) -> None:
    found = meanwhile(embedded, RATE, START, NOW)
    assert (found.departement, found.why) == ("62", "une seule année est publiée, 2023")


def test_every_other_measure_of_every_service_says_why_not() -> None:
    con = published(*OWN, ("dep", "62", 2021, 14.2), ("dep", "62", 2023, 14.5))
    for service, measure in product(nomenclature().services, bound_measures()):
        if measure != "taux_publie":
            told = beside(meanwhile(con, Binding(service, measure), START, NOW))
            assert told.startswith("Inconnu (du département, seul le taux publié par la Caf")
    assert TYPED in beside(Meanwhile(why=TYPED))


def test_each_measure_is_followed_through_macros_that_answer() -> None:
    """Of one that no file has, a change of method would never be told."""
    named = {root for measure in bound_measures().values() for root in measure.roots}
    assert named <= {file.stem for file in ANSWERS.glob("*.sql")}
