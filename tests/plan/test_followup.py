"""The register of the plan's figures: evidence that is kept, and never passed off as progress."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
import tiny
from fixtures.versions import make_settings, publish_first, quiet
from generated import at_every_run
from plan_files import ACTION, SECOND, action, book, bound, typed
from typer.testing import CliRunner

from observatory.commands.main import app
from observatory.knowledge.territory import parse
from observatory.plan import plan_store
from observatory.plan.figure_method import method_of
from observatory.plan.indicator_binding import Binding
from observatory.plan.observation import observe
from observatory.plan.plan_check import check
from observatory.plan.plan_followup import (
    FOLLOWED,
    START,
    follow_up,
    observations,
    register_frame,
    register_store,
    series_of,
)
from observatory.settings import Settings
from observatory.stores.audit import audit
from observatory.versions import warehouse
from observatory.workbook.results import Rows
from pipelines.refresh import refresh

END_2021, END_2023 = date(2021, 12, 31), date(2023, 12, 31)
Con = duckdb.DuckDBPyConnection
RATE = Binding("eaje", "taux")


def plan(folder: Path, *indicators: dict[str, object]) -> dict[str, Rows]:
    """The tables of a plan whose first action has these indicators."""
    path = book(folder / "plan.xlsx", actions=[ACTION, SECOND], indicateurs=list(indicators))
    found = check([path])
    assert found.errors == []
    return {name: found.rows(name) for name in ("actions", "indicateurs")}


def register(folder: Path) -> list[tuple[str, str, float | None, str]]:
    """What is kept: kind, day, value, state."""
    frame = register_frame(observations(folder)).to_dict("records")
    return [
        (r["genre"], f"{r['date']:%Y-%m-%d}", None if r["valeur"] != r["valeur"] else r["valeur"],
         r["etat"])
        for r in frame
    ]  # fmt: skip


def other_method(con: Con, folder: Path) -> Con:
    """The same version, whose rate is computed otherwise, to the same result."""
    (path,) = con.execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchone()
    copy = Path(shutil.copy(path, folder / "autre.duckdb"))
    copy.chmod(0o644)
    changed = duckdb.connect(str(copy))
    parameters, text = changed.execute(
        "SELECT parameters, macro_definition FROM duckdb_functions() "
        "WHERE function_name = 'rate_of'"
    ).fetchone()
    changed.execute(f"CREATE OR REPLACE MACRO rate_of({', '.join(parameters)}) AS ({text}) + 0.0")
    return changed


# By hand, at the end of 2021 then of 2023: 50 + 20 + 12, 50 + 10 + 12 places; 477 under three.
@pytest.mark.parametrize(
    ("figure", "first", "last"),
    at_every_run(
        4,
        [
            (Binding("eaje", "taux", codes=("62001", "62002")), 8200 / 450, 7200 / 450),
            (Binding("eaje", "ecart", definition="reference_nat"), 82 - 0.18 * 477, 72 - 0.2 * 477),
            (Binding("alsh", "offre", day_type="mercredi"), 98.0, 80.0),
            (Binding("eaje", "offre", codes=("62999",)), None, None),
            (Binding("eaje", "offre"), 82.0, 72.0),
            (RATE, 8200 / 477, 7200 / 477),
            (Binding("eaje", "offre", codes=("62002",)), 12.0, 22.0),
            (Binding("eaje", "enfants"), 477.0, 477.0),
            (Binding("eaje", "ecart", definition="voted"), None, None),
        ],
    ),
)
def test_a_bound_figure_is_the_one_that_the_pages_show(
    tiny_three: Con, figure: Binding, first: float | None, last: float | None
) -> None:
    for day, value in ((END_2021, first), (END_2023, last)):
        seen = observe(tiny_three, figure, day)
        assert seen.value == (None if value is None else pytest.approx(value, abs=1e-5))
        assert seen.state == ("inconnu" if value is None else "")


def test_a_masked_figure_is_observed_without_its_value(tiny_version: object) -> None:
    con = tiny_version(tiny.TWO_IN_CLOS)  # type: ignore[operator]
    for codes in (("62003",), ("62001", "62003")):
        seen = observe(con, Binding("assistants_maternels", "offre", codes=codes), END_2021)
        assert (seen.value, seen.state) == (None, "masqué")


def test_the_register_keeps_a_baseline_and_what_is_new(tiny_three: Con, tmp_path: Path) -> None:
    kept = plan(tmp_path, bound(mesure="offre"), typed())
    assert follow_up(tmp_path, tiny_three, kept, END_2021) == 2
    assert follow_up(tmp_path, tiny_three, kept, END_2021) == 0
    assert follow_up(tmp_path, tiny_three, kept, date(2022, 6, 1)) == 1  # La Ronde has opened
    assert follow_up(tmp_path, tiny_three, kept, date(2022, 7, 1)) == 0  # nothing moved
    assert follow_up(tmp_path, tiny_three, kept, END_2023) == 1
    assert register(tmp_path) == [
        (START, "2021-12-31", 82.0, ""),
        (FOLLOWED, "2021-12-31", 82.0, ""),
        (FOLLOWED, "2022-06-01", 92.0, ""),
        (FOLLOWED, "2023-12-31", 72.0, ""),
    ]
    assert audit(register_store(tmp_path)) == []
    stamps = register_frame(observations(tmp_path))
    assert set(stamps["version"]) == {
        r[0] for r in tiny_three.execute("SELECT version FROM version").fetchall()
    }


def test_no_row_of_the_register_is_ever_written_again(tiny_three: Con, tmp_path: Path) -> None:
    before: Rows = []
    for n, day in enumerate((END_2021, date(2022, 6, 1), END_2023)):
        indicators = [bound(mesure="offre"), bound(identifiant="I9", mesure="taux")][: 1 + n]
        follow_up(tmp_path, tiny_three, plan(tmp_path, *indicators), day)
        now = observations(tmp_path)
        assert now[: len(before)] == before
        assert len(now) > len(before)
        before = now


def test_a_voted_baseline_stays_as_voted(tiny_three: Con, tmp_path: Path) -> None:
    follow_up(tmp_path, tiny_three, plan(tmp_path, bound(depart="15,5")), END_2023)
    follow_up(tmp_path, tiny_three, plan(tmp_path, bound(depart="15,5")), date(2024, 6, 1))
    assert [r for r in register(tmp_path) if r[0] == START] == [(START, "2021-12-31", 15.5, "")]
    assert observe(tiny_three, RATE, END_2021).value == pytest.approx(8200 / 477, abs=1e-5)


def test_a_method_is_known_by_what_computes_the_figure(tiny_three: Con, tmp_path: Path) -> None:
    with other_method(tiny_three, tmp_path) as changed:
        assert method_of(tiny_three, RATE) != method_of(changed, RATE)
        supply = Binding("eaje", "offre")
        assert method_of(tiny_three, supply) == method_of(changed, supply)
        assert method_of(tiny_three, RATE) != method_of(tiny_three, Binding("rpe", "taux"))
        gap = [Binding("eaje", "ecart", definition=d) for d in ("reference_nat", "reference_dep")]
        assert method_of(tiny_three, gap[0]) != method_of(tiny_three, gap[1])


def test_another_method_is_a_break_in_the_series(tiny_three: Con, tmp_path: Path) -> None:
    kept = plan(tmp_path, bound())
    follow_up(tmp_path, tiny_three, kept, END_2021)
    with other_method(tiny_three, tmp_path) as changed:
        assert follow_up(tmp_path, changed, kept, END_2021) == 1  # the same value, another method
        follow_up(tmp_path, changed, kept, END_2023)
    series = series_of(register_frame(observations(tmp_path)), "I1", RATE)
    assert series["broken"].tolist() == [False, True, False]


def test_a_figure_that_is_bound_otherwise_begins_another_series(
    tiny_three: Con, tmp_path: Path
) -> None:
    for measure in ("taux", "offre"):
        follow_up(tmp_path, tiny_three, plan(tmp_path, bound(mesure=measure)), END_2023)
    frame = register_frame(observations(tmp_path))
    assert series_of(frame, "I1", RATE)["valeur"].tolist() == pytest.approx([7200 / 477], abs=1e-5)
    assert series_of(frame, "I1", Binding("eaje", "offre"))["valeur"].tolist() == [72.0]


def test_a_load_and_a_refresh_feed_the_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)
    publish_first(settings, tiny.ABC)
    path = book(tmp_path / "p.xlsx", actions=[action(public="oui")], indicateurs=[bound()])
    told = CliRunner().invoke(app, ["plan", "load", str(path)])
    assert (told.exit_code, "suivi du plan : 2 valeurs relevées" in told.output) == (0, True)
    assert [r[0] for r in register(settings.census_dir)] == [START, FOLLOWED]
    with warehouse.in_service(settings) as con:
        assert con.execute("SELECT id FROM action").fetchall() == [("A1",)]
    told = CliRunner().invoke(app, ["refresh", "--territory", tiny.ABC, "--offline"])
    assert (told.exit_code, len(register(settings.census_dir))) == (0, 2)


def test_without_a_plan_nothing_is_written_beside_the_census(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)
    told = CliRunner().invoke(app, ["refresh", "--territory", tiny.ABC, "--offline"])
    assert (told.exit_code, settings.census_dir.exists()) == (0, False)


@pytest.mark.campaign
def test_a_register_that_cannot_be_read_leaves_the_version_in_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)
    found = check([book(tmp_path / "p.xlsx", actions=[ACTION], indicateurs=[bound()])])
    plan_store.load(settings.census_dir, found)
    refresh(settings, parse(tiny.ABC), quiet)
    with register_store(settings.census_dir).writing() as writing:
        writing.commit("load", {"observations.csv": b"rien"})
    told = CliRunner().invoke(app, ["refresh", "--territory", tiny.ABC, "--offline"])
    assert told.exit_code == 0
    assert "les indicateurs du plan n'ont pas été relevés" in told.output
    assert warehouse.current(settings.processed_dir)
