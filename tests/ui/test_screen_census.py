"""The census page in a real Chromium: told precisely what is wrong, loaded, shown on the map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Another, environment, served, settled
from first_census import CENSUS, assert_loaded
from fixtures.versions import deployed_copy
from playwright.sync_api import expect
from town_list import HOMES, ROWS, town_list

from observatory.census import census_store
from observatory.settings import ROOT, Settings

pytestmark = pytest.mark.browser
WAIT = 90_000  # milliseconds: a load builds a version


@pytest.fixture
def settings(tmp_path: Path, embedded_settings: Settings) -> Settings:
    return deployed_copy(embedded_settings, tmp_path)


@pytest.fixture
def url(settings: Settings, tmp_path: Path) -> Iterator[str]:
    env = environment(settings)
    with served(ROOT / "server.py", tmp_path, env) as one:
        yield one


@pytest.mark.campaign
def test_a_planner_is_told_what_is_wrong_then_loads_the_rest(
    another: Another, url: str, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "offre.csv"
    file.write_text(CENSUS, encoding="utf-8")
    page = another()
    page.goto(f"{url}/recensement")
    page.get_by_text("Fichiers du recensement").wait_for(timeout=WAIT)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("2 lignes lues, 1 acceptée, 1 mise de côté")).to_be_visible(
        timeout=WAIT
    )
    expect(page.get_by_text("À corriger : 1")).to_be_visible()
    expect(page.get_by_text("Aucun recensement n'est chargé")).to_be_visible()
    settled(page)  # what is filled while the page is drawn again may be emptied with it
    page.get_by_label("Pourquoi (facultatif)", exact=True).fill("enquête du printemps")
    page.get_by_role("button", name="Charger les lignes acceptées").click()
    expect(page.get_by_text("La carte est à jour")).to_be_visible(timeout=WAIT)
    # What stands was drawn after the load: the same screen does not contradict itself.
    expect(page.get_by_text("Recensement en place : offre : 1 ligne")).to_be_visible()
    assert page.get_by_text("Aucun recensement n'est chargé").count() == 0
    assert_loaded(settings, "offre.csv : enquête du printemps")
    page.goto(url)
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)


@pytest.mark.campaign
def test_a_list_of_ones_own_is_confirmed_once_then_loaded(
    another: Another, url: str, settings: Settings, tmp_path: Path
) -> None:
    file = town_list(tmp_path / "creches.csv")
    page = another(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(f"{url}/recensement")
    page.get_by_text("Fichiers du recensement").wait_for(timeout=WAIT)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("la colonne « service » manque")).to_be_visible(timeout=WAIT)
    expect(page.get_by_label("Titre « Type »")).to_have_value("Service (service)")
    expect(page.get_by_label("Titre « Téléphone »")).to_have_value("laissée de côté")
    expect(page.get_by_label("Service « Micro-crèche » (17 lignes)")).to_have_value(
        "EAJE hors PSU (micro-crèches Paje)"
    )
    expect(page.get_by_text("« MAM » (17 lignes) : refusé ligne par ligne")).to_be_visible()
    page.get_by_role("button", name="Confirmer ces titres et ces mots").press("Enter")
    expect(page.get_by_text(f"{ROWS} lignes lues, {ROWS - HOMES} acceptées")).to_be_visible(
        timeout=WAIT
    )
    page.get_by_role("button", name="Charger les lignes acceptées").tap()
    expect(page.get_by_text("La carte est à jour")).to_be_visible(timeout=WAIT)
    assert len(census_store.read(settings.census_dir)["offre"]) == ROWS - HOMES
    assert census_store.census_store(settings.census_dir).history()[-1].why == "creches.csv"
    page.goto(f"{url}/recensement")  # another visit: what was confirmed is not asked again
    page.get_by_text("Fichiers du recensement").wait_for(timeout=WAIT)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(f"{ROWS} lignes lues, {ROWS - HOMES} acceptées")).to_be_visible(
        timeout=WAIT
    )
    assert page.get_by_text("Vos titres et vos mots").count() == 0


@pytest.mark.campaign
def test_any_file_is_taken_and_what_it_is_told_in_french(
    another: Another, arras_url: str, tmp_path: Path
) -> None:
    told = {
        "l.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien format (.xls)"),
        "l.pdf": (b"%PDF-1.7 ...", "le fichier est un PDF"),
        "l.txt": (CENSUS.encode(), "2 lignes lues, 1 acceptée"),
        "l.tsv": (CENSUS.replace(";", "\t").encode(), "2 lignes lues, 1 acceptée"),
    }
    page = another(viewport={"width": 390, "height": 844}, has_touch=True)
    for name, (content, said) in told.items():
        (tmp_path / name).write_bytes(content)
        page.goto(f"{arras_url}/recensement")
        page.get_by_text("Fichiers du recensement").wait_for(timeout=WAIT)
        page.locator("input[type=file]").set_input_files(tmp_path / name)
        expect(page.get_by_text(said)).to_be_visible(timeout=WAIT)
        assert page.get_by_text("not allowed").count() == 0


@pytest.mark.campaign
def test_a_visit_through_a_proxy_cannot_load(another: Another, arras_url: str) -> None:
    page = another(extra_http_headers={"X-Forwarded-For": "203.0.113.9"})
    page.goto(f"{arras_url}/recensement")
    expect(page.locator("h1").first).to_be_visible(timeout=WAIT)
    settled(page)
    assert page.locator("input[type=file]").count() == 0
