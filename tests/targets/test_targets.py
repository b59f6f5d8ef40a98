"""Targets voted by the territory: a checked file, then a reference among the definitions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import python_calamine
import tiny
from fixtures.versions import make_settings, publish_first, quiet
from typer.testing import CliRunner

from observatory.answers.gaps import gaps
from observatory.answers.targets import targets
from observatory.commands.main import app
from observatory.errors import RequestError
from observatory.files.gap_table import gap_table
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.targets import target_store
from observatory.versions import warehouse
from pipelines.refresh import refresh

HEADINGS = "service;jour;valeur;depuis;decide_par;source\n"
GOOD = (
    HEADINGS + "eaje;;25;2022-01-01;Conseil communautaire;Délibération 12\n"
    "eaje;;40;2023-06-01;Conseil communautaire;\n"
    "alsh;mercredi;12,5;2023-01-01;Comité de pilotage;\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "objectifs.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def with_targets(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The tiny territory, its targets loaded: to be read."""
    folder = tmp_path_factory.mktemp("targets")
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    checked = target_store.check([written(folder, GOOD)])
    assert target_store.load(settings.census_dir, checked, "chargée de coopération", "vote")
    refresh(settings, parse(tiny.ABC), quiet)
    return settings


def test_a_target_is_a_reference_from_the_day_it_was_decided(with_targets: Settings) -> None:
    with warehouse.in_service(with_targets) as con:
        assert len(targets(con)) == 3
        for day, rate in ((date(2022, 6, 1), 25.0), (date(2023, 12, 31), 40.0)):
            table = gaps(con, Question("eaje", as_of=day, definition="voted"))
            assert table["target"].tolist() == [rate] * 4
            assert table["target_year"].tolist() == [{25.0: 2022, 40.0: 2023}[rate]] * 4
            # Under three, by hand: 300, 150, 27.
            assert table["need"].tolist() == pytest.approx([rate * n / 100 for n in BY_HAND])
            assert table["gap"].tolist() == pytest.approx(
                (table["supply"] - table["need"]).tolist()
            )
        every = gaps(con, Question("eaje", as_of=date(2023, 12, 31)))
        # France, the région, the département, the EPCI, and what was voted.
        assert set(every["definition_count"]) == {5}
        wednesday = gaps(con, Question("alsh", as_of=date(2023, 12, 31), definition="voted"))
        assert set(wednesday["day_type"]) == {"mercredi"}
        named = gap_table(con, Question("eaje", as_of=date(2023, 12, 31), definition="voted"))
        assert set(named["definition_label"]) == {"Objectif du territoire"}


BY_HAND = (300, 150, 27, 477)


def test_without_a_target_in_force_nothing_is_measured_against_one(with_targets: Settings) -> None:
    with warehouse.in_service(with_targets) as con:
        for service, day in (("laep", date(2023, 12, 31)), ("eaje", date(2021, 12, 31))):
            with pytest.raises(RequestError, match="aucun objectif"):
                gaps(con, Question(service, as_of=day, definition="voted"))
            rows = gaps(con, Question(service, as_of=day))
            assert "voted" not in set(rows["definition"])


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("creche;;25;2022-01-01;Conseil;", "service", "un service de la nomenclature"),
        ("eaje;mercredi;25;2022-01-01;Conseil;", "jour", "n'a pas de type de jour"),
        ("alsh;;25;2022-01-01;Conseil;", "jour", "Choisir un type de jour"),
        ("eaje;;;2022-01-01;Conseil;", "valeur", "places pour 100 enfants"),
        ("eaje;;-3;2022-01-01;Conseil;", "valeur", "plausible"),
        ("eaje;;25;;Conseil;", "depuis", "date de la décision"),
        ("eaje;;25;29/02/2023;Conseil;", "depuis", "29/02/2023"),
        ("eaje;;25;2022-01-01;;", "decide_par", "vide"),
        ("eaje;;25;2022-01-01;Mme Untel;", "decide_par", "instance"),
    ],
)
def test_a_wrong_line_is_told_with_its_place_and_mend(
    tmp_path: Path, line: str, column: str, said: str
) -> None:
    checked = target_store.check([written(tmp_path, HEADINGS + line + "\n")])
    (problem,) = checked.errors
    assert (problem.row, problem.column) == (2, column)
    assert said in str(problem)
    assert not target_store.load(tmp_path / "census", checked)
    assert not (tmp_path / "census").exists()


