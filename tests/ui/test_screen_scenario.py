"""« Et si… » in a real Chromium: a question in a few gestures, a link, two scenarios compared."""

from __future__ import annotations

import re

import pytest
from browser import SMALL, Another, settled
from generated import at_every_run
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook
from told import as_typed
from what_if_links import CRECHE_LINK

pytestmark = pytest.mark.browser
WAIT = 40_000  # milliseconds


def sentence(page: Page) -> str:
    """The answer at the head of the page."""
    first = page.locator(".obs-first")
    expect(first).to_contain_text("Avec", timeout=WAIT)
    settled(page)
    return as_typed(first.inner_text())


def choose_service(page: Page, label: str) -> None:
    main = page.get_by_test_id("stMain")
    main.get_by_role("combobox", name=re.compile("^(Selected .*)?Service")).click()
    page.get_by_role("option", name=label).click()
    settled(page)


@pytest.mark.campaign
def test_the_micro_crèche_question_takes_four_gestures_from_the_map_and_a_link_keeps_it(
    page: Page, arras_url: str, another: Another
) -> None:
    page.goto(f"{arras_url}/")
    settled(page)
    # One: a commune of the map, here by its first letters.
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="Commune", exact=True).click()
    page.keyboard.type("dainv")
    page.keyboard.press("Enter")
    # Two: what if.
    link = page.get_by_role("link", name="Et si on ouvrait ici ?")
    expect(link).to_be_visible(timeout=WAIT)
    link.click()
    see = page.get_by_role("button", name="Voir ce que cela change")
    expect(see).to_be_visible(timeout=WAIT)
    settled(page)
    # Three: a micro-crèche; twelve places are proposed. Four: see.
    choose_service(page, "Micro-crèches (hors PSU)")
    see.click()
    told = sentence(page)
    assert told.startswith("Avec 12 places à Dainville en septembre")
    assert "dans les 15 minutes, ses enfants gagnent" in told
    expect(page.get_by_text("pas de bonus territoire").first).to_be_visible()
    expect(page).to_have_url(re.compile("scenario="))
    other = another(viewport=SMALL)
    other.goto(page.url)
    assert sentence(other) == told


@pytest.mark.campaign
def test_two_scenarios_are_compared_and_downloaded_and_a_link_keeps_both(
    page: Page, arras_url: str, another: Another
) -> None:
    page.goto(f"{arras_url}/et_si?scenario={CRECHE_LINK}")
    assert "l'écart local d'Arras ne change pas" in sentence(page)
    page.get_by_role("button", name="Mettre de côté pour comparer").click()
    settled(page)
    page.get_by_role("button", name="Recommencer un autre scénario").click()
    see = page.get_by_role("button", name="Voir ce que cela change")
    expect(see).to_be_visible(timeout=WAIT)
    settled(page)
    page.get_by_role("combobox", name=re.compile("Ce qui change")).click()
    page.get_by_role("option", name="Fermer").click()
    settled(page)
    page.get_by_role("combobox", name=re.compile("Établissement")).click()
    page.get_by_role("option").first.click()
    settled(page)
    see.click()
    assert "Avec la fermeture de" in sentence(page)
    heading = page.get_by_role("heading", name="Scénarios comparés")
    expect(heading).to_be_visible(timeout=WAIT)
    with page.expect_download(timeout=WAIT) as got:
        page.get_by_role("button", name="Télécharger la comparaison (XLSX)").click()
    book = CalamineWorkbook.from_path(got.value.path())
    names = {row[0] for row in book.get_sheet_by_name("Communes").to_python()[1:]}
    assert names == {"Crèche à Dainville", "Mon scénario"}
    page.get_by_text("Télécharger les cartes").click()
    with page.expect_download(timeout=WAIT) as got:
        page.get_by_role("button", name="Différence (SVG)").click()
    assert "Ce que changerait" in got.value.path().read_text(encoding="utf-8")
    other = another(viewport=SMALL)
    other.goto(page.url)
    expect(other.get_by_role("heading", name="Scénarios comparés")).to_be_visible(timeout=WAIT)
    assert "Avec la fermeture de" in sentence(other)


@pytest.mark.campaign
def test_a_link_that_nobody_can_read_is_said_in_a_sentence(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/et_si?scenario=%3Cscript%3E")
    expect(page.get_by_text("le scénario de ce lien ne se lit pas")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Voir ce que cela change")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), at_every_run(1, [(390, 844), (1280, 720)]))
def test_the_three_maps_show_what_opens_and_write_nothing_that_is_cut(
    another: Another, arras_url: str, width: int, height: int
) -> None:
    page = another(viewport={"width": width, "height": height})
    page.goto(f"{arras_url}/et_si?scenario={CRECHE_LINK}")
    frames = page.locator(".st-key-cartes-si .stage")
    expect(frames.nth(2).locator(".name .first").first).to_be_visible(timeout=WAIT)
    settled(page)
    tops = []
    for n in range(3):
        stage = frames.nth(n)
        expect(stage.locator(".name .first").first).to_have_text("Dainville")
        expect(stage.locator(".leaflet-establishments-pane path").first).to_be_visible()
        expect(stage.locator(".name b")).to_have_count(0)  # no « 0,0 » under a name
        frame = stage.bounding_box()
        assert frame is not None
        tops.append(frame["y"])
        scale = stage.locator(".corner").bounding_box()
        assert scale is not None
        for name in stage.locator(".name span:not(.first)").all():
            box = name.bounding_box()
            assert box is not None
            assert box["x"] >= frame["x"] - 2
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 2
            beside = (
                box["x"] >= scale["x"] + scale["width"] or box["x"] + box["width"] <= scale["x"]
            )
            apart = (
                box["y"] >= scale["y"] + scale["height"] or box["y"] + box["height"] <= scale["y"]
            )
            assert beside or apart, name.inner_text()
    if width > height:
        assert max(tops) - min(tops) < 1
