"""The example plans of the named territories: marked, whole, followed by the method of today."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from fixtures.versions import make_settings
from plan_files import ACTION, book
from typer.testing import CliRunner

from observatory.commands.main import app
from observatory.knowledge.convention import known_conventions
from observatory.knowledge.territory import presets
from observatory.plan import plan_store
from observatory.plan.followed_plan import followed_plan
from observatory.plan.indicator_standing import indicator_standing
from observatory.plan.plan_check import check
from observatory.plan.plan_followup import observations
from observatory.plan.plan_frames import plan_frame
from observatory.plan.plan_rows import plan_contract
from observatory.plan.territory_plan import example_folder, territory_plan
from observatory.settings import ROOT, Settings
from observatory.workbook.template import write_files
from tests.plan_examples import DAYS, example_register

RAW = ROOT / "data" / "raw"
Con = duckdb.DuckDBPyConnection


def territory(key: str) -> tuple[str | None, tuple[str, ...]]:
    """SIREN and communes of a named territory, as a version knows them."""
    request = presets()[key]
    return (request.codes[0], ()) if request.kind == "epci" else (None, request.codes)


@pytest.mark.parametrize("key", presets())
def test_every_named_territory_has_an_example_that_the_check_accepts(
    tmp_path: Path, key: str
) -> None:
    plan = territory_plan(tmp_path, RAW, *territory(key))
    assert plan.example == example_folder(RAW, *territory(key))
    out = tmp_path / "plan.xlsx"
    write_files(plan_contract(), out, dict(plan.tables))
    found = check([out])
    assert found.errors == []
    assert {t.sheet.name: t.accepted for t in found.tables if t.accepted} == plan.tables
    actions = plan_frame(plan.tables, "actions")
    assert actions["demonstration"].all()
    assert actions["description"].str.contains("Exemple de démonstration").all()
    assert len(plan_frame(plan.tables, "indicateurs")) > 0


@pytest.mark.parametrize("key", ["arras", "latitude-nord-gironde", "grand-montauban"])
def test_the_axes_of_an_example_are_those_of_its_convention(tmp_path: Path, key: str) -> None:
    siren, _ = territory(key)
    plan = territory_plan(tmp_path, RAW, siren, ())
    (convention,) = [c for c in known_conventions() if c.holds(siren, ())]
    assert set(plan_frame(plan.tables, "actions")["axe"]) == set(convention.axes)


def test_a_territory_without_a_name_has_no_example(tmp_path: Path) -> None:
    assert territory_plan(tmp_path, RAW, "200000001", ("62001",)).tables == {}
    assert territory_plan(tmp_path, RAW, None, ("42186", "62041")).tables == {}


def test_a_plan_of_ones_own_takes_the_place_of_the_example(tmp_path: Path) -> None:
    plan_store.load(tmp_path, check([book(tmp_path / "p.xlsx", actions=[ACTION])]))
    plan = territory_plan(tmp_path, RAW, *territory("arras"))
    assert (plan.example, [r[0] for r in plan.tables["actions"]]) == (None, ["A1"])


def test_one_example_is_followed_from_its_baseline_to_its_target(
    embedded: Con, tmp_path: Path
) -> None:
    plan = followed_plan(embedded, tmp_path, RAW)
    assert plan.is_example
    at = [0, 1, 2, 3, 4, 9]  # the version's stamp and census are of the day it was made
    again = example_register(embedded, RAW, tmp_path)
    assert [[r[n] for n in at] for r in plan.register] == [[r[n] for n in at] for r in again], (
        "l'exemple se refait par « python -m tests.plan_examples »"
    )
    standing = indicator_standing(plan.tables, plan.register, DAYS[-1]).set_index("indicator")
    row = standing.loc["EF-2-a"]
    assert (row["baseline"], row["value"], row["target"]) == (842.0, 850.0, 900.0)
    assert row["share"] == pytest.approx(8 / 58)
    assert (row["broken"], row["reached"], row["demonstration"]) == (False, False, True)
    before = indicator_standing(plan.tables, plan.register, DAYS[0]).set_index("indicator")
    assert before.loc["EF-2-a", "value"] == 854.0


def test_a_version_of_a_named_territory_shows_its_example_as_a_demonstration(
    embedded: Con,
) -> None:
    found = embedded.execute("SELECT count(*), bool_and(demonstration) FROM action").fetchall()
    assert found == [(7, True)]


def test_an_example_is_never_observed_nor_exported(
    embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, processed_dir=embedded_settings.processed_dir)
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)
    shown = CliRunner().invoke(app, ["plan", "show"]).output
    assert "Plan de démonstration" in shown
    assert "EF-2 · Développer les places de crèche · En cours" in shown
    assert "Places de crèche du territoire, en places : départ 842 (31/12/2022)" in shown
    assert "cible 900 (31/12/2026) ; dernière valeur 850 (31/12/2025)" in shown
    assert "aucun plan d'actions" in str(CliRunner().invoke(app, ["plan", "export"]).exception)
    assert observations(settings.census_dir) == []
    assert not settings.census_dir.exists()
