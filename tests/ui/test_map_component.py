"""The map on a real Chromium: contours fetched once, then only colours, and nothing abroad."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from browser import Another
from generated import at_every_run
from playwright.sync_api import Browser, Page, Request, expect

from observatory import disk
from observatory.errors import ObservatoryError
from observatory.maps.classes import classify
from observatory.maps.specification import MapColumn, MapPaint, MapPoints, Point
from observatory.ui.map.message import payload, points_told
from observatory.ui.map.sign_file import every_sign
from observatory.ui.shell.loader import loader
from observatory.ui.shell.static import KEPT_SECONDS, KEPT_VERSIONS, Outline, prepare

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<img src=x onerror=alert(1)>"
WAIT = 20_000  # milliseconds
SQUARE = '{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}'


def outline(row: int) -> Outline:
    return Outline(f"62{row:03d}", f"Commune {row}", SQUARE)


def paint(codes: list[str], values: list[float | None], **words: Any) -> MapPaint:
    given = {
        "codes": codes, "values": values, "classification": classify(values, kind="rate"),
        "title": "t", "sentence": "s", "legend_title": "l", "unit": "places",
        "unit_one": "place", "source": "", "decimals": 1,
    }  # fmt: skip
    return MapPaint(**{**given, **words})


# ------------------------------------------------------------------------------ files


def test_the_files_have_names_that_tell_their_content(tmp_path: Path) -> None:
    files = prepare(tmp_path, "20261122T000000Z", [outline(1), outline(2)])
    again = prepare(tmp_path, "20261122T000000Z", [outline(2), outline(1)])
    assert files.geometry != again.geometry  # another order is another file
    assert again.codes == ("62002", "62001")
    beside = ("map.js", "map.css", "leaflet.js", "leaflet.css", "signs.json")
    for address in (files.geometry, *(files.own(name) for name in beside)):
        assert (tmp_path / address.removeprefix("app/static/")).is_file()


def test_a_message_carries_no_code_but_what_finds_it(tmp_path: Path) -> None:
    files = prepare(tmp_path, "20261122T000000Z", [outline(1)])
    told = loader(files.folder)
    assert len(told) < 200
    assert f'"{files.folder}/loader.js"' in told
    assert "\n" in told  # a text of one line would be taken for the name of a file
    assert (tmp_path / files.own("loader.js").removeprefix("app/static/")).is_file()


def test_only_the_last_geometries_stay(tmp_path: Path) -> None:
    for day in range(8):
        files = prepare(tmp_path, f"2026110{day}T000000Z", [outline(day)])
        made = tmp_path / files.geometry.removeprefix("app/static/")
        past = time.time() - (20 - day) * KEPT_SECONDS
        os.utime(made, (past, past))
    files = prepare(tmp_path, "20261109T000000Z", [outline(9)])
    kept = [path.name for path in tmp_path.glob("geometry-*")]
    assert len(kept) == KEPT_VERSIONS + 1
    assert files.geometry.rsplit("/", 1)[1] in kept


def test_a_geometry_of_today_stays_for_the_servers_that_use_it(tmp_path: Path) -> None:
    made = [prepare(tmp_path, f"v{n}", [outline(n)]).geometry for n in range(8)]
    assert all((tmp_path / one.removeprefix("app/static/")).is_file() for one in made)


def test_several_processes_may_prepare_the_same_folder(tmp_path: Path) -> None:
    outlines = [outline(row) for row in range(300)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: prepare(tmp_path, "v", outlines), range(16)))
    assert len(set(results)) == 1
    assert not list(tmp_path.rglob(f"{disk.ASIDE}*"))


def test_a_commune_drawn_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ObservatoryError, match="un contour par commune"):
        prepare(tmp_path, "v", [outline(1), outline(1)])


# ------------------------------------------------------------------------------ message


def test_figures_follow_the_order_of_the_contours_and_absence_is_unknown(tmp_path: Path) -> None:
    files = prepare(tmp_path, "v", [outline(row) for row in (3, 1, 2)])
    data = payload(paint(["62001", "62003"], [10.0, 90.04]), files)
    assert data["figures"]["texts"] == "90,0;10,0;u"
    assert data["classes"] == "51u"


def test_a_rate_of_fewer_than_thirty_children_never_leaves_the_server(tmp_path: Path) -> None:
    files = prepare(tmp_path, "v", [outline(1)])
    small = classify([55.0], kind="rate", children=[12])
    data = payload(paint(["62001"], [55.0], classification=small), files)
    assert (data["classes"], data["figures"]["texts"]) == ("s", "s")
    assert "55" not in json.dumps(data)


def test_a_masked_commune_is_told_apart_from_an_unknown_one(tmp_path: Path) -> None:
    files = prepare(tmp_path, "v", [outline(row) for row in (2, 1)])
    codes, values = ["62001", "62002"], [None, None]
    masked = classify(values, kind="rate", masked=[True, False])
    offer = MapColumn("Offre", values, masked=[True, False])
    data = payload(paint(codes, values, classification=masked, columns=(offer,)), files)
    assert data["classes"] == "um"
    assert data["columns"][0]["texts"] == "u;m"
    missing = every_sign()["missing"]
    assert (missing["m"], missing["u"]) == ("masqué", "inconnu")


def test_figures_and_codes_must_agree(tmp_path: Path) -> None:
    files = prepare(tmp_path, "v", [outline(1)])
    with pytest.raises(ValueError, match="per commune"):
        payload(paint(["62001", "62002"], [1.0]), files)


def test_a_service_keeps_its_shape_when_others_are_hidden() -> None:
    services = {"a": "A", "b": "B", "c": "C"}
    points = points_told(MapPoints(services, [Point(2.7, 50.3, "c", "prive", "Nom")]))
    assert points["services"][points["service"][0]] == {"words": "C", "shape": "triangle"}
    assert points["statuses"][points["status"][0]] == {"status": "prive", "words": "privé"}


# ------------------------------------------------------------------------------ screen


@dataclass
class Screen:
    """A page and what it asked for."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.page.goto(self.address)
        expect(self.map).to_have_attribute("data-painted", "1", timeout=WAIT)

    @property
    def map(self) -> Any:
        return self.page.locator(".observatory")

    def painted(self) -> int:
        return int(self.map.get_attribute("data-painted") or 0)

    def press(self, label: str) -> None:
        """Change a control and wait for the map to follow."""
        before = self.painted()
        self.page.get_by_text(label, exact=True).first.click()
        expect(self.map).not_to_have_attribute("data-painted", str(before), timeout=WAIT)

    def fills(self) -> list[str]:
        paths = self.page.locator("path.commune")
        return list(paths.evaluate_all("nodes => nodes.map(n => getComputedStyle(n).fill)"))

    def centre_of(self, row: int) -> tuple[float, float]:
        box = self.page.locator("path.commune").nth(row).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def screen(map_alone: str, page: Page) -> Iterator[Screen]:
    shown = Screen(page, map_alone)

    def ask(request: Request) -> None:
        shown.requests.append(request.url)

    page.on("request", ask)
    page.on("pageerror", lambda error: shown.messages.append(str(error)))
    page.on("dialog", lambda dialog: shown.messages.append(f"dialog {dialog.message}"))
    page.on("console", lambda m: shown.messages.append(m.text) if m.type == "error" else None)
    yield shown
    assert shown.messages == []
    abroad = [u for u in shown.requests if not u.startswith((map_alone, "blob:", "data:"))]
    assert abroad == []


