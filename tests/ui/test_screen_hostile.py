"""A census with hostile names, through check, load and refresh, on every page of the app."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import Profiles, served, settled
from census_files import row, total, write
from fixtures.versions import deployed_copy
from hostile_texts import MANAGER, NAME, PLACE
from playwright.sync_api import Page, expect
from what_if_links import CRECHE_LINK

from observatory.census import loading
from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from pipelines.refresh import refresh

pytestmark = [pytest.mark.browser, pytest.mark.campaign]
WAIT = 30_000  # milliseconds
ARRAS = "commune=Arras+(62041)"
# fmt: off
PAGES = ("", f"?{ARRAS}", "commune", f"commune?{ARRAS}", "tableau", "comparer", "deploiement",
         "fichiers", "demain", "priorites", "et_si", f"et_si?scenario={CRECHE_LINK}",
         "et_si?service=eaje&ou=places:60,sites:4", "plan",
         "habitants", "comparables", "rapprochement", "changements", "recensement",
         "sources_et_methode")
# fmt: on


def quiet(line: str) -> None:
    """Report to nobody."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, embedded_settings: Settings) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    settings = deployed_copy(embedded_settings, folder)
    offer = write(
        folder / "offre.csv",
        row(nom=NAME, gestionnaire=MANAGER),
        row(identifiant="B", nom=PLACE, latitude="50.28"),
    )
    totals = write(folder / "totaux_communaux.csv", total(source=NAME))
    loading.load_files([offer, totals], settings, quiet)
    refresh(settings, parse("arras"), quiet)
    env = {
        f"OBSERVATORY_{name}_DIR": str(folder / name.lower())
        for name in ("PROCESSED", "CACHE", "CENSUS")
    }
    with served(ROOT / "server.py", folder, env) as one:
        yield one


@pytest.fixture(scope="module")
def page(profiles: Profiles) -> Iterator[Page]:
    with profiles.page(WAIT) as one:
        yield one


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible(timeout=WAIT)
    settled(page)


@pytest.mark.parametrize("address", PAGES)
def test_no_page_runs_what_a_census_holds(page: Page, url: str, address: str) -> None:
    opened(page, f"{url}/{address}")
    expect(
        page.locator('[data-testid="stApp"] [role="alert"]').filter(has_text="inattendue")
    ).to_have_count(0)
    assert "pris" not in page.title()
    assert page.locator("img[src='x'], a[href^='javascript']").count() == 0


def test_the_hostile_name_is_read_as_it_is_written(page: Page, url: str) -> None:
    opened(page, f"{url}/commune?{ARRAS}")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    expect(page.get_by_text(NAME, exact=False).first).to_be_visible()
    expect(page.get_by_text(PLACE, exact=False).first).to_be_visible()


def test_the_map_says_the_hostile_name_in_its_tooltip(page: Page, url: str) -> None:
    opened(page, f"{url}/?service=EAJE")
    page.wait_for_selector("[data-painted]:not([data-painted='0'])")
    spots = page.locator(".leaflet-establishments-pane path.point")
    expect(spots).to_have_count(2, timeout=WAIT)
    spots.first.hover(force=True)
    tip = page.locator(".tip.shown")
    expect(tip).to_be_visible()
    assert tip.inner_text().splitlines()[0] in (NAME, PLACE)
    assert "pris" not in page.title()
