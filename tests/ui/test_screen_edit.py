"""The census edited in a real Chromium: a draft published, a point moved, undone, by two hands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser import Another, environment, served, settled
from fixtures.versions import deployed_copy
from playwright.sync_api import Page, expect

from observatory.census import census_store, publishing
from observatory.census.edited_rows import columns, rows_of
from observatory.census.edits import Edit
from observatory.census.loading import load_files
from observatory.settings import ROOT, Settings
from observatory.versions import warehouse
from observatory.workbook.drafts import Draft

pytestmark = pytest.mark.browser
WAIT = 90_000  # milliseconds
CENSUS = """identifiant;nom;service;statut;code_insee;longitude;latitude;capacite;ouverture
A1;Les Petits <b>Pas</b>;eaje_psu;public;62041;2.77;50.29;40;2019-09-01
B1;La Farandole;eaje_psu;associatif;62041;;;20;2019-09-01
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, embedded_settings: Settings) -> Settings:
    """One census for all the tests: what each of them changes is its own, or undone."""
    folder = tmp_path_factory.mktemp("edited")
    made = deployed_copy(embedded_settings, folder)
    file = folder / "offre.csv"
    file.write_text(CENSUS, encoding="utf-8")
    assert load_files([file], made, lambda _: None).checked.rejected == 0
    return made


@pytest.fixture(scope="module")
def url(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    env = environment(settings)
    with served(ROOT / "server.py", tmp_path_factory.mktemp("served"), env) as one:
        yield one


def stored(settings: Settings, id_: str, *names: str) -> list[tuple[str, ...]]:
    at = columns()
    found = rows_of(publishing.establishments(settings), id_)
    return [tuple(row[at[n]] for n in names) for row in found]


def opened(page: Page, url: str, word: str) -> None:
    """The page, with the establishment of that name chosen by the keyboard."""
    page.set_default_timeout(WAIT)
    page.goto(f"{url}/modifier")
    box = page.get_by_role("combobox", name="Établissement")
    box.fill(word)
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    settled(page)


@pytest.mark.campaign
def test_by_the_keyboard_a_real_change_is_published_and_undone(
    another: Another, url: str, settings: Settings
) -> None:
    store = census_store.census_store(settings.census_dir)
    first = store.read()[1]
    page = another()
    opened(page, url, "Petits")
    page.get_by_label("À partir du").fill("31/04/2026")
    page.get_by_label("Capacité", exact=True).fill("48")
    page.get_by_label("Capacité", exact=True).press("Enter")
    expect(page.get_by_text("n'est pas un jour du calendrier")).to_be_visible(timeout=WAIT)
    page.get_by_label("À partir du").fill("01/09/2026")
    page.get_by_label("À partir du").press("Enter")
    expect(page.get_by_text("capacité 48, depuis le 1er septembre 2026")).to_be_visible(
        timeout=WAIT
    )
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("Dire pourquoi")).to_be_visible(timeout=WAIT)
    assert store.read()[1] == first  # nothing changes before « Publier »
    page.get_by_label("Pourquoi").fill("--agrément du 12 juin")
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("La carte est à jour")).to_be_visible(timeout=WAIT)
    assert stored(settings, "A1", "depuis", "capacite") == [("", "40"), ("2026-09-01", "48")]
    entry = store.head().entry
    assert entry is not None
    assert (entry.kind, entry.why) == ("edit", "--agrément du 12 juin")
    with warehouse.open_current(settings.processed_dir) as con:
        sizes = con.execute("SELECT amount FROM capacity WHERE establishment = 'A1'").fetchall()
    assert sorted(sizes) == [(40.0,), (48.0,)]
    page.goto(f"{url}/journal")
    expect(page.get_by_text("--agrément du 12 juin").first).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Annuler la génération 2").press("Enter")
    expect(page.get_by_text("La carte est à jour")).to_be_visible(timeout=WAIT)
    assert store.read()[1] == first


@pytest.mark.campaign
def test_by_touch_a_point_is_moved_on_the_map(
    another: Another, url: str, settings: Settings
) -> None:
    page = another(viewport={"width": 390, "height": 844}, has_touch=True)
    opened(page, url, "Farandole")
    page.get_by_text("Une erreur à corriger").tap()
    canvas = page.locator(".observatory.point[data-ready] .canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    assert box["height"] <= 320  # all of it in sight: a tap elsewhere would put another point
    page.touchscreen.tap(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    expect(page.get_by_role("textbox", name="Longitude")).to_have_value(
        re.compile(r"2,\d+"), timeout=WAIT
    )
    page.get_by_role("button", name="Ajouter au brouillon").tap()
    expect(page.get_by_role("heading", name="Brouillon")).to_be_visible(timeout=WAIT)
    page.get_by_label("Pourquoi").fill("vu sur place")
    page.get_by_role("button", name="Publier").tap()
    expect(page.get_by_text("La carte est à jour")).to_be_visible(timeout=WAIT)
    ((lon, lat, position),) = stored(settings, "B1", "longitude", "latitude", "position")
    assert position == "exact"
    assert 2.6 < float(lon) < 2.9
    assert 50.2 < float(lat) < 50.4


@pytest.mark.campaign
def test_a_draft_whose_row_changed_meanwhile_is_kept_and_taken_up_on_the_state_of_today(
    another: Another, url: str, settings: Settings
) -> None:
    page = another()
    opened(page, url, "Farandole")
    page.get_by_text("Une erreur à corriger").click()
    page.get_by_label("Nom", exact=True).fill("La Grande Farandole")
    page.get_by_label("Nom", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Brouillon")).to_be_visible(timeout=WAIT)
    other = Edit("B1", "correction", {"capacite": "21"})
    publishing.publish(Draft((other,)), settings, "planificateur", "ailleurs")
    page.get_by_label("Pourquoi").fill("le vrai nom")
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("modifié entre-temps").first).to_be_visible(timeout=WAIT)
    assert stored(settings, "B1", "nom", "capacite") == [("La Farandole", "21")]
    page.get_by_role("button", name="Reprendre sur l'état d'aujourd'hui").click()
    # The former one, disabled, stays beside it while the page is redrawn.
    expect(page.get_by_role("button", name="Publier", disabled=False)).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Publier", disabled=True)).to_have_count(0, timeout=WAIT)
    page.get_by_label("Pourquoi").fill("le vrai nom")
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("La carte est à jour")).to_be_visible(timeout=WAIT)
    assert stored(settings, "B1", "nom", "capacite") == [("La Grande Farandole", "21")]


@pytest.mark.campaign
@pytest.mark.parametrize("address", ["modifier", "journal"])
def test_a_visit_through_a_proxy_sees_none_of_it(
    another: Another, arras_url: str, address: str
) -> None:
    page = another(extra_http_headers={"X-Forwarded-For": "203.0.113.9"})
    page.goto(f"{arras_url}/{address}")
    expect(page.get_by_text("Page réservée aux planificateurs")).to_be_visible(timeout=WAIT)
    settled(page)
    assert page.get_by_role("combobox").count() == 0