def test_the_same_target_said_twice_is_refused(tmp_path: Path) -> None:
    line = "eaje;;25;2022-01-01;Conseil;\n"
    checked = target_store.check([written(tmp_path, HEADINGS + line + line)])
    assert (checked.accepted, checked.rejected) == (1, 1)
    assert "déjà ligne 2" in str(checked.errors[0])


@pytest.mark.campaign
def test_template_check_load_and_show_go_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    run = CliRunner()
    out = tmp_path / "modele.xlsx"
    assert run.invoke(app, ["targets", "template", "--out", str(out)]).exit_code == 0
    book = python_calamine.CalamineWorkbook.from_path(out)
    assert book.sheet_names[0] == "Objectifs"
    good = str(written(tmp_path, GOOD))
    told = run.invoke(app, ["targets", "check", good])
    assert (told.exit_code, "3 lignes lues, 3 acceptées" in told.output) == (0, True)
    assert target_store.read(settings.census_dir) == []
    assert "rangés" in run.invoke(app, ["targets", "load", good]).output
    assert "rien n'a changé" in run.invoke(app, ["targets", "load", good]).output
    refresh(settings, parse(tiny.ABC), quiet)
    shown = run.invoke(app, ["targets", "show"]).output
    assert (
        "EAJE : 40 places pour 100 enfants de moins de 3 ans, depuis le 1er juin 2023 "
        "(Conseil communautaire)" in shown
    )
    assert "mercredi : 12,5 places" in shown
    bad = str(written(tmp_path, HEADINGS + "eaje;;x;2022-01-01;Conseil;\n"))
    assert run.invoke(app, ["targets", "load", bad]).exit_code == 1
    assert len(target_store.read(settings.census_dir)) == 3
    # The census beside them is none the worse.
    refresh(settings, parse(tiny.ABC), quiet)


@pytest.mark.campaign
def test_a_load_and_its_undo_are_shown_by_the_version_in_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)
    publish_first(settings, tiny.ABC)
    run = CliRunner()

    def followed() -> list[float]:
        with warehouse.in_service(settings) as con:
            return sorted(targets(con)["amount"])

    good = str(written(tmp_path, GOOD))
    assert run.invoke(app, ["targets", "load", good]).exit_code == 0
    assert followed() == [12.5, 25.0, 40.0]
    one = str(written(tmp_path, HEADINGS + "eaje;;30;2022-01-01;Conseil communautaire;\n"))
    assert run.invoke(app, ["targets", "load", one, "--no-refresh"]).exit_code == 0
    assert followed() == [12.5, 25.0, 40.0]
    undone = run.invoke(app, ["targets", "undo", "--who", "chargée de coopération"])
    assert (undone.exit_code, "3 objectifs en place" in undone.output) == (0, True)
    assert run.invoke(app, ["targets", "redo"]).exit_code == 0
    assert followed() == [30.0]


def test_targets_that_no_version_can_show_are_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)

    def fail(*_: object) -> None:
        raise RequestError("la version ne peut pas être construite")

    monkeypatch.setattr("observatory.commands.rebuilding.rebuild", fail)
    told = CliRunner().invoke(app, ["targets", "load", str(written(tmp_path, GOOD))])
    assert told.exit_code == 1
    assert "les objectifs en place n'ont pas changé" in str(told.exception)
    assert target_store.read(settings.census_dir) == []


def test_there_must_be_something_to_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "from_env", lambda *_: make_settings(tmp_path))
    told = CliRunner().invoke(app, ["targets", "undo"])
    assert "rien à annuler" in str(told.exception)
