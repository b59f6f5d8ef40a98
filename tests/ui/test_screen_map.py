"""The page Carte in a real Chromium: from home to the commune that lacks most, and each picture."""

from __future__ import annotations

import re

import pytest
from browser import SMALL, Another, choose, placed, settled
from playwright.sync_api import Page, ViewportSize, expect

pytestmark = pytest.mark.browser
WAIT = 20_000  # milliseconds
PHONE: ViewportSize = {"width": 390, "height": 844}


def open_map(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("path.commune").first).to_be_attached(timeout=3 * WAIT)  # cold start
    page.wait_for_selector("[data-painted]:not([data-painted='0'])")
    settled(page)


def present(page: Page, representation: str) -> None:
    page.get_by_text("Présentation", exact=True).click()
    choose(page, "Représentation", representation)


def test_three_actions_lead_from_home_to_the_sheet_of_the_commune_that_lacks_most(
    page: Page, arras_url: str
) -> None:
    open_map(page, arras_url)
    choose(page, "Service", "Crèches (EAJE)")  # 1, 2: the menu, then one of its lines
    expect(page.get_by_role("heading", name="Places manquantes : EAJE")).to_be_visible()
    first = page.locator(".shortfalls button").first
    expect(first).to_be_in_viewport()
    name = first.inner_text().removesuffix(first.locator("strong").inner_text()).strip()
    amounts = page.locator(".shortfalls button strong").all_inner_texts()
    gaps = [int(re.sub(r"\D", "", amount)) for amount in amounts]
    assert len(gaps) == 5
    assert gaps == sorted(gaps, reverse=True)
    first.click()  # 3
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("link", name="Fiche complète")).to_be_visible()


def test_on_a_phone_the_sheet_comes_from_below_and_leaves_the_map_where_it_is(
    page: Page, arras_url: str
) -> None:
    page.set_viewport_size(PHONE)
    open_map(page, arras_url)
    stage = page.locator(".stage")
    before = stage.bounding_box()
    page.locator("path.commune").nth(20).dispatch_event("click")
    name = page.locator("[class*='st-key-fiche-'] :is(h2, h3)")
    expect(name).to_be_in_viewport(timeout=WAIT)
    sheet = page.locator(".st-key-feuille")
    placed(sheet, lambda box: box["y"] > PHONE["height"] * 0.4)
    placed(sheet, lambda box: abs(box["y"] + box["height"] - PHONE["height"]) <= 1)
    assert stage.bounding_box() == before
    sheet.evaluate("sheet => sheet.scrollTo(0, sheet.scrollHeight)")
    expect(page.get_by_role("button", name="Fermer la fiche")).to_be_in_viewport()


@pytest.mark.campaign
def test_the_sheet_closes_and_leads_to_the_whole_one(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    button = page.locator(".shortfalls button").first
    name = button.inner_text().removesuffix(button.locator("strong").inner_text()).strip()
    button.click()
    sheet = page.get_by_role("heading", name=name, exact=True)
    expect(sheet).to_be_visible()
    page.get_by_role("button", name="Fermer la fiche").click()
    expect(sheet).to_have_count(0)
    button.click()
    page.get_by_role("link", name="Fiche complète").click()
    expect(page).to_have_url(re.compile("/commune"))


@pytest.mark.campaign
def test_a_thumb_reaches_the_list_without_scrolling(page: Page, arras_url: str) -> None:
    page.set_viewport_size(PHONE)
    open_map(page, arras_url)
    expect(page.locator(".shortfalls button").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.campaign
def test_the_picture_chosen_is_in_the_link(page: Page, arras_url: str, another: Another) -> None:
    open_map(page, arras_url)
    present(page, "Besoin et offre croisés")
    expect(page.locator("table.square")).to_be_visible(timeout=WAIT)
    choose(page, "Classes", "Effectifs égaux (quantiles)")
    expect(page.locator(".legend")).to_contain_text("Classes par effectifs égaux", timeout=WAIT)
    other = another(viewport=SMALL)
    open_map(other, page.url)
    expect(other.locator("table.square")).to_be_visible()
    expect(other.locator(".legend")).to_contain_text("ne se comparent pas")


def test_counts_are_circles_until_something_else_is_asked(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    expect(page.locator("path.circle")).to_have_count(0, timeout=WAIT)
    choose(page, "Mesure", "Offre, en places")
    expect(page.locator("path.circle").first).to_be_attached(timeout=WAIT)
    expect(page.locator(".legend")).to_contain_text("0 : pas de cercle")
    assert sum(int(n) for n in page.locator(".legend .count").all_inner_texts()) == 46
    choose(page, "Mesure", "Places manquantes")
    expect(page.locator("path.circle")).to_have_count(0, timeout=WAIT)


@pytest.mark.campaign
def test_two_maps_ask_each_their_own_measure(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    present(page, "Deux cartes")
    expect(page.locator(".paired")).to_have_count(2, timeout=WAIT)
    choose(page, "Mesure de la seconde carte", "Offre, en places")
    expect(page.locator(".paired h2").nth(1)).to_have_text(
        "Offre, en places : tous modes d'accueil"
    )
    expect(page.locator(".paired h2").nth(0)).to_have_text(
        "Places manquantes : tous modes d'accueil"
    )


@pytest.mark.campaign
def test_a_map_of_published_rates_says_nothing_of_the_census(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    expect(page.locator(".notes")).to_contain_text("Offre de démonstration")
    choose(page, "Mesure", "Taux publié par la Caf")
    expect(page.locator(".foot")).to_contain_text("Source : Cnaf")
    expect(page.locator(".notes")).not_to_contain_text("Offre de démonstration")
    expect(page.locator("path.point")).to_have_count(0)
