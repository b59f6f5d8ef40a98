"""Circles, need × supply, linked maps and tiles, on a real Chromium."""

from __future__ import annotations

import re
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from browser import Another, Profiles, watched
from fixtures.screens import served_map
from generated import at_every_run
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<img src=x onerror=alert(1)>"
WAIT = 20_000  # milliseconds

pytestmark = pytest.mark.browser


@pytest.fixture
def page(profiles: Profiles) -> Iterator[Page]:
    said: list[str] = []
    with profiles.page(WAIT, reduced_motion="reduce") as one:
        one.on("pageerror", lambda error: said.append(str(error)))
        one.on("dialog", lambda dialog: said.append(dialog.message))
        one.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        yield one
    assert said == []


def open_as(page: Page, url: str, style: str) -> None:
    page.goto(url)
    first = page.locator(".observatory").first
    expect(first).to_have_attribute("data-painted", "1", timeout=WAIT)
    page.get_by_text(style, exact=True).click()
    marks = {"cercles": "path.circle", "croisés": "table.square", "deux": ".paired path.circle"}
    expect(page.locator(marks[style]).first).to_be_attached(timeout=WAIT)
    page.wait_for_timeout(300)  # names come after the colours


def tip_over(page: Page, mark: Locator) -> str:
    """The tooltip of the commune under a mark."""
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.move(x + 1, y)
    tip = page.locator(".tip.shown")
    expect(tip).to_be_visible()
    return str(tip.inner_text())


def figure(text: str) -> float:
    """A number as the French write it."""
    found = re.search(r"[−+]?[\d\u202f\u00a0]+(,\d+)?", text)
    assert found
    plain = re.sub(r"[\s+]", "", found[0]).replace("−", "-").replace(",", ".")
    return float(plain)


def test_the_area_of_a_circle_is_its_value_on_the_map_and_in_the_legend(
    page: Page, map_alone: str
) -> None:
    open_as(page, map_alone, "cercles")
    keys = page.locator(".legend circle.key")
    radii = [float(r) for r in keys.evaluate_all("all => all.map(c => c.getAttribute('r'))")]
    amounts = [figure(t) for t in page.locator(".nested text").all_text_contents()]
    assert len(radii) == len(amounts) >= 2
    for radius, amount in zip(radii, amounts, strict=True):
        assert radius**2 / amount == pytest.approx(radii[0] ** 2 / amounts[0], rel=0.01)
    largest = page.locator("path.circle").first  # large ones below, small ones on top
    radius = largest.evaluate("c => c.getBBox().width / 2")
    value = abs(figure(tip_over(page, largest).split("\n")[1]))
    # Leaflet draws on whole pixels, and the tooltip rounds the value.
    assert radius**2 / value == pytest.approx(radii[0] ** 2 / amounts[0], rel=0.08)


def test_the_sign_of_a_gap_reads_without_colour_and_the_unknown_stay_hatched(
    page: Page, map_alone: str
) -> None:
    open_as(page, map_alone, "cercles")
    expect(page.locator("path.circle.short").first).to_have_css("fill", "rgb(178, 24, 43)")
    hollow = page.locator("path.circle.more").first
    expect(hollow).to_have_css("fill", "rgb(255, 255, 255)")
    unknown = page.locator("path.commune.u")
    expect(unknown.first).to_have_css("fill", re.compile("observatory-unknown"))
    for words in ("il manque", "de plus que le besoin", "inconnu"):
        expect(page.locator(".legend")).to_contain_text(words)
    circles = page.locator("path.circle").count()
    assert 30 < circles <= 46 - unknown.count()


@pytest.mark.campaign
def test_a_click_on_a_circle_selects_its_commune(page: Page, map_alone: str) -> None:
    open_as(page, map_alone, "cercles")
    page.locator("path.circle").first.click(force=True)
    expect(page.get_by_text(re.compile(r"Dernier clic : 62\d{3}"))).to_be_visible(timeout=WAIT)


@pytest.mark.campaign
def test_need_and_supply_have_a_square_legend_with_words_and_counts(
    page: Page, map_alone: str
) -> None:
    open_as(page, map_alone, "croisés")
    legend = page.locator(".legend")
    cells = legend.locator("table.square td:not(:empty)")
    expect(cells).to_have_count(9)
    counts = [int(text) for text in cells.all_inner_texts()]
    others = [int(text) for text in legend.locator(".count").all_inner_texts()]
    assert sum(counts) + sum(others) == 46
    assert sum(others) == 2  # one unknown, one with few children
    for words in ("besoin fort", "offre faible", "23 et plus", "moins de 50", "inconnu"):
        expect(legend).to_contain_text(words)
    assert len(set(cells.evaluate_all("all => all.map(c => c.style.background)"))) == 9
    expect(page.locator("path.commune.u")).to_have_css("fill", re.compile("unknown"))
    expect(page.locator("path.commune.s")).to_have_css("fill", re.compile("small"))


def test_the_tooltip_says_the_class_in_words_and_a_hostile_name_as_text(
    page: Page, map_alone: str
) -> None:
    open_as(page, map_alone, "croisés")
    text = tip_over(page, page.locator("path.commune").first)
    assert "besoin faible, offre faible" in text
    hostile = tip_over(page, page.locator("path.commune.s"))
    assert HOSTILE in hostile
    assert page.locator(".tip img").count() == 0