@pytest.mark.browser
def test_a_change_of_indicator_sends_colours_and_fetches_nothing(screen: Screen) -> None:
    sent: list[int] = []
    screen.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: sent.append(len(frame))),
    )
    screen.open()
    assert len(screen.fills()) == 46
    before = screen.fills()
    asked = list(screen.requests)
    sent.clear()
    screen.page.evaluate("window.kept = document.querySelector('.stBidiComponent')")
    screen.press("Places pour 100 enfants")
    screen.page.wait_for_timeout(400)  # the fade of the colours
    assert screen.fills() != before
    assert screen.requests == asked
    assert screen.page.evaluate("window.kept.isConnected")
    assert 0 < sum(sent) < 12_000  # bytes
    marks = "performance.getEntriesByName('observatory-painted').length"
    assert screen.page.evaluate(marks) == screen.painted()


@pytest.mark.browser
def test_a_click_selects_the_commune_and_tells_the_page(screen: Screen) -> None:
    screen.open()
    x, y = screen.centre_of(3)
    screen.page.mouse.click(x, y)
    expect(screen.map).to_have_attribute("data-selected", "62003")
    expect(screen.page.get_by_text("Commune choisie : 62003")).to_be_visible(timeout=WAIT)
    expect(screen.page.get_by_text("Dernier clic : 62003")).to_be_visible(timeout=WAIT)
    expect(screen.page.locator("path.outline.selected")).to_have_css("stroke-width", "3px")
    expect(screen.page.locator("[aria-live]").filter(has_text="Boiry")).to_have_count(1)
    screen.press("Enfants")  # the click counts once, the selection stays
    expect(screen.page.get_by_text("Dernier clic : aucun")).to_be_visible(timeout=WAIT)
    expect(screen.map).to_have_attribute("data-selected", "62003")


