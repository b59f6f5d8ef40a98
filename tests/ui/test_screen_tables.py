"""The tables in a real Chromium: what a planner filters, sorts, downloads and adds up."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny
from browser import open_table, served, settled
from fixtures.versions import make_settings
from generated import at_every_run
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from observatory.french.balance import cell
from observatory.french.numbers import MINUS, NARROW_SPACE, number
from observatory.french.vocabulary import MASKED
from observatory.knowledge.territory import parse
from observatory.settings import ROOT
from pipelines.refresh import refresh

pytestmark = pytest.mark.browser
WAIT = 30_000  # milliseconds
HOSTILE = "<img src=x onerror=document.title='taken'>"
DAY = "date=2026-01-01"


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A territory where a commune bears the name that an attacker would give it."""
    folder = tmp_path_factory.mktemp("hostile")
    names = {
        "cog/v_commune_2026.csv": tiny.COMMUNES.replace("Clos", HOSTILE),
        "dgcl/epcicom2025.csv": tiny.MEMBERS.replace("Clos", HOSTILE),
        "popref/donnees_communes_rp2023.csv": tiny.POPULATIONS.replace("Clos", HOSTILE),
    }
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw", names))
    refresh(settings, parse(tiny.SIREN), lambda line: None)
    env = {"OBSERVATORY_PROCESSED_DIR": str(settings.processed_dir)}
    with served(ROOT / "server.py", folder, env) as one:
        yield one


