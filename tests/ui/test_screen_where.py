"""« Où ouvrir ? » in a real Chromium: asked, answered, put in the scenario, taken away, linked."""

from __future__ import annotations

import re

import pytest
from browser import SMALL, Another, settled
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook
from told import as_typed
from what_if_links import UNANSWERED

pytestmark = [pytest.mark.browser, pytest.mark.campaign]
WAIT = 60_000  # milliseconds


def asked(page: Page, url: str) -> None:
    """Open « Où ouvrir ? » on crèches, its fields in view."""
    page.goto(f"{url}/et_si?service=eaje&jour_regarde=2026-01-01")
    page.get_by_text("Où ouvrir ?").click()
    expect(page.get_by_role("button", name="Chercher où ouvrir")).to_be_visible(timeout=WAIT)
    settled(page)


def filled(page: Page, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).fill(value)
    page.keyboard.press("Tab")


def text(page: Page) -> str:
    return as_typed(page.get_by_test_id("stMain").inner_text())


def test_where_to_open_is_asked_answered_put_in_the_scenario_and_linked(
    page: Page, arras_url: str, another: Another
) -> None:
    asked(page, arras_url)
    filled(page, "Places en tout", "40")
    filled(page, "Sites, au plus", "2")
    page.get_by_role("button", name="Chercher où ouvrir").click()
    expect(page.get_by_text("2 sites à ouvrir")).to_be_visible(timeout=WAIT)
    settled(page)
    told = text(page)
    assert "aucun choix ne fait mieux" in told
    assert "Relever « Places en tout » ou « Sites, au plus »" in told
    assert "recensement de démonstration" in told
    page.get_by_text("Ce que gagnent les communes, les calculs").click()
    expect(page.get_by_text(re.compile("^2. ne rien ouvrir"))).to_be_visible()
    expect(page.get_by_text(re.compile("^3. servir au mieux"))).to_be_visible()
    with page.expect_download(timeout=WAIT) as got:
        page.get_by_role("button", name="Télécharger ces sites en scénario (XLSX)").click()
    book = CalamineWorkbook.from_path(got.value.path())
    assert len(book.get_sheet_by_name("Changements").to_python()) >= 3
    with page.expect_download(timeout=WAIT) as got:
        page.get_by_role("button", name="Télécharger la réponse (TXT)").click()
    assert "2 sites à ouvrir" in as_typed(got.value.path().read_text(encoding="utf-8"))

    expect(page).to_have_url(re.compile("ou=places"))
    other = another(viewport=SMALL)
    other.goto(page.url)
    expect(other.get_by_text("2 sites à ouvrir")).to_be_visible(timeout=WAIT)

    page.get_by_role("button", name="Mettre ces sites dans le scénario").click()
    expect(page.locator(".obs-first")).to_contain_text("Avec les 2 changements", timeout=WAIT)
    settled(page)
    expect(page).to_have_url(re.compile("scenario="))
    assert "ou=" not in page.url.partition("?")[2].replace("jour", "")


@pytest.mark.parametrize(("ou", "told"), UNANSWERED)
def test_what_cannot_be_answered_says_why_and_the_fields_stay(
    page: Page, arras_url: str, ou: str, told: str
) -> None:
    page.goto(f"{arras_url}/et_si?service=eaje&jour_regarde=2026-01-01&ou={ou}")
    expect(page.get_by_text(told)).to_be_visible(timeout=WAIT)
    settled(page)
    if "soixante" not in ou:
        expect(page.get_by_role("button", name="Chercher où ouvrir")).to_be_visible()
