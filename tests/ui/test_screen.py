"""The whole app in a real Chromium: the map answers, the sheet opens, nothing goes abroad."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from browser import SMALL, Another, choose, free_port, open_table, placed, served, settled, watched
from fixtures.versions import deployed_copy
from generated import at_every_run
from playwright.sync_api import Page, expect

from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from pipelines.refresh import refresh

pytestmark = pytest.mark.browser
WAIT = 20_000  # milliseconds


@pytest.fixture(scope="module")
def served_settings(
    tmp_path_factory: pytest.TempPathFactory, embedded_settings: Settings
) -> Settings:
    folder = tmp_path_factory.mktemp("served")
    return deployed_copy(embedded_settings, folder)


def open_map(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)
    page.wait_for_selector("[data-painted]")
    settled(page)


def painted(page: Page) -> int:
    return int(page.locator("[data-painted]").first.get_attribute("data-painted") or 0)


def test_the_map_opens_first_and_fills_the_screen(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    expect(page.locator(".leaflet-container")).to_be_visible()
    component = placed(page.locator(".observatory").first, lambda box: box["y"] <= 160)
    assert component["height"] >= 600
    expect(page.get_by_text("Offre de démonstration").first).to_be_visible()
    expect(page.get_by_text("Contours schématiques").first).to_be_visible()


def test_a_click_on_a_commune_opens_its_sheet(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    page.locator("path.commune").nth(4).click(position=None, force=True)
    sheet = page.get_by_role("heading", name="Arras", exact=True)
    expect(sheet).to_be_visible(timeout=WAIT)
    supply = page.locator(".st-key-feuille .obs-figure", has=page.get_by_text("Offre", exact=True))
    expect(supply).to_have_text(re.compile(r"^Offre\s*849\s*places$"))
    expect(page.get_by_text("Fiabilité : âges estimés, offre de démonstration.")).to_be_visible()
    expect(page).to_have_url(re.compile("commune=62041"))


def test_a_change_of_measure_repaints_without_fetching_the_contours_again(
    page: Page, arras_url: str
) -> None:
    asked = watched(page)
    open_map(page, arras_url)
    before = painted(page)
    choose(page, "Mesure", "Places pour 100 enfants")
    expect(page.locator(f'[data-painted="{before + 1}"]').first).to_be_attached(timeout=WAIT)
    assert sum("geometry-" in address for address in asked) == 1


@pytest.mark.campaign
def test_a_link_shows_the_same_view_in_a_fresh_browser(
    page: Page, arras_url: str, another: Another
) -> None:
    open_map(page, arras_url)
    choose(page, "Service", "Crèches (EAJE)")
    expect(page.get_by_text("Places manquantes : EAJE").first).to_be_visible()
    page.locator("path.commune").nth(4).click(force=True)
    expect(page.get_by_role("heading", name="Arras", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("service=eaje.*commune=62041"))
    link = page.url
    other = another(viewport=SMALL)
    open_map(other, link)
    expect(other.get_by_text("Places manquantes : EAJE").first).to_be_visible()
    expect(other.get_by_role("heading", name="Arras", exact=True)).to_be_visible()


def test_back_undoes_a_choice_and_forward_makes_it_again(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    choose(page, "Service", "Crèches (EAJE)")
    expect(page.get_by_role("heading", name="Places manquantes : EAJE")).to_be_visible()
    settled(page)
    choose(page, "Mesure", "Offre, en places")
    expect(page.get_by_role("heading", name="Offre, en places : EAJE")).to_be_visible()
    expect(page).to_have_url(re.compile("service=eaje&mesure=offre$"))
    page.go_back()
    expect(page.get_by_role("heading", name="Places manquantes : EAJE")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Places manquantes : tous modes")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name="Places manquantes : EAJE")).to_be_visible()


@pytest.mark.campaign
def test_the_exported_table_is_what_the_screen_shows(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    open_table(page)
    page.get_by_text("Télécharger", exact=True).click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Télécharger le tableau (CSV)").click()
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 47
    total = rows[-1]
    assert total["code_insee"] == ""
    shown = page.locator(".obs-figures").inner_text()
    figures = [re.sub(r"\s", "", f) for f in re.findall(r"\d[\d\u202f]*", shown)]
    for column in ("enfants", "besoin", "offre"):
        assert str(round(float(total[column].replace(",", ".")))) in figures


@pytest.mark.campaign  # the widths of the home page are looked at by test_everyone
def test_a_phone_shows_everything_without_scrolling_sideways(page: Page, arras_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page, arras_url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    where = placed(page.locator(".leaflet-container"), lambda box: box["y"] < 500)
    assert where["width"] >= 350


def test_the_sources_page_reads_the_versions_own_record(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/sources_et_methode")
    expect(page.get_by_role("heading", name="Sources et méthode")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("109\u202f884 habitants")).to_be_visible()
    expect(page.get_by_text("recensement de démonstration").first).to_be_visible()
    expect(page.get_by_text("Les contours ne se recouvrent pas")).to_be_visible()


@pytest.mark.campaign
def test_a_new_version_appears_without_a_restart(page: Page, served_settings: Settings) -> None:
    folder = served_settings.processed_dir
    env = {"OBSERVATORY_PROCESSED_DIR": str(folder)}
    with served(ROOT / "server.py", folder.parent, env) as url:
        open_map(page, url)
        pointer = served_settings.processed_dir / "CURRENT"
        former = pointer.read_text(encoding="utf-8")
        refresh(served_settings, parse("62041,62004"), lambda line: None)
        choose(page, "Mesure", "Enfants de 0 à 2 ans")
        expect(page.locator("path.commune")).to_have_count(2, timeout=WAIT)
        pointer.write_text(former, encoding="utf-8")


@pytest.mark.campaign
def test_a_choice_made_while_the_server_is_away_is_made_when_it_comes_back(
    page: Page, served_settings: Settings
) -> None:
    folder, port = served_settings.processed_dir, free_port()
    env = {"OBSERVATORY_PROCESSED_DIR": str(folder)}
    with served(ROOT / "server.py", folder.parent, env, port) as url:
        open_map(page, f"{url}/?service=eaje")
    choose(page, "Mesure", "Offre, en places")  # nobody answers
    with served(ROOT / "server.py", folder.parent, env, port):
        heading = page.get_by_role("heading", name="Offre, en places : EAJE")
        expect(heading).to_be_visible(timeout=3 * WAIT)
        expect(page).to_have_url(re.compile("service=eaje&mesure=offre"))
        expect(page.get_by_label("Mesure", exact=True)).to_have_value("offre")


def test_six_quick_keys_end_on_the_sixth_choice(page: Page, arras_url: str) -> None:
    open_map(page, f"{arras_url}/?service=eaje")
    menu = page.get_by_label("Mesure", exact=True)
    menu.focus()
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    expect(page.locator("form.rail")).to_have_attribute("data-number", "6", timeout=WAIT)
    expect(menu).to_have_value("enfants")
    expect(page.get_by_role("heading", name="Enfants de 0 à 2 ans : EAJE")).to_be_visible()
    expect(page).to_have_url(re.compile("mesure=enfants"))
    expect(menu).to_be_focused()


def test_an_impossible_day_is_said_and_the_former_one_kept(page: Page, arras_url: str) -> None:
    open_map(page, f"{arras_url}/?date=2024-06-30")
    day = page.get_by_label("Date de l'offre", exact=True)
    day.fill("2014-01-01")
    day.blur()
    expect(page.get_by_text("Une date du 01/01/2015 au 31/12/2030")).to_be_visible()
    expect(day).to_have_value("30/06/2024")
    day.fill("31/02/2024")
    day.blur()
    expect(page.get_by_text("Ce jour n'existe pas")).to_be_visible()
    expect(day).to_have_value("30/06/2024")
    expect(page).to_have_url(re.compile("date=2024-06-30"))


@pytest.mark.parametrize(
    "typed", at_every_run(1, ["1er mars 2026", "1/3/2026", "01.03.2026", "2026-03-01"])
)
def test_a_day_is_written_in_french_whatever_the_language_of_the_browser(
    page: Page, arras_url: str, typed: str
) -> None:
    open_map(page, f"{arras_url}/?date=2024-06-30")
    day = page.get_by_label("Date de l'offre", exact=True)
    expect(day).to_have_value("30/06/2024")
    day.fill(typed)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("date=2026-03-01"))
    expect(day).to_have_value("01/03/2026")


def test_the_whole_sheet_is_one_step_back_to_the_map(page: Page, arras_url: str) -> None:
    open_map(page, f"{arras_url}/?service=eaje&commune=62041")
    page.get_by_role("link", name="Fiche complète").click()
    expect(page.get_by_role("heading", name="Arras", level=1)).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile("/commune.*commune=62041"))
    page.go_back()
    expect(page.get_by_role("heading", name="Places manquantes : EAJE")).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile("/.service=eaje&commune=62041"))


def test_the_link_copied_tells_the_day(page: Page, arras_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_map(page, f"{arras_url}/?service=eaje")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_text("Le lien est copié")).to_be_visible()
    link = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.search(r"\?service=eaje&date=\d{4}-\d\d-\d\d$", link)


def test_a_telephone_shows_the_whole_map_first(page: Page, arras_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page, f"{arras_url}/?service=eaje")
    placed(page.locator(".observatory"), lambda box: box["y"] <= 220)
    placed(page.locator(".canvas"), lambda box: box["y"] + box["height"] <= 844)


@pytest.mark.campaign
def test_a_telephone_finds_a_commune_first(page: Page, arras_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page, arras_url)
    found = page.get_by_test_id("stMain").get_by_role("combobox", name="Commune", exact=True)
    search = placed(found, lambda box: box["y"] < 100)
    said = placed(page.locator(".obs-first").first, lambda box: box["y"] < 200)
    drawn = placed(page.locator(".observatory"), lambda box: box["y"] <= 220)
    figures = placed(page.locator(".obs-answer .obs-figures"), lambda box: box["y"] > 400)
    assert search["y"] + search["height"] <= said["y"]
    assert said["y"] + said["height"] <= drawn["y"]
    assert drawn["y"] + drawn["height"] <= figures["y"]
    found.click()
    page.keyboard.type("etrun")
    page.get_by_role("option", name="Étrun (62320)").click()
    expect(page.get_by_role("link", name="Fiche complète")).to_be_visible(timeout=WAIT)
    expect(found).to_have_value("Étrun (62320)")
    expect(page).to_have_url(re.compile("commune=62320"))
    # A page that asks for no commune has no search of one.
    page.goto(f"{arras_url}/sources_et_methode")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=WAIT)
    settled(page)
    expect(page.locator(".obs-search")).to_have_count(0)
