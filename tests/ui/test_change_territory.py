"""A planner changes territory from the page: search, progress, role; an error changes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tiny
from app_pages import at_the_machine, opened, read
from fixtures.versions import deployed_copy
from streamlit.testing.v1 import AppTest

from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.ui.shell import actions
from pipelines.refresh import refresh


@pytest.fixture
def page(embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    settings = deployed_copy(embedded_settings, tmp_path)
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    with at_the_machine():
        return opened(settings, "recensement", monkeypatch)


def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> list[str]:
    """Put a small program in the place of the command; the territories that it was asked for."""
    asked: list[str] = []

    def change(territory: str, *, network: bool) -> actions.RunningCommand:
        assert not network
        asked.append(territory)
        log = tmp_path / "log"
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, "-c", code], stdout=out)
        return actions.RunningCommand(actions.CHANGE, process, log)

    monkeypatch.setattr(actions, "change_territory", change)
    return asked


def chosen(page: AppTest) -> AppTest:
    with at_the_machine():
        page.text_input(key="territoire_cherche").set_value("beaurains").run()
        told = [o.replace("\\", "") for o in page.radio(key="territoire_choisi").options]
        assert told == [
            "CU d'Arras, par sa commune Beaurains",
            "Beaurains (62099), la commune seule",
        ]
        page.radio(key="territoire_choisi").set_value("62099").run()
        return page.button(key="changer_territoire").click().run()


def test_the_page_says_what_becomes_of_each_store_and_that_the_files_are_few(
    page: AppTest,
) -> None:
    shown = read(page)
    assert "Chaque territoire garde le sien : recensement, plan, objectifs" in shown
    assert "ne connaissent que 1 EPCI" in shown


def test_a_change_shows_its_progress_then_that_it_is_done(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = started(monkeypatch, tmp_path, "print('2,00 s  sources lues')")
    after = chosen(page)
    assert asked == ["62099"]
    assert [s.value for s in after.success] == [
        "Le territoire a changé : la carte et toutes les pages sont les siennes."
    ]
    assert after.text_input(key="territoire_cherche").value == ""


def test_a_change_that_fails_says_that_everything_stays(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started(monkeypatch, tmp_path, "print('Erreur : aucun fichier'); raise SystemExit(1)")
    after = chosen(page)
    assert not after.success
    (status,) = after.status
    assert (status.state, status.label) == (
        "error",
        "Le changement a échoué : le territoire et la version en service restent en place.",
    )
    assert [t.value for t in after.text] == ["Erreur : aucun fichier"]


def test_a_territory_that_the_demonstration_does_not_describe_is_not_said_to_show_it(
    tiny_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = "".join(line + "\n" for line in tiny.OFFER.splitlines()[:1])
    tiny_settings.raw_dir.joinpath("census", "offre.csv").write_text(bare, encoding="utf-8")
    refresh(tiny_settings, parse(tiny.SIREN), lambda line: None)
    with at_the_machine():
        shown = read(opened(tiny_settings, "recensement", monkeypatch))
    assert "l'offre qu'il dirait est inconnue" in shown
    assert "celle de la démonstration" not in shown