def screen(page: Page) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of the table that the browser shows, its last lines included."""
    page.wait_for_selector(".grid table[data-rows]")
    table = page.locator(".grid table")
    heads = table.locator("thead th").all_inner_texts()
    rows: list[list[str]] = table.evaluate(
        "t => [...t.querySelectorAll('tbody tr, tfoot tr')]"
        ".map(r => [...r.cells].map(c => c.textContent))"
    )
    return [" ".join(h.replace("▲", "").replace("▼", "").split()) for h in heads], rows


def figure(text: str) -> float | None:
    """A cell of the screen as a figure; None where nothing is known, or told."""
    if text == "équilibre":
        return 0.0
    if text.startswith("il\u00a0manque"):
        text = MINUS + text.rsplit("\u00a0", 1)[1]
    bare = text.removesuffix("\u00a0de\u00a0plus").replace(NARROW_SPACE, "")
    bare = bare.replace(MINUS, "-").replace(",", ".")
    return None if bare in ("—", MASKED) else float(bare)


def download(page: Page, label: str) -> bytes:
    button = page.get_by_role("button", name=label, exact=True)
    if not button.is_visible():
        page.get_by_text("Télécharger", exact=True).click()
    expect(button).to_be_visible(timeout=WAIT)
    with page.expect_download() as caught:
        button.click()
    return Path(caught.value.path()).read_bytes()


def french_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def sheet(content: bytes, name: str = "") -> list[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *lines = book.get_sheet_by_name(name or book.sheet_names[0]).to_python()
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


@pytest.mark.campaign
def test_the_files_hold_the_cells_of_the_filtered_and_sorted_table(
    page: Page, arras_url: str
) -> None:
    page.goto(f"{arras_url}/tableau?{DAY}")
    screen(page)
    page.get_by_label("Le nom contient").fill("saint")
    page.keyboard.press("Enter")
    expect(page.locator(".grid tbody tr")).to_have_count(10)
    page.locator(".grid thead button", has_text="Offre").click()
    expect(page.locator(".grid th[aria-sort=descending]", has_text="Offre")).to_be_visible()
    heads, rows = screen(page)
    assert heads == [
        "Commune", "Enfants de 0 à 2 ans", "Besoin places", "Offre places", "Manque places",
        "Taux pour 100",
    ]  # fmt: skip
    *lines, last = rows
    assert last[0] == "Communauté urbaine d'Arras"
    assert all("saint" in line[0].lower() for line in lines)
    supplies = [v for v in (figure(line[3]) for line in lines) if v is not None]
    assert supplies == sorted(supplies, reverse=True)
    assert "tri=" in page.url
    assert "nom=saint" in page.url

    wanted = ("enfants", "besoin", "offre", "ecart", "taux")
    typed = sheet(download(page, "Télécharger le tableau (XLSX)"), "Écarts")
    plain = french_csv(download(page, "Télécharger le tableau (CSV)"))
    assert [line[0] for line in lines if line[3] == MASKED] == ["Saint-Martin-sur-Cojeul"]
    assert [r["commune"] for r in typed] == [r["commune"] for r in plain] == [r[0] for r in rows]
    for shown, of_sheet, of_csv in zip(rows, typed, plain, strict=True):
        for text, name in zip(shown[1:], wanted, strict=True):
            value = of_sheet[name]
            exact = None if value == "" else float(value)
            decimals = 1 if name == "taux" else 0
            hidden = MASKED in of_csv["fiabilite"] and name in ("offre", "ecart", "taux")
            none = MASKED if hidden else "—"
            write = cell if name == "ecart" else number
            written = write(exact, decimals) if exact is not None else none
            assert text == written
            assert of_csv[name].replace(",", ".") == (
                "" if exact is None else number(exact, 1).replace(NARROW_SPACE, "")
                .replace(MINUS, "-").replace(",", ".")
            )  # fmt: skip


@pytest.mark.campaign
def test_a_link_to_a_sorted_table_shows_it_again(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/tableau?{DAY}")
    screen(page)
    page.locator(".grid thead button", has_text="Commune").click()
    expect(page.locator(".grid th[aria-sort=ascending]", has_text="Commune")).to_be_visible()
    page.locator(".grid thead button", has_text="Commune").click()
    expect(page.locator(".grid th[aria-sort=descending]", has_text="Commune")).to_be_visible()
    expect(page).to_have_url(re.compile("decroissant="))
    before = screen(page)
    other = page.context.new_page()
    other.goto(page.url)
    assert screen(other) == before
    assert before[1][0][0] == "Willerval"


@pytest.mark.campaign
def test_every_service_side_by_side_is_the_file_too(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/tableau?{DAY}&tableau=Tous+les+services&mesure_tous=Offre")
    heads, rows = screen(page)
    assert len(rows) == 47
    assert len(heads) > 15
    plain = french_csv(download(page, "CSV pour un tableur français"))
    typed = sheet(download(page, "Classeur Excel (XLSX)"))
    hidden = 0
    for line, (shown, of_csv, of_sheet) in enumerate(zip(rows, plain, typed, strict=True)):
        *cells, day, about = list(of_csv.values())[1:]
        assert day == "01/01/2026"
        assert ("recensement de démonstration. Offre au" in about) == (line == 0)  # said once
        assert cells[0] == shown[0]
        for text, csv_cell, typed_cell in zip(
            shown[1:], cells[1:], list(of_sheet.values())[2:], strict=True
        ):
            if text == MASKED:
                hidden += 1
                assert csv_cell == typed_cell == MASKED
                continue
            assert figure(text) == (float(csv_cell.replace(",", ".")) if csv_cell else None)
            assert figure(text) == (None if typed_cell == "" else typed_cell)
    assert hidden == 6  # the assistants maternels of three communes, and all modes of care there


@pytest.mark.campaign
def test_a_click_on_a_row_leads_to_the_sheet_of_the_commune(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/tableau?{DAY}")
    screen(page)
    page.locator(".grid tbody tr", has_text="Agny").locator("td").first.click()
    expect(page.get_by_role("link", name="Fiche d'Agny")).to_be_visible()
    expect(page.locator(".grid tr[aria-current]")).to_contain_text("Agny")
    page.get_by_role("link", name="Fiche d'Agny").click()
    expect(page).to_have_url(re.compile("/commune.*commune=62013"))


@pytest.mark.campaign
def test_three_communes_are_added_up_as_one(page: Page, arras_url: str) -> None:
    """By hand, of the figures shown: children, need and supply add up; the rate is of the sums."""
    three = "".join(
        f"&communes={n}" for n in ("Achicourt+(62004)", "Arras+(62041)", "Rivi%C3%A8re+(62712)")
    )
    page.goto(
        f"{arras_url}/comparer?{DAY}&service=EAJE&besoin=Taux+de+la+France"
        f"&groupe=Des+communes+choisies{three}"
    )
    heads, rows = screen(page)
    by_name = {row[0]: [figure(v) for v in row[2:]] for row in rows if row[0] != "x"}
    names = ("Achicourt", "Arras", "Rivière")
    assert {row[0] for row in rows} > {*names, "Sélection (somme)", "Voisines de la sélection"}
    public, need, supply, gap, rate = by_name["Sélection (somme)"]
    supplies = [by_name[n][2] or 0 for n in names]
    assert supply == sum(supplies)  # supplies are whole: nothing is lost in rounding
    children = sum(by_name[n][0] or 0 for n in names)
    assert public == pytest.approx(children, abs=1.5)
    assert need == pytest.approx(sum(by_name[n][1] or 0 for n in names), abs=1.5)
    assert gap == pytest.approx((supply or 0) - (need or 0), abs=1)
    assert rate == pytest.approx(100 * sum(supplies) / children, abs=0.1)
    mean = sum(by_name[n][4] or 0 for n in names) / 3
    assert abs((rate or 0) - mean) > 0.5
    expect(page.get_by_text("le taux est recalculé sur ces sommes")).to_be_visible()
    assert heads[:2] == ["Commune", "Rang"]


@pytest.mark.campaign
def test_an_empty_selection_says_what_to_do(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/comparer?groupe=Des+communes+choisies")
    expect(page.get_by_text("par leurs premières lettres")).to_be_visible()
    page.get_by_role("button", name="Comparer toutes les communes").click()
    _, rows = screen(page)
    assert len(rows) == 47


def test_one_commune_stands_beside_its_neighbours_and_the_territory(
    page: Page, arras_url: str
) -> None:
    page.goto(f"{arras_url}/comparer?{DAY}&groupe=Des+communes+choisies&communes=Arras+(62041)")
    _, rows = screen(page)
    assert [row[0] for row in rows] == ["Arras", "Voisines d'Arras", "Communauté urbaine d'Arras"]
    expect(page.get_by_text("Voisinage estimé : les contours sont schématiques.")).to_be_visible()


@pytest.mark.campaign
def test_a_small_map_leads_to_the_map_of_its_service(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/comparer?{DAY}")
    screen(page)
    expect(page.locator("img.obs-mini").first).to_be_visible()
    page.get_by_role("button", name="LAEP", exact=True).click()
    expect(page.get_by_text("Heures pour 100 enfants : LAEP").first).to_be_visible()


@pytest.mark.campaign
@pytest.mark.parametrize(
    "address", at_every_run(1, ["tableau?colonnes=Fiabilit%C3%A9", "comparer"])
)
def test_a_hostile_name_stays_text(page: Page, hostile_url: str, address: str) -> None:
    page.goto(f"{hostile_url}/{address}")
    _, rows = screen(page)
    assert HOSTILE in [row[0] for row in rows]
    if address == "comparer":
        expect(page.locator("img.obs-mini").first).to_be_visible()
    else:
        page.locator(".grid tbody button", has_text="onerror").click()
        expect(page.get_by_role("link", name=f"Fiche d'{HOSTILE}")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert page.title() != "taken"


@pytest.mark.parametrize(
    "address", at_every_run(1, ["tableau", "rapprochement", "", "comparer", "changements"])
)
def test_streamlits_own_csv_of_a_table_is_not_offered(
    page: Page, arras_url: str, address: str
) -> None:
    """It would write formulas as they come; our files are beside each table, which is ours too."""
    page.goto(f"{arras_url}/{address}")
    expect(page.locator("h1").first).to_be_visible(timeout=WAIT)
    settled(page)
    assert page.locator("[data-testid=stDataFrame]").count() == 0


@pytest.mark.campaign
@pytest.mark.parametrize(
    "size", [(390, 844), pytest.param((1440, 900), marks=pytest.mark.campaign)]
)
def test_every_download_can_be_reached_where_the_page_ends(
    page: Page, arras_url: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{arras_url}/tableau")
    page.get_by_text("Télécharger", exact=True).click()
    offered = page.get_by_role("button", name=re.compile("^Télécharger (le|en|la)"))
    expect(offered.first).to_be_visible(timeout=WAIT)
    for n in range(offered.count()):
        offered.nth(n).click(trial=True)


def test_a_click_in_a_table_shows_where_it_leads_and_keeps_the_place(
    page: Page, arras_url: str
) -> None:
    """Nothing moves under the pointer, and the keyboard stays on the row."""
    page.goto(f"{arras_url}/tableau?{DAY}")
    screen(page)
    region = page.locator(".grid")
    region.evaluate("one => { one.scrollTop = 400; }")
    row = page.locator(".grid tbody tr", has_text="Wancourt")
    row.scroll_into_view_if_needed()
    scrolled, before = region.evaluate("one => one.scrollTop"), row.bounding_box()
    row.locator("td").nth(1).click()
    link = page.get_by_role("link", name="Fiche de Wancourt")
    expect(link).to_be_in_viewport()
    expect(page.locator(".grid tr[aria-current]")).to_contain_text("Wancourt")
    assert region.evaluate("one => one.scrollTop") == scrolled
    assert row.bounding_box() == before
    expect(row.get_by_role("button")).to_be_focused()
    page.locator(".grid thead button", has_text="Offre").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".grid th[aria-sort=descending]", has_text="Offre")).to_be_visible()
    expect(page.locator(".grid thead button", has_text="Offre")).to_be_focused()


@pytest.mark.campaign
def test_a_click_in_the_table_of_the_map_says_where_the_sheet_is(
    page: Page, arras_url: str
) -> None:
    page.goto(f"{arras_url}/?{DAY}")
    table = open_table(page)
    table.get_by_role("button", name="Agny").click()
    expect(page.get_by_role("link", name="Fiche d'Agny")).to_be_in_viewport()
    expect(table.get_by_role("button", name="Agny")).to_be_focused()
