"""``--out`` never replaces somebody's work in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from observatory.commands import main
from observatory.settings import Settings
from tests.commands.test_documented import commands

WITH_OUT = {name: options for name, options in commands().items() if "--out" in options}


@pytest.fixture(autouse=True)
def folders(embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(tmp_path / "cache"))


def export(out: Path, *more: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main.main(["export", "gaps", "--service", "rpe", "--out", str(out), *more])
    return int(stop.value.code or 0)


@pytest.mark.parametrize("command", WITH_OUT)
def test_every_command_that_writes_asks_first(command: str) -> None:
    assert "--force" in WITH_OUT[command]
    found = typer.main.get_command(main.app)
    for word in command.split()[1:]:
        found = found.commands[word]  # type: ignore[attr-defined]
    (out,) = [p for p in found.params if "--out" in p.opts]
    assert out.callback is not None
    assert len(WITH_OUT) >= 8


def test_a_file_that_is_not_ours_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ecarts.csv"
    out.write_text("mes notes\n", encoding="utf-8")
    assert export(out) == 1
    assert out.read_text(encoding="utf-8") == "mes notes\n"
    assert "ajouter --force pour le remplacer" in capsys.readouterr().err
    assert export(out, "--force") == 0
    assert out.read_text(encoding="utf-8") != "mes notes\n"


def test_what_we_wrote_is_replaced_until_somebody_changes_it(tmp_path: Path) -> None:
    out = tmp_path / "ecarts.csv"
    assert export(out) == 0
    assert export(out) == 0
    with out.open("a", encoding="utf-8") as file:
        file.write("une note ajoutée\n")
    assert export(out) == 1
    assert out.read_text(encoding="utf-8").endswith("une note ajoutée\n")


@pytest.mark.campaign
def test_an_empty_file_and_a_device_hold_nobodys_work(tmp_path: Path) -> None:
    (tmp_path / "vide.csv").touch()
    assert export(tmp_path / "vide.csv") == 0
    before = sorted(Path("/dev").iterdir())
    assert export(Path("/dev/null")) == 0
    assert sorted(Path("/dev").iterdir()) == before


def test_a_register_that_cannot_be_read_asks_again(tmp_path: Path) -> None:
    out = tmp_path / "ecarts.csv"
    assert export(out) == 0
    (tmp_path / "cache" / "written.json").write_text("[", encoding="utf-8")
    assert export(out) == 1


@pytest.mark.campaign
def test_what_stands_beside_the_named_file_is_under_the_same_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, beside = tmp_path / "ecarts.csv", tmp_path / "ecarts.csv-metadata.json"
    beside.write_text('{"mine": 1}', encoding="utf-8")
    assert export(out) == 1
    assert str(beside) in capsys.readouterr().err
    assert beside.read_text(encoding="utf-8") == '{"mine": 1}'
    assert not out.exists()
    assert export(out, "--force") == 0
    assert export(out) == 0


def test_the_other_sheets_of_a_census_are_under_the_same_rule(tmp_path: Path) -> None:
    def template(*more: str) -> int:
        with pytest.raises(SystemExit) as stop:
            main.main(["census", "template", "--out", str(tmp_path / "offre.csv"), *more])
        return int(stop.value.code or 0)

    totals = tmp_path / "offre_totaux_communaux.csv"
    totals.write_text("mes totaux\n", encoding="utf-8")
    assert template() == 1
    assert [p.name for p in tmp_path.glob("*.csv")] == [totals.name]
    assert totals.read_text(encoding="utf-8") == "mes totaux\n"
    assert template("--force") == 0
    assert template() == 0
