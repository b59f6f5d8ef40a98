"""The commune's page in a real Chromium: found by its first letters, printed, read on a phone."""

from __future__ import annotations

import re

import pytest
from browser import printed, settled
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
WAIT = 40_000  # milliseconds


def title(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True, level=1)


def searched(page: Page, arras_url: str, path: str = "commune") -> Locator:
    """The search of the rail, once the page stands."""
    page.goto(f"{arras_url}/{path}")
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Commune", exact=True)
    expect(box).to_be_visible(timeout=WAIT)
    settled(page)
    return box


SEARCHES = {
    "etrun": "Étrun",
    "ecurie": "Écurie",
    "Étrun": "Étrun",
    "saint laurent": "Saint-Laurent-Blangy",
    "st nico": "Saint-Nicolas",
    "ST-NICOLAS": "Saint-Nicolas",
    "62041": "Arras",
}


@pytest.mark.campaign
def test_the_first_letters_find_a_commune_accents_or_not(page: Page, arras_url: str) -> None:
    box = searched(page, arras_url)
    for typed, found in SEARCHES.items():
        box.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(typed)
        expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text(found)
        page.keyboard.press("Enter")
        expect(title(page, found)).to_be_visible(timeout=WAIT)
        expect(page).to_have_url(re.compile("commune="))


def test_the_keyboard_alone_moves_in_the_list_and_leaves_it(page: Page, arras_url: str) -> None:
    box = searched(page, arras_url)
    box.focus()
    page.keyboard.type("boi")
    listed = page.get_by_test_id("stSidebar").get_by_role("listbox").get_by_role("option")
    expect(listed.first).to_be_visible()
    names = listed.all_inner_texts()
    assert len(names) > 2
    assert all("boi" in name.lower() for name in names)
    page.keyboard.press("ArrowDown")
    marked = page.get_by_role("listbox").get_by_role("option", selected=True)
    expect(marked).to_have_text(names[1])
    assert box.get_attribute("aria-activedescendant") == marked.get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("Tout le territoire")
    expect(box).to_have_attribute("aria-expanded", "false")


@pytest.mark.campaign
def test_a_name_that_is_not_there_is_said(page: Page, arras_url: str) -> None:
    searched(page, arras_url).click()
    page.keyboard.type("zzz")
    expect(page.get_by_text("Aucune commune du territoire ne porte ce nom.")).to_be_visible()


def test_a_code_in_the_address_opens_the_sheet_and_the_address_is_put_right(
    page: Page, arras_url: str
) -> None:
    page.goto(f"{arras_url}/commune?commune=62041")
    expect(title(page, "Arras")).to_be_visible(timeout=WAIT)
    page.wait_for_url("**service=**commune=62041**", timeout=WAIT)
    fresh = page.context.new_page()
    fresh.goto(page.url)
    expect(title(fresh, "Arras")).to_be_visible(timeout=WAIT)
    fresh.close()


@pytest.mark.campaign
def test_back_returns_to_the_commune_before(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/commune?commune=Arras+(62041)")
    expect(title(page, "Arras")).to_be_visible(timeout=WAIT)
    settled(page)
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="Commune", exact=True).click()
    page.keyboard.type("ecurie")
    page.keyboard.press("Enter")
    expect(title(page, "Écurie")).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile("commune=62290"))
    page.go_back()
    expect(title(page, "Arras")).to_be_visible(timeout=WAIT)


@pytest.mark.campaign
def test_paper_has_the_sheet_and_neither_rail_nor_header(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/commune?commune=Arras+(62041)")
    end = page.get_by_text("Détail dans « Sources et méthode »")
    expect(end).to_be_visible(timeout=WAIT)
    on_screen = page.get_by_test_id("stSidebar")
    expect(on_screen).to_be_visible()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 within its margins, at 96 dpi
    expect(on_screen).to_be_hidden()
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.get_by_role("button", name="Choisir une autre commune")).to_be_hidden()
    expect(end).to_be_visible()
    # Nothing scrolls inside the page any more: all of it goes on paper, none of it beside.
    box = end.bounding_box()
    assert box is not None
    assert page.evaluate("document.documentElement.scrollHeight") >= box["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    page.emulate_media(media="null")
    sheets = printed(page)
    assert len(sheets) == 2
    assert all("Observatoire des services aux familles" in s for s in sheets)
    assert all("Communauté urbaine d'Arras" in s for s in sheets)
    assert "Détail dans « Sources et méthode »" in sheets[-1]
    every = " ".join(sheets)
    for words in ("Chiffres clés", "Besoin selon ses définitions", "Établissements à portée",
                  "Tous les services", "Espace de vie sociale", "Relais petite enfance de démon",
                  "Mettre en place un relais"):  # fmt: skip
        assert words in every
    for button in ("Choisir une autre commune", "Télécharger", "Voir sur la carte", "Imprimer"):
        assert button not in every


@pytest.mark.campaign  # the widths of the sheet are looked at by test_everyone
def test_a_phone_reads_the_sheet_without_scrolling_sideways(page: Page, arras_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{arras_url}/commune?commune=Arras+(62041)")
    expect(page.get_by_text("Détail dans « Sources et méthode »")).to_be_visible(timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= 390
    # The headings of a table are there for those who listen, clipped out of sight.
    wider = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')]"
        ".filter(e => e.getBoundingClientRect().right > 391 && !e.closest('thead'))"
        ".map(e => e.outerHTML.slice(0, 90))"
    )
    assert wider == []


PHONE = {"width": 390, "height": 844}
SCREENS = 4


def test_the_sheet_of_a_commune_is_at_most_four_screens_of_a_phone(
    page: Page, arras_url: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{arras_url}/commune?commune=62041")
    expect(page.get_by_text("Détail dans « Sources et méthode »")).to_be_visible(timeout=WAIT)
    settled(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollHeight") <= SCREENS * PHONE["height"]
    # The answer is on the first screen: the gap in large, and the bar of its range.
    for answer in (page.locator(".obs-gap.large"), page.locator(".obs-gapbar")):
        box = answer.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
    page.get_by_text("Tous les services", exact=True).click()
    expect(page.get_by_text("Espace de vie sociale").last).to_be_visible()
    # Beside the map it is as short, in the window that it has.
    page.goto(f"{arras_url}/?commune=62041")
    sheet = page.locator(".st-key-feuille")
    expect(sheet.get_by_text("Détail dans « Sources et méthode »")).to_be_attached(timeout=WAIT)
    settled(page)
    high, window = sheet.evaluate("sheet => [sheet.scrollHeight, sheet.clientHeight]")
    assert high <= SCREENS * window
