"""The commands of a plan: a whole round, and nothing loaded by halves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import python_calamine
from click.testing import Result
from fixtures.versions import make_settings
from plan_files import ACTION, SECOND, action, book, bound, typed
from typer.testing import CliRunner

from observatory.commands.main import app
from observatory.errors import RequestError
from observatory.plan import plan_store
from observatory.plan.plan_check import check
from observatory.plan.plan_rows import plan_contract
from observatory.settings import Settings
from observatory.stores.audit import audit
from observatory.stores.generation import StoreError

Command = Callable[..., Result]
WHOLE = {
    "actions": [action(services="eaje ; rpe", communes="62001 ; 62002", public="oui"), SECOND],
    "etapes": [{"action": "A1", "etape": "=1+1", "echeance": "2025-06-30", "faite_le": ""}],
    "financements": [
        {"action": "A1", "financeur": "Caf", "annee": 2025, "montant_euros": "1 250 000,50 €"}
    ],
    "indicateurs": [bound(), typed()],
    "releves": [{"indicateur": "I2", "date": "2025-09-01", "valeur": 140, "source": "Comptage"}],
    "suivi": [{"action": "A2", "date": "2025-01-01", "note": "Un « point » ; fait."}],
    "instances": [{"nom": "Comité de pilotage", "role": "Décide"}],
    "reunions": [
        {"instance": "Comité de pilotage", "date": "2025-02-01", "decision": "Oui", "action": "A1"}
    ],
    "contributions": [{"date": "2025-05-17", "origine": "Jeunes", "contribution": "Un lieu"}],
    "priorites": [{"rang": 1, "services": "eaje", "communes": "62001", "raison": "=fermeture"}],
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = make_settings(tmp_path)
    monkeypatch.setattr(Settings, "from_env", lambda *_: made)
    return made


@pytest.fixture
def run(settings: Settings) -> Command:
    return lambda *typed: CliRunner().invoke(app, ["plan", *map(str, typed)])


def test_template_check_load_export_and_load_again_go_round(
    tmp_path: Path, settings: Settings, run: Command
) -> None:
    empty = tmp_path / "modele.xlsx"
    assert run("template", "--out", empty).exit_code == 0
    names = python_calamine.CalamineWorkbook.from_path(empty).sheet_names
    assert names[:2] == ["Actions", "Étapes"]
    assert len(names) == 12
    path = book(tmp_path / "plan.xlsx", **WHOLE)
    told = run("check", path)
    assert (told.exit_code, "12 lignes lues, 12 acceptées" in told.output) == (0, True)
    assert plan_store.read(settings.census_dir) == {}
    told = run("load", path, "--no-refresh", "--who", "coordination", "--why", "vote")
    assert (told.exit_code, "Plan d'actions rangé" in told.output) == (0, True)
    kept = plan_store.read(settings.census_dir)
    assert kept.keys() == WHOLE.keys()
    for name in ("plan.xlsx", "plan.csv"):
        out = tmp_path / "sortie" / name
        out.parent.mkdir(exist_ok=True)
        assert run("export", "--out", out).exit_code == 0
        again = run("load", *sorted(out.parent.glob(f"*{out.suffix}")), "--no-refresh")
        assert (again.exit_code, "rien n'a changé" in again.output) == (0, True)
    assert plan_store.read(settings.census_dir) == kept
    history = run("history").output
    assert ("chargement · coordination · vote" in history, history.count("\n")) == (True, 1)


def test_what_looks_like_a_formula_stays_text_in_every_file(
    tmp_path: Path, settings: Settings, run: Command
) -> None:
    formula = '=HYPERLINK("http://exemple.fr")'
    script = "<script>alert(1)</script>"
    path = book(tmp_path / "plan.xlsx", actions=[action(titre=formula, theme=script)])
    assert run("load", path, "--no-refresh").exit_code == 0
    out = tmp_path / "sortie.csv"
    run("export", "--out", out)
    assert f"'{formula}".replace('"', '""') in out.read_text(encoding="utf-8-sig")
    sheet = plan_contract().sheet("actions")
    (row,) = plan_store.read(settings.census_dir)["actions"]
    assert row[sheet.stored.index("titre")] == formula
    assert row[sheet.stored.index("theme")] == script


def test_a_file_without_a_row_loads_nothing_and_says_so(
    tmp_path: Path, settings: Settings, run: Command
) -> None:
    told = run("load", book(tmp_path / "plan.xlsx", actions=[]))
    assert (told.exit_code, "ne contient aucune ligne" in told.output) == (1, True)
    assert not settings.census_dir.exists()


def test_one_wrong_row_stops_the_whole_load(
    tmp_path: Path, settings: Settings, run: Command
) -> None:
    path = book(tmp_path / "plan.xlsx", actions=[ACTION, action(identifiant="A3", statut="fini")])
    told = run("load", path)
    assert (told.exit_code, "Rien n'est chargé" in told.output) == (1, True)
    assert "ligne 3, colonne « statut »" in told.output
    assert not settings.census_dir.exists()


def test_a_sheet_of_the_file_replaces_its_own_and_leaves_the_others(
    tmp_path: Path, settings: Settings, run: Command
) -> None:
    assert run("load", book(tmp_path / "plan.xlsx", **WHOLE), "--no-refresh").exit_code == 0
    only = book(
        tmp_path / "suite.xlsx", etapes=[{"action": "A2", "etape": "Date choisie"}], suivi=[]
    )
    assert run("load", only, "--no-refresh").exit_code == 0
    kept = plan_store.read(settings.census_dir)
    assert [row[1] for row in kept["etapes"]] == ["Date choisie"]
    assert "suivi" not in kept
    assert len(kept["actions"]) == 2


def test_undo_and_redo_lead_back_and_forth(
    tmp_path: Path, settings: Settings, run: Command
) -> None:
    for lines in ([ACTION], [ACTION, SECOND]):
        assert run("load", book(tmp_path / "p.xlsx", actions=lines), "--no-refresh").exit_code == 0
    assert "1 action en place" in run("undo", "--no-refresh").output
    assert "0 action en place" in run("undo", "--no-refresh").output
    assert (
        "2 actions en place" in [run("redo", "--no-refresh"), run("redo", "--no-refresh")][1].output
    )
    assert audit(plan_store.plan_store(settings.census_dir)) == []


def test_a_plan_that_no_version_can_show_is_taken_back(
    tmp_path: Path, settings: Settings, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RequestError("la version ne peut pas être construite")

    monkeypatch.setattr("observatory.commands.rebuilding.rebuild", fail)
    told = run("load", book(tmp_path / "plan.xlsx", actions=[ACTION]))
    assert "le plan en place n'a pas changé" in str(told.exception)
    assert plan_store.read(settings.census_dir) == {}


def test_two_loads_at_once_leave_one_whole_plan(tmp_path: Path, settings: Settings) -> None:
    def load(n: int) -> None:
        own = [action(identifiant=f"A{n}-{i}") for i in range(20)]
        steps = [{"action": a["identifiant"], "etape": "Choix"} for a in own]
        path = book(tmp_path / f"plan{n}.xlsx", actions=own, etapes=steps)
        plan_store.load(settings.census_dir, check([path]))

    threads = [threading.Thread(target=load, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = plan_store.read(settings.census_dir)
    (of_action,) = {row[0].split("-")[0] for row in kept["actions"]}
    assert {row[0].split("-")[0] for row in kept["etapes"]} == {of_action}
    assert (len(kept["actions"]), len(kept["etapes"])) == (20, 20)
    assert audit(plan_store.plan_store(settings.census_dir)) == []


def test_a_sheet_checked_against_a_plan_that_went_away_is_not_loaded(
    tmp_path: Path, settings: Settings
) -> None:
    plan_store.load(settings.census_dir, check([book(tmp_path / "a.xlsx", actions=[ACTION])]))
    kept = plan_store.read(settings.census_dir)
    steps = book(tmp_path / "b.xlsx", etapes=[{"action": "A1", "etape": "Choix"}])
    checked = check([steps], kept=kept)
    plan_store.load(settings.census_dir, check([book(tmp_path / "c.xlsx", actions=[SECOND])]))
    with pytest.raises(StoreError, match="le plan a changé entre-temps"):
        plan_store.load(settings.census_dir, checked)
    assert "etapes" not in plan_store.read(settings.census_dir)


def test_an_export_without_a_plan_says_what_to_do(run: Command) -> None:
    assert "observatory plan template" in str(run("export").exception)
