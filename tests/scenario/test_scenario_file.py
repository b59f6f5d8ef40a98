"""A file of scenarios: what is read of it, what is refused and where, and its store."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import RequestError
from observatory.scenario import scenario_store
from observatory.scenario.money_of_scenario import NO_BONUS, money
from observatory.scenario.scenario_change import Amount, Change, Scenario
from observatory.scenario.scenario_file import read_scenarios, rows_of, scenarios_of
from observatory.scenario.scenario_link import from_link, to_link
from observatory.scenario.scenario_readers import ScenarioReading
from observatory.scenario.scenario_rows import scenario_contract
from observatory.workbook.template import write_files

HEADING = (
    "scenario;changement;date;service;etablissement;statut;commune;longitude;latitude;places;jour;"
    "nombre;part;enfants_par_logement;public;cofinance;source"
)
DAY = date(2027, 9, 1)
CRECHE = Change(
    "ouvrir", DAY, service="eaje_psu", etablissement="Neuf", statut="public", commune="62002",
    longitude=2.8, latitude=50.3, places=12.0, cofinance=True, source="Projet",
)  # fmt: skip
EVERY = Scenario(
    "Tout",
    (
        CRECHE,
        Change("agrandir", DAY, etablissement="Neuf", places=-2.0),
        Change("fermer", DAY, etablissement="E3"),
        Change("deplacer", DAY, etablissement="E1", commune="62003"),
        Change("depart", DAY, part=30.0),
        Change("depart", DAY, commune="62001", nombre=3.0),
        Change("enfants", DAY, commune="62001", nombre=310.0, public="0_2"),
        Change(
            "logements", DAY, commune="62001", nombre=80.0, enfants_par_logement=0.2, public="0_2"
        ),
        Change("objectif", DAY, service="eaje", nombre=40.0),
    ),
    "De quoi tout dire.",
    (Amount("bonus_territoire", 3100.0, "2025", "Caf"),),
    True,
)


@pytest.fixture
def known() -> ScenarioReading:
    return ScenarioReading(
        communes={"62001": "Aval", "62002": "Bourg", "62003": "Clos"},
        establishments={"E1": "eaje_psu", "E3": "eaje_psu", "S3": "alsh"},
    )


@pytest.mark.parametrize("name", ["s.xlsx", "s.csv"])
def test_what_is_written_is_read_back(tmp_path: Path, known: ScenarioReading, name: str) -> None:
    files = write_files(scenario_contract(), tmp_path / name, rows_of([EVERY]))
    assert read_scenarios(files, known) == [EVERY]
    assert scenarios_of(rows_of([EVERY])) == [EVERY]


def test_a_file_of_changes_alone_is_a_scenario(tmp_path: Path, known: ScenarioReading) -> None:
    file = tmp_path / "s.csv"
    file.write_text(
        "scenario;changement;date;service;commune;places\nA;Ouvrir;01/09/2027;eaje_psu;Bourg;12\n",
        encoding="utf-8",
    )
    assert read_scenarios([file], known) == [
        Scenario("A", (Change("ouvrir", DAY, "eaje_psu", commune="62002", places=12.0),))
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("A;bâtir;2027-09-01;;;;;;;;;;;;;;", "changement.*n'est pas un changement"),
        ("A;ouvrir;;eaje_psu;;;62002;;;12;;;;;;;", "date.*la cellule est vide"),
        ("A;ouvrir;2027-09-01;;;;62002;;;12;;;;;;;", "service.*Choisir un service"),
        ("A;ouvrir;2027-09-01;eaje_psu;;;62002;;;;;;;;;;", "places.*Écrire un nombre de places"),
        ("A;ouvrir;2027-09-01;eaje_psu;;;62002;;;-3;;;;;;;", "au moins une place"),
        ("A;ouvrir;2027-09-01;eaje_psu;;;75056;;;12;;;;;;;", "n'est pas une commune du territoire"),
        ("A;ouvrir;2027-09-01;eaje_psu;;;Bourk;;;12;;;;;;;", "Vouliez-vous dire : Bourg"),
        ("A;ouvrir;2027-09-01;eaje_psu;;;62002;2,8;;12;;;;;;;", "il manque la latitude"),
        ("A;ouvrir;2027-09-01;alsh;;;62002;;;12;;;;;;;", "s'offre par type de jour"),
        ("A;ouvrir;2027-09-01;eaje_psu;E1;;62002;;;12;;;;;;;", "est déjà un établissement"),
        ("A;ouvrir;2027-09-01;assistants_maternels;;;62002;;;12;;;;;;;", "service.*privée"),
        ("A;fermer;2027-09-01;;E4;;;;;;;;;;;;", "n'est pas un établissement connu. Écrire"),
        ("A;fermer;2027-09-01;;E1;;;;;12;;;;;;;", "places.*ne se sert pas de cette colonne"),
        ("A;depart;2027-09-01;;;;;;;;;;;;;;", "en nombre ou en part"),
        ("A;depart;2027-09-01;;;;;;;;;3;30;;;;", "en nombre ou en part"),
        ("A;depart;2027-09-01;;;;;;;;;;130;;;;", "dépasse 100 %"),
        ("A;logements;2027-09-01;;;;62002;;;;;80;;;;;", "Écrire par exemple 0,2"),
        ("A;enfants;2027-09-01;;;;62002;;;;;80;;;lutins;;", "n'est pas une classe d'âge"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_its_line_and_how_to_mend_it(
    tmp_path: Path, known: ScenarioReading, row: str, told: str
) -> None:
    file = tmp_path / "s.csv"
    file.write_text(f"{HEADING}\n{row}\n", encoding="utf-8")
    with pytest.raises(RequestError, match=told) as caught:
        read_scenarios([file], known)
    assert "s.csv, ligne 2" in str(caught.value)


def test_a_link_holds_a_scenario_and_nothing_that_a_file_could_not(
    known: ScenarioReading,
) -> None:
    assert from_link(to_link(EVERY), known) == EVERY
    wrong = Scenario("x", (Change("ouvrir", DAY, service="eaje_psu", commune="75056", places=1.0),))
    many = Scenario("x", tuple(Change("depart", DAY, part=float(n % 100)) for n in range(201)))
    for text, told in (
        ("", "ne se lit pas"),
        ("%%%", "ne se lit pas"),
        (to_link(EVERY)[:-8], "ne se lit pas"),
        (to_link(wrong), "n'est pas une commune du territoire"),
        (to_link(many), "201 changements"),
    ):
        with pytest.raises(RequestError, match=told):
            from_link(text, known)


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    out = tmp_path / "s.csv"
    write_files(scenario_contract(), out)
    with pytest.raises(RequestError, match="aucun changement"):
        read_scenarios([out])


def test_scenarios_are_kept_replaced_marked_and_forgotten(tmp_path: Path) -> None:
    other = Scenario("Autre", (CRECHE,))
    assert scenario_store.read(tmp_path) == []
    assert scenario_store.keep(tmp_path, [EVERY, other])
    assert not scenario_store.keep(tmp_path, [EVERY, other])
    assert scenario_store.show_committee(tmp_path, "Autre", shown=True)
    assert [s.committee for s in scenario_store.read(tmp_path)] == [True, True]
    assert scenario_store.forget(tmp_path, "Tout")
    assert [s.name for s in scenario_store.read(tmp_path)] == ["Autre"]
    scenario_store.scenario_store(tmp_path).undo()
    assert [s.name for s in scenario_store.read(tmp_path)] == ["Tout", "Autre"]


def cost(change: Change, *given: Amount) -> dict[str, tuple[float | None, float | None, str]]:
    found = money(Scenario("x", (change,), "", given), {"E1": "eaje_psu"})
    return {m.amount: (m.low, m.high, m.why) for m in found}


def test_money_by_hand_and_the_bonus_only_where_it_is_due() -> None:
    found = cost(CRECHE)
    assert found["bonus_territoire"] == (31_200, 43_200, "")  # 12 × 2 600, 12 × 3 600
    assert found["fonctionnement"] == (-192_000, -192_000, "")
    assert found["construction"][:2] == (-411_744, -411_744)
    assert found["aide_investissement"][:2] == (88_800, 312_000)
    alone = cost(Change("ouvrir", DAY, service="eaje_psu", commune="62002", places=12.0))
    assert alone["bonus_territoire"][0] is None
    assert NO_BONUS in alone["bonus_territoire"][2]
    paje = cost(
        Change("ouvrir", DAY, service="eaje_hors_psu", commune="62002", places=12.0, cofinance=True)
    )
    assert paje["bonus_territoire"] == (None, None, "pas de bonus territoire")
    # What the planner gives takes the place of what is published; 80 % of a cheaper place at most.
    own = cost(CRECHE, Amount("bonus_territoire", 3_100.0), Amount("construction", 10_000.0))
    assert own["bonus_territoire"][:2] == (37_200, 37_200)
    assert own["aide_investissement"][:2] == (88_800, 96_000)
    assert cost(Change("fermer", DAY, etablissement="E1")) == {}
