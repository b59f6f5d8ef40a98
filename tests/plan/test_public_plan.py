"""What a version carries of a plan: what was marked public, and nothing of who does it."""

from __future__ import annotations

import duckdb
import pytest
import tiny
from fixtures.versions import make_settings, quiet
from plan_files import action, book, bound, typed

from observatory.answers.public_actions import ACTIONS, BESIDE, beside_actions, public_actions
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.territory import parse
from observatory.plan import plan_store
from observatory.plan.hidden_figures import tells_of_persons
from observatory.plan.plan_check import check
from observatory.plan.public_plan import PUBLIC
from observatory.settings import Settings
from observatory.versions import warehouse
from pipelines.refresh import refresh

PRIVATE = "secret-de-travail"
SHOWN = action(public="oui", pilote="Directrice secret-de-travail", structure_pilote="CCAS",
               coherence=PRIVATE, moyens=PRIVATE, debut="2024-09-01", services="eaje",
               communes="62001")  # fmt: skip
HIDDEN = action(identifiant="A2", titre=PRIVATE, axe="Autre")
PLAN = {
    "actions": [SHOWN, HIDDEN],
    "etapes": [{"action": a, "etape": e, "echeance": "2025-01-01"} for a, e in
               (("A1", "Choix"), ("A2", PRIVATE))],
    "financements": [{"action": a, "financeur": f, "annee": 2025, "montant_euros": 10.5}
                     for a, f in (("A1", "Caf"), ("A2", PRIVATE))],
    "indicateurs": [
        bound(depart="25"),
        bound(identifiant="I3", service="assistants_maternels", depart="7"),
        bound(identifiant="I4", action="A2", nom=PRIVATE),
        typed(action="A1"),
        typed(identifiant="I5", nom=PRIVATE),
    ],
    "releves": [{"indicateur": i, "date": "2025-09-01", "valeur": 140, "source": s}
                for i, s in (("I2", "Comptage"), ("I5", PRIVATE))],
    "suivi": [{"action": a, "date": "2025-01-01", "note": n, "public": p} for a, n, p in
              (("A1", "Ouvert.", "oui"), ("A1", PRIVATE, "non"), ("A2", PRIVATE, "oui"))],
    "instances": [{"nom": PRIVATE, "role": PRIVATE}],
    "contributions": [{"date": "2025-05-17", "origine": "Jeunes", "contribution": PRIVATE}],
    "priorites": [
        {"rang": 1, "services": "eaje", "raison": "Deux crèches ferment.", "public": "oui"},
        {"rang": 2, "services": "rpe", "raison": PRIVATE, "instance": PRIVATE},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def with_plan(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The tiny territory, its plan loaded: to be read."""
    folder = tmp_path_factory.mktemp("plan")
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    checked = check([book(folder / "plan.xlsx", **PLAN)])
    assert checked.errors == []
    assert plan_store.load(settings.census_dir, checked)
    refresh(settings, parse(tiny.ABC), quiet)
    return settings


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def test_a_version_carries_the_public_part_of_a_plan(with_plan: Settings) -> None:
    with warehouse.in_service(with_plan) as con:
        found = {table: count(con, table) for table in PUBLIC}
        assert found == {
            "action": 1, "action_step": 1, "action_funding": 1, "indicator": 3,
            "indicator_reading": 1, "action_note": 1, "committee_priority": 1,
        }  # fmt: skip
        row = con.execute(
            "SELECT id, structure, services, communes, first_day::TEXT, status, demonstration "
            "FROM action"
        ).fetchall()
        assert row == [("A1", "CCAS", "eaje", "62001", "2024-09-01", "a_venir", False)]
        assert con.execute("SELECT year, euros FROM action_funding").fetchall() == [(2025, 10.5)]


def test_no_byte_of_a_version_holds_what_was_not_marked_public(with_plan: Settings) -> None:
    with warehouse.in_service(with_plan) as con:
        tables = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        for (table,) in tables:
            rows = con.execute(f'SELECT * FROM "{table}"').fetchall()
            assert PRIVATE not in str(rows), table
    path = with_plan.processed_dir / warehouse.current(with_plan.processed_dir)
    assert PRIVATE.encode() not in path.read_bytes()


def test_a_baseline_that_may_tell_of_persons_is_not_carried(with_plan: Settings) -> None:
    with warehouse.in_service(with_plan) as con:
        found = dict(con.execute("SELECT id, baseline FROM indicator ORDER BY id").fetchall())
    assert found == {"I1": 25.0, "I2": 100.0, "I3": None}


def test_services_whose_figures_may_be_masked_are_known() -> None:
    names = nomenclature().services
    masked = {i for i, s in names.items() if s.masked_below}
    assert masked
    for id_, service in names.items():
        touched = masked & {id_, service.public, *service.parts}
        assert tells_of_persons(id_) or not touched
    assert not tells_of_persons("eaje_psu")


def test_a_version_without_a_plan_has_empty_tables(tiny_three: duckdb.DuckDBPyConnection) -> None:
    assert {count(tiny_three, table) for table in PUBLIC} == {0}


def test_pages_ask_the_actions_of_a_version_or_of_one_commune(with_plan: Settings) -> None:
    with warehouse.in_service(with_plan) as con:
        assert public_actions(con)["id"].tolist() == ["A1"]
        assert public_actions(con, "62001")["id"].tolist() == ["A1"]
        assert public_actions(con, "62002").empty
        assert {t: len(beside_actions(con, t)) for t in BESIDE} == {
            "action_step": 1, "action_funding": 1, "indicator": 3, "indicator_reading": 1,
            "action_note": 1, "committee_priority": 1,
        }  # fmt: skip
        assert {t: list(c) for t, (_, c) in PUBLIC.items()} == {"action": ACTIONS, **BESIDE}


def test_a_version_older_than_plans_has_no_action() -> None:
    with duckdb.connect() as con:
        assert public_actions(con, "62001").empty
        assert [list(beside_actions(con, t).columns) for t in BESIDE] == list(BESIDE.values())