def place_of(page: Page, row: int) -> tuple[float, float]:
    """Where the first commune stands on a map, from the corner of that map."""
    outline = page.locator(".paired").nth(row).locator("path.commune").first.bounding_box()
    stage = page.locator(".paired").nth(row).locator(".stage").bounding_box()
    assert outline
    assert stage
    middle = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    return outline["x"] - middle[0], outline["y"] - middle[1]


def test_two_maps_move_together_without_a_message_to_the_server(page: Page, map_alone: str) -> None:
    sent: list[int] = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda frame: sent.append(len(frame))))
    open_as(page, map_alone, "deux")
    assert page.locator(".paired").count() == 2
    assert place_of(page, 0) == pytest.approx(place_of(page, 1), abs=2)
    sent.clear()
    for row in (0, 1):
        before = place_of(page, row)
        box = page.locator(".paired .canvas").nth(row).bounding_box()
        assert box
        page.mouse.move(box["x"] + 200, box["y"] + 200)
        page.mouse.down()
        page.mouse.move(box["x"] + 260, box["y"] + 170, steps=4)
        page.mouse.up()
        page.wait_for_timeout(200)
        after = place_of(page, row)
        assert after != pytest.approx(before, abs=10)
        assert place_of(page, 1 - row) == pytest.approx(after, abs=2)
    scales = page.locator(".leaflet-control-scale-line")
    before_zoom = scales.first.inner_text()
    page.get_by_label("Agrandir").nth(1).click()
    expect(scales.first).not_to_have_text(before_zoom)
    assert scales.nth(0).inner_text() == scales.nth(1).inner_text()
    assert place_of(page, 0) == pytest.approx(place_of(page, 1), abs=2)
    assert sent == []


@pytest.mark.campaign
def test_a_click_on_either_map_selects_the_commune_on_both(page: Page, map_alone: str) -> None:
    open_as(page, map_alone, "deux")
    commune = page.locator(".paired").nth(1).locator("path.commune").nth(3).bounding_box()
    assert commune
    page.mouse.click(commune["x"] + commune["width"] / 2, commune["y"] + commune["height"] / 2)
    expect(page.get_by_text("Commune choisie : 62003")).to_be_visible(timeout=WAIT)
    for row in (0, 1):
        expect(page.locator(".paired").nth(row)).to_have_attribute("data-selected", "62003")
        expect(page.locator(".paired").nth(row).locator(".legend .body")).to_be_visible()
        expect(page.locator(".paired h2").nth(row)).not_to_be_empty()


@pytest.mark.campaign
def test_on_a_phone_the_two_maps_stand_one_below_the_other(
    map_alone: str, another: Another
) -> None:
    page = another(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_as(page, map_alone, "deux")
    first, second = (page.locator(".paired").nth(row).bounding_box() for row in (0, 1))
    assert first
    assert second
    assert second["y"] >= first["y"] + first["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("style", "scheme"),
    at_every_run(
        2,
        [
            ("cercles", "dark"), ("croisés", "light"), ("deux", "light"),
            ("cercles", "light"), ("croisés", "dark"), ("deux", "dark"),
        ],
    ),
)  # fmt: skip
def test_axe_finds_nothing_serious(
    map_alone: str, profiles: Profiles, style: str, scheme: Any
) -> None:
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    with profiles.page(WAIT, color_scheme=scheme, reduced_motion="reduce") as page:
        open_as(page, map_alone, style)
        found = axe.run(page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in {"serious", "critical"}] == []


# ------------------------------------------------------------------------------ tiles


def grey_png() -> bytes:
    """A tile of one grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@contextmanager
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """A server of tiles on this machine, and the paths it was asked for."""
    asked: list[str] = []

    class Tile(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = grey_png()
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tile)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/{{z}}/{{x}}/{{y}}.png", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.campaign
def test_the_tiles_of_the_operator_show_under_the_communes(tmp_path: Path, page: Page) -> None:
    with (
        tile_server() as (template, asked),
        served_map(tmp_path, MAP_HARNESS_TILES=template) as url,
    ):
        page.goto(url)
        expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached(timeout=WAIT)
        assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in asked)
        depth = "n => Number(getComputedStyle(n).zIndex)"
        tiles = page.locator(".leaflet-tile-pane").evaluate(depth)
        communes = page.locator(".leaflet-communes-pane").evaluate(depth)
        assert tiles < communes
        seen = page.locator("path.commune").first.evaluate("n => getComputedStyle(n).fillOpacity")
        assert 0 < float(seen) < 1
        expect(page.locator(".foot")).to_contain_text(f"© {HOSTILE}")
        assert page.locator(".foot img").count() == 0
        page.goto("about:blank")  # both servers stop now


@pytest.mark.campaign
def test_without_the_setting_no_tile_is_asked_for(page: Page, map_alone: str) -> None:
    asked = watched(page)
    page.goto(map_alone)
    expect(page.locator(".observatory")).to_have_attribute("data-painted", "1", timeout=WAIT)
    page.wait_for_timeout(500)
    assert [a for a in asked if re.search(r"/\d+/\d+/\d+\.", a)] == []
    assert page.locator("img.leaflet-tile").count() == 0
