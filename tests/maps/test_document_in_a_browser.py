"""The map as one HTML file, opened from a folder by a real Chromium without any network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from browser import watched
from playwright.sync_api import Browser, Page, expect

from observatory.answers import gaps
from observatory.commands.map import document_of, paint_of, points_of, view_of
from observatory.knowledge.question import Question
from observatory.maps.document.html_map import DocumentMeasure, layers_of, map_html
from observatory.maps.shapes import shapes

pytestmark = pytest.mark.browser
QUESTION = Question("accueil_0_2", None, "potential", as_of=date(2026, 11, 22))
HOSTILE = "</script><img src=x onerror=window.ran=1> {{ 7 * 7 }} <b>gras</b>"


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A page without a network; at the end, the file alone was asked, and nothing failed."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    asked, faults = watched(page), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    yield page
    assert len(asked) == 1
    assert asked[0].startswith("file://")
    assert faults == []
    context.close()


@pytest.fixture
def arras(embedded: duckdb.DuckDBPyConnection, tmp_path: Path) -> str:
    """The address of the document of the embedded default, with its establishments."""
    view = view_of(embedded, QUESTION, measure="ecart", representation="classes", commune="62041")
    file = tmp_path / "carte.html"
    file.write_text(document_of(embedded, view, establishments=True), encoding="utf-8")
    assert file.stat().st_size < 1_000_000
    return file.as_uri()


def test_the_document_opens_without_a_network_and_its_layers_switch(
    offline: Page, arras: str, embedded: duckdb.DuckDBPyConnection
) -> None:
    offline.goto(arras)
    communes = offline.locator("path.leaflet-interactive")
    expect(communes).to_have_count(46)
    expect(offline.locator("h1:visible")).to_have_text("Places manquantes : tous modes d'accueil")
    before = communes.evaluate_all("all => all.map((p) => p.getAttribute('fill'))")
    offline.get_by_label("Places pour 100 enfants").check()
    expect(offline.locator("h1:visible")).to_have_text(
        "Places pour 100 enfants : tous modes d'accueil"
    )
    expect(communes).to_have_count(46)
    assert communes.evaluate_all("all => all.map((p) => p.getAttribute('fill'))") != before
    expect(offline.locator("aside section:visible h2")).to_contain_text("pour 100 enfants")
    offline.get_by_label("Offre, en places").check()
    expect(offline.locator("aside section:visible")).to_have_count(1)
    places = gaps.gaps(embedded, QUESTION).set_index("code").loc["62041", "supply"]
    offline.get_by_text("Les chiffres, commune par commune").click()
    row = offline.get_by_role("row").filter(has_text="Arras").first
    expect(row).to_contain_text(f"{places:.0f}")


def test_a_commune_and_an_establishment_say_themselves_when_pointed_at(
    offline: Page, arras: str
) -> None:
    offline.goto(arras)
    offline.locator("path.leaflet-interactive").nth(20).hover()
    tip = offline.locator(".leaflet-tooltip:not(.name)").last  # a former one fades away
    expect(tip.locator("strong")).not_to_be_empty()
    expect(tip).to_contain_text("Besoin : ")
    expect(tip).to_contain_text("Offre : ")
    offline.locator(".symbol").first.hover()
    expect(tip.locator("strong")).to_have_count(1)
    symbols = offline.locator(".symbol")
    counts = [int(text) for text in offline.locator(".counted").all_inner_texts()]
    shown = offline.locator("aside h2", has_text="Établissements").locator("+ ul .count")
    assert symbols.count() + sum(counts) == sum(map(int, shown.all_inner_texts()))
    offline.get_by_label("Établissements").uncheck()
    expect(symbols).to_have_count(0)


def test_symbols_that_do_not_fit_are_counted_and_come_apart_nearer(
    offline: Page, arras: str
) -> None:
    offline.set_viewport_size({"width": 390, "height": 844})
    offline.goto(arras)
    before = offline.locator(".symbol").count()
    offline.locator(".counted").first.click()
    offline.wait_for_function("n => document.querySelectorAll('.symbol').length > n", arg=before)
    assert offline.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_names_are_read_as_they_are_written(
    offline: Page, embedded: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    view = view_of(embedded, QUESTION, measure="ecart", representation="classes", commune=None)
    drawn, points = shapes(embedded), points_of(embedded, view)
    assert points
    hostile = replace(points, points=[replace(p, name=HOSTILE) for p in points.points])
    html = map_html(
        replace(drawn, names=(HOSTILE,) * len(drawn.names)),
        [
            DocumentMeasure(one.measure.label(one.service), paint_of(embedded, one))
            for one in layers_of(view, needed=False)
        ],
        territory=HOSTILE,
        points=hostile,
        answer=HOSTILE,
    )
    file = tmp_path / "hostile.html"
    file.write_text(html, encoding="utf-8")
    offline.goto(file.as_uri())
    expect(offline.locator("path.leaflet-interactive")).to_have_count(46)
    expect(offline.locator("header .place")).to_have_text(HOSTILE)
    tip = offline.locator(".leaflet-tooltip:not(.name) strong").last  # a former one fades away
    offline.locator("path.leaflet-interactive").nth(20).hover()
    expect(tip).to_have_text(HOSTILE)
    offline.locator(".symbol").first.hover()
    expect(tip).to_have_text(HOSTILE)
    assert offline.evaluate("window.ran") is None
    assert offline.locator("b, img:not(.leaflet-marker-icon)").count() == 0