@pytest.mark.browser
def test_the_tooltip_gives_name_figure_and_class_as_text(screen: Screen) -> None:
    screen.open()
    x, y = screen.centre_of(2)  # the commune with a hostile name
    screen.page.mouse.move(x, y)
    screen.page.mouse.move(x + 1, y)
    tip = screen.page.locator(".tip.shown")
    expect(tip).to_contain_text(HOSTILE)
    assert tip.locator("img").count() == 0
    x, y = screen.centre_of(0)
    screen.page.mouse.move(x, y)
    expect(tip).to_contain_text("Arras-la-Neuve")
    expect(tip).to_contain_text("place")
    expect(tip).to_contain_text("Besoin")
    screen.page.mouse.click(x, y)  # a repaint under the pointer leaves the tooltip
    expect(screen.page.get_by_text("Dernier clic : 62000")).to_be_visible(timeout=WAIT)
    screen.page.wait_for_timeout(300)
    expect(tip).to_contain_text("Arras-la-Neuve")
    screen.page.locator(".canvas").press("Escape")
    expect(tip).to_have_count(0)


@pytest.mark.browser
def test_establishments_have_a_shape_a_fill_and_a_halo(screen: Screen) -> None:
    screen.open()
    screen.press("Établissements")
    symbols = screen.page.locator("path.point.leaflet-interactive")
    expect(screen.page.locator("path.halo.leaflet-interactive")).to_have_count(0)
    assert symbols.count() > 20
    fills = set(symbols.evaluate_all("nodes => nodes.map(n => getComputedStyle(n).fill)"))
    assert len(fills) == 3
    symbols.first.hover(force=True)
    expect(screen.page.locator(".tip.shown")).to_contain_text("EAJE")
    legend = screen.page.locator(".legend")
    expect(legend).to_contain_text("Établissements")
    expect(legend).to_contain_text("associatif")


@pytest.mark.browser
def test_the_map_carries_its_legend_scale_north_and_source(screen: Screen) -> None:
    screen.open()
    legend = screen.page.locator(".legend")
    for words in ("Places manquantes", "communes", "équilibre", "inconnu", "moins de 30 enfants"):
        expect(legend).to_contain_text(words)
    counts = [int(text) for text in legend.locator(".count").all_inner_texts()]
    assert sum(counts) == 46
    expect(screen.page.locator(".leaflet-control-scale-line")).to_contain_text("km")
    expect(screen.page.get_by_label("Nord en haut")).to_be_visible()
    expect(screen.page.locator(".foot")).to_contain_text("Version du 22 novembre 2026")
    expect(screen.page.locator(".notes")).to_contain_text("Données de démonstration")
    unknown = screen.page.locator("path.commune.u").first
    expect(unknown).to_have_css("fill", re.compile("observatory-unknown"))


