"""Signs of the map in a real Chromium: symbols inside their commune, names, what stays in place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from browser import Profiles, placed, settled
from generated import at_every_run
from playwright.sync_api import FloatRect, Locator, Page, expect

pytestmark = pytest.mark.browser
WAIT = 20_000  # milliseconds
SIZES = {
    "desk": {"width": 1440, "height": 900},
    "committee": {"width": 1280, "height": 720},
    "phone": {"width": 390, "height": 844},
}
OUTSIDE = """(names) => {
  const root = [...document.querySelectorAll("*")].map((n) => n.shadowRoot)
    .find((r) => r?.querySelector(".observatory"));
  const communes = [...root.querySelectorAll("path.commune")];
  const strays = [];
  for (const symbol of root.querySelectorAll("path.point.leaflet-interactive")) {
    const name = symbol.getAttribute("aria-label");
    const row = names.findIndex((one) => name.match(/– (.+) \\d+,/)?.[1] === one);
    const box = symbol.getBoundingClientRect();
    const [x, y, r] = [box.x + box.width / 2, box.y + box.height / 2, box.width / 2 - 1];
    const seen = root.querySelector(".stage").getBoundingClientRect();
    const [dx, dy] = [x - seen.x, y - seen.y];
    if (dx < 0 || dy < 0 || dx > seen.width || dy > seen.height) continue; // cut off there
    const back = communes[row].getScreenCTM().inverse();
    const inside = [[0, 0], [r, 0], [-r, 0], [0, r], [0, -r]].every(([h, v]) =>
      communes[row].isPointInFill(new DOMPoint(x + h, y + v).matrixTransform(back)));
    if (!inside) strays.push(name);
  }
  return strays;
}"""


@pytest.fixture
def page(profiles: Profiles) -> Iterator[Page]:
    with profiles.page(WAIT, reduced_motion="reduce") as one:
        yield one


def open_map(page: Page, address: str, size: str = "desk") -> list[str]:
    """Open the map; give the names of its communes, in the order of the contours."""
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    with page.expect_response(re.compile("geometry-.*geojson")) as got:
        page.goto(address)
    page.wait_for_selector("[data-painted]:not([data-painted='0'])", timeout=3 * WAIT)
    settled(page)
    page.wait_for_timeout(300)  # names come after the colours
    return [f["properties"]["n"] for f in json.loads(got.value.text())["features"]]


def box_of(part: Locator) -> FloatRect:
    box = part.bounding_box()
    assert box is not None
    return box


def commune(page: Page, names: list[str], name: str) -> Locator:
    return page.locator("path.commune").nth(names.index(name))


def middle(part: Locator) -> tuple[float, float]:
    box = box_of(part)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("size", at_every_run(1, SIZES))
def test_symbols_stay_inside_their_commune_or_become_a_count(
    page: Page, arras_url: str, size: str
) -> None:
    names = open_map(page, arras_url, size)
    symbols = page.locator("path.point.leaflet-interactive")
    counts = page.locator(".heap")
    assert page.evaluate(OUTSIDE, names) == []
    told = page.locator(".legend ul").nth(1).locator(".count").all_text_contents()
    counted = sum(int(text) for text in counts.all_text_contents())
    assert symbols.count() > 10
    assert counts.count() >= 1  # Arras has sixteen
    assert symbols.count() + counted == sum(int(text) for text in told)


@pytest.mark.campaign
def test_a_press_on_a_count_shows_what_is_counted_and_opens_the_commune(
    page: Page, arras_url: str
) -> None:
    names = open_map(page, arras_url)
    count = page.get_by_role("button", name=re.compile("^Arras, établissements : 16$"))
    before = page.locator("path.point.leaflet-interactive").count()
    x, y = middle(count)
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", name="Arras", exact=True)).to_be_visible(timeout=WAIT)
    expect(count).to_have_count(0)
    assert page.locator("path.point.leaflet-interactive").count() >= before - 10
    assert page.evaluate(OUTSIDE, names) == []


@pytest.mark.parametrize("size", at_every_run(1, SIZES))
def test_the_largest_communes_and_the_one_in_focus_are_named(
    page: Page, arras_url: str, size: str
) -> None:
    open_map(page, arras_url, size)
    named = page.locator(".name .first")
    assert {"Arras", "Achicourt", "Saint-Laurent-Blangy"} == set(named.all_text_contents())
    page.goto(f"{arras_url}/?commune=62151")  # a small one
    expect(page.locator(".name .first", has_text="Boisleux-au-Mont")).to_be_visible(timeout=WAIT)


@pytest.mark.campaign
def test_a_commune_chosen_elsewhere_is_zoomed_to_and_the_territory_comes_back(
    page: Page, arras_url: str
) -> None:
    names = open_map(page, arras_url)
    path = commune(page, names, "Boisleux-au-Mont")
    before, button = box_of(path), page.locator(".shortfalls button").first
    at = box_of(button)
    button.click()
    expect(page.get_by_role("heading", name="Boisleux-au-Mont", exact=True)).to_be_visible()
    near = placed(path, lambda box: box["width"] > 1.5 * before["width"])
    stage = box_of(page.locator(".stage"))
    assert near["x"] >= stage["x"]
    assert near["x"] + near["width"] <= stage["x"] + stage["width"]
    assert box_of(button)["x"] == pytest.approx(at["x"], abs=1)  # under the pointer
    assert box_of(button)["y"] == pytest.approx(at["y"], abs=1)
    page.get_by_role("button", name="Fermer la fiche").click()
    placed(path, lambda box: box["width"] == pytest.approx(before["width"], abs=2))


@pytest.mark.parametrize("size", at_every_run(1, ["desk", "committee"]))
def test_what_is_pressed_on_the_map_stays_under_the_pointer(
    page: Page, arras_url: str, size: str
) -> None:
    names = open_map(page, arras_url, size)
    path = commune(page, names, "Agny")
    x, y = middle(path)
    before = box_of(path)
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", name="Agny", exact=True)).to_be_visible(timeout=WAIT)
    settled(page)
    page.wait_for_timeout(500)
    after = box_of(path)
    assert (after["x"], after["y"]) == pytest.approx((before["x"], before["y"]), abs=3)
    assert after["width"] == pytest.approx(before["width"], abs=3)


def test_establishments_are_read_and_chosen_without_a_mouse(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    marks = page.locator(".heap, path.point.leaflet-interactive")
    stops = page.locator(":is(.heap, path.point.leaflet-interactive)[tabindex='0']")
    expect(stops).to_have_count(1)  # one stop of the tabulator for all of them
    stops.focus()
    page.keyboard.press("ArrowRight")
    tip = page.locator(".tip.shown")
    expect(tip).to_be_visible()
    first = tip.inner_text()
    page.keyboard.press("ArrowRight")
    expect(tip).not_to_have_text(first)
    expect(stops).to_have_count(1)
    page.keyboard.press("End")
    name = stops.get_attribute("aria-label") or ""
    assert name
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Fiche complète")).to_be_visible(timeout=WAIT)
    said: Any = marks.evaluate_all("all => all.map(n => [n.role, n.ariaLabel])")
    assert {role for role, _ in said} == {"button"}
    assert all(label for _, label in said)


def test_the_map_the_slider_and_the_points_have_names_and_roles(page: Page, arras_url: str) -> None:
    open_map(page, arras_url)
    slider = page.get_by_role("slider", name="Avancer la date de l'offre", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d+(er)? \w+ 20\d\d(, .+)?$"))
    expect(
        page.get_by_role("region", name=re.compile("^Carte : Places manquantes"))
    ).to_be_visible()
    expect(page.get_by_role("group", name=re.compile("^Carte : flèches"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Places manquantes"))).to_have_count(1)
    expect(page.get_by_role("group", name=re.compile("^Établissements : flèches"))).to_have_count(2)
    slider.focus()
    before = slider.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuetext", before or "")