@pytest.mark.browser
def test_a_masked_commune_has_a_look_a_word_and_a_line_of_the_legend(screen: Screen) -> None:
    screen.open()
    line = screen.page.locator(".legend li", has_text="masqué")
    expect(line).to_have_text("masqué : secret statistique1")
    masked = screen.page.locator("path.commune.m")
    expect(masked).to_have_count(1)
    expect(masked).to_have_css("fill", re.compile("observatory-masked"))
    screen.page.locator("path.commune.m").hover(force=True)
    tip = screen.page.locator(".tip.shown")
    expect(tip).to_contain_text("Masqué : secret statistique.")
    expect(tip).to_contain_text("Offre : masqué")
    expect(tip).not_to_contain_text("inconnu")


@pytest.mark.browser
def test_the_map_takes_two_thirds_of_the_screen_from_its_top(screen: Screen) -> None:
    screen.open()
    box = screen.page.locator(".frame").bounding_box()
    assert box is not None
    assert box["y"] <= 160
    assert box["height"] >= 600


@pytest.mark.campaign
@pytest.mark.browser
def test_the_view_is_kept_when_the_page_is_left_and_found_again(screen: Screen) -> None:
    screen.open()
    screen.page.get_by_label("Agrandir").click()
    screen.page.wait_for_timeout(600)
    scale = screen.page.locator(".leaflet-control-scale-line").inner_text()
    screen.page.get_by_text("Autre page", exact=True).click()
    expect(screen.page.get_by_text("Ailleurs")).to_be_visible(timeout=WAIT)
    expect(screen.map).to_have_count(0)
    asked = len(screen.requests)
    screen.page.get_by_text("Autre page", exact=True).click()
    expect(screen.map).to_have_attribute("data-painted", "1", timeout=WAIT)
    assert screen.page.locator(".leaflet-control-scale-line").inner_text() == scale
    assert not [u for u in screen.requests[asked:] if "geojson" in u]


@pytest.mark.campaign
@pytest.mark.browser
def test_the_wheel_scrolls_the_page_unless_ctrl_is_held(screen: Screen) -> None:
    screen.open()
    scale = screen.page.locator(".leaflet-control-scale-line")
    before = scale.inner_text()
    x, y = screen.centre_of(0)
    screen.page.mouse.move(x, y)
    screen.page.mouse.wheel(0, -400)
    expect(screen.page.locator(".hint.shown")).to_contain_text("Ctrl")
    screen.page.wait_for_timeout(500)
    assert scale.inner_text() == before
    screen.page.keyboard.down("Control")
    screen.page.mouse.wheel(0, -400)
    screen.page.keyboard.up("Control")
    expect(scale).not_to_have_text(before)


@pytest.mark.browser
@pytest.mark.parametrize("width", at_every_run(1, [320, 390]))
def test_a_phone_shows_the_whole_map_and_a_legend_to_open(
    map_alone: str, another: Another, width: int
) -> None:
    viewport = {"width": width, "height": 844}
    screen = Screen(another(viewport=viewport, has_touch=True, is_mobile=True), map_alone)
    screen.open()
    assert screen.page.evaluate("document.documentElement.scrollWidth") == width
    body = screen.page.locator(".legend .body")
    expect(body).to_be_hidden()
    screen.page.get_by_role("button", name="Légende").click()
    expect(body).to_be_visible()
    expect(screen.page.get_by_role("button", name="Légende")).to_have_attribute(
        "aria-expanded", "true"
    )


@pytest.mark.campaign
@pytest.mark.browser
def test_contours_that_do_not_come_leave_a_message_not_a_blank(
    map_alone: str, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})  # its own: nothing is kept
    page.route("**/geometry-*", lambda route: route.abort())
    page.goto(map_alone)
    message = page.get_by_text("La carte n’a pas pu être chargée")
    expect(message).to_be_visible(timeout=WAIT)
    page.close()


@pytest.mark.campaign
@pytest.mark.browser
@pytest.mark.parametrize("scheme", at_every_run(1, ["light", "dark"]))
def test_axe_finds_nothing_serious_on_the_map(
    map_alone: str, another: Another, scheme: Any
) -> None:
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    screen = Screen(another(color_scheme=scheme, reduced_motion="reduce"), map_alone)
    screen.open()
    screen.press("Établissements")
    found = axe.run(screen.page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in {"serious", "critical"}] == []
