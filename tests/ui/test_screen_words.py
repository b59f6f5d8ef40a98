"""Words in a real Chromium: what lacks is said one way, services are found by people's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import tiny
from browser import SMALL, Another, choose, open_table, printed, served, settled
from fixtures.versions import make_settings
from generated import at_every_run
from playwright.sync_api import Page, expect

from observatory.knowledge.territory import parse
from observatory.settings import ROOT
from pipelines.refresh import refresh

pytestmark = pytest.mark.browser
WAIT = 20_000  # milliseconds
DAY = "date=2026-01-01"
SIGN = re.compile(r"[−+]\d")
PRODUCT = "Observatoire des services aux familles"


@pytest.fixture(scope="module")
def tiny_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A territory of which the postcodes and the supply are known, and no age."""
    folder = tmp_path_factory.mktemp("words")
    codes = re.findall(r"^COM,(\w{5})", tiny.COMMUNES, re.M)
    table = "#Code_commune_INSEE;Code_postal\n" + "".join(
        f"{code};{99990 + n}\n" for n, code in enumerate(codes)
    )
    no_age = {"rp_age/ages_rp2023.csv": None}
    raw = tiny.write_raw(folder / "raw", {"codes_postaux/communes.csv": table, **no_age})
    settings = make_settings(folder, raw_dir=raw)
    refresh(settings, parse(tiny.SIREN), lambda line: None)
    env = {"OBSERVATORY_PROCESSED_DIR": str(settings.processed_dir)}
    with served(ROOT / "server.py", folder, env) as one:
        yield one


def open_map(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("[data-painted]")
    settled(page)


@pytest.mark.campaign
def test_what_lacks_is_said_in_the_same_words_everywhere(page: Page, arras_url: str) -> None:
    open_map(page, f"{arras_url}/?service=eaje&{DAY}")
    expect(page.get_by_role("heading", name="Places manquantes : EAJE")).to_be_visible()
    head = page.locator(".obs-figures")
    expect(head).to_contain_text(re.compile("Il manque|De plus que le besoin|équilibre"))
    legend = page.locator(".legend").inner_text()
    assert "il manque au moins 60" in legend
    assert "au moins 60 de plus" in legend
    assert not SIGN.search(legend + head.inner_text())
    tip = page.locator(".tip.shown .value")
    for n in range(46):  # the middle of one may be under a symbol, or outside its outline
        page.locator("path.commune").nth(n).hover(force=True)
        if tip.count():
            break
    expect(tip).to_have_text(re.compile(r"il.manque|de.plus.que le besoin|équilibre"))
    cells = open_table(page).locator("tbody td:nth-child(5)").all_inner_texts()
    assert len(cells) == 46
    assert {c for c in cells if not re.match(r"il.manque|.*de.plus$|équilibre|masqué", c)} == set()
    page.goto(f"{arras_url}/commune?commune=62041&service=eaje&{DAY}")
    drawn = re.compile("^Manque : la commune et ses voisines, .*(il.manque|de.plus|équilibre)")
    expect(page.get_by_role("img", name=drawn)).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "found", "id_"),
    at_every_run(
        1,
        [
            ("micro", "Micro-crèches (hors PSU)", "eaje_hors_psu"),
            ("centre aere", "Centres de loisirs (ALSH)", "alsh"),
            ("nounou", "Assistantes maternelles", "assistants_maternels"),
            ("relais", "Relais (RPE)", "rpe"),
        ],
    ),
)
def test_a_service_is_found_by_the_words_of_people(
    page: Page, arras_url: str, typed: str, found: str, id_: str
) -> None:
    open_map(page, arras_url)
    box = page.get_by_role("combobox", name="Chercher un service")
    box.click()
    page.keyboard.type(typed)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_have_text(found)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"service={id_}"))
    expect(page.get_by_label("Service", exact=True)).to_have_value(id_)


def test_a_link_with_peoples_words_opens_the_service(page: Page, arras_url: str) -> None:
    open_map(page, f"{arras_url}/?service=centre+de+loisirs")
    expect(page.get_by_role("heading", name=re.compile("ALSH")).first).to_be_visible()


@pytest.mark.campaign
def test_a_postcode_finds_its_commune(page: Page, tiny_url: str) -> None:
    page.goto(f"{tiny_url}/commune")
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Commune", exact=True)
    expect(box).to_be_visible(timeout=WAIT)
    settled(page)
    box.click()
    page.keyboard.type("99991")
    options = page.get_by_test_id("stSidebar").get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(1)


@pytest.mark.campaign
def test_the_atlas_finds_its_communes_accents_or_not(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/fichiers")
    box = page.get_by_role("combobox", name="Communes de l'atlas")
    expect(box).to_be_visible(timeout=WAIT)
    settled(page)
    for typed in ("etrun", "st nico"):
        box.click()
        page.keyboard.type(typed)
        page.get_by_role("listbox").get_by_role("option").first.click()
    expect(page.get_by_text("2 communes choisies")).to_be_visible(timeout=WAIT)


def test_the_table_is_filtered_by_a_short_word(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/tableau?nom=st+nico")
    expect(page.locator(".grid tbody tr")).to_have_count(1, timeout=WAIT)


PAGES = ("", "commune?commune=62041", "tableau", "comparer", "fichiers", "sources_et_methode")


@pytest.mark.campaign
def test_the_product_the_territory_and_the_bar_stand_at_one_place(
    page: Page, arras_url: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    places = set()
    for address in PAGES:
        page.goto(f"{arras_url}/{address}")
        link = page.get_by_role("link", name="Tableau", exact=True).first
        expect(link).to_be_visible(timeout=WAIT)
        settled(page)
        brand = page.locator(".obs-brand")
        expect(brand).to_have_text(f"{PRODUCT}Communauté urbaine d'Arras")
        box, of_brand = link.bounding_box(), brand.bounding_box()
        assert box
        assert of_brand
        places.add((round(box["x"]), round(box["y"]), round(of_brand["x"])))
        assert of_brand["x"] + of_brand["width"] <= box["x"]
    assert len(places) == 1


@pytest.mark.parametrize(
    ("address", "most", "last"),
    at_every_run(
        1,
        [
            ("?commune=62041", 2, "Détail dans « Sources et méthode »"),
            ("", 1, "Sources : Insee"),
            ("tableau", 2, "Communauté urbaine d'Arras"),
        ],
    ),
)
@pytest.mark.parametrize("scheme", at_every_run(1, ["light", "dark"]))
def test_paper_has_one_or_two_whole_sheets_and_no_button(
    another: Another, arras_url: str, address: str, most: int, last: str, scheme: str
) -> None:
    page = another(viewport=SMALL, color_scheme=scheme)
    page.goto(f"{arras_url}/{address}")
    page.wait_for_selector("[data-painted], .grid table[data-rows]")
    settled(page)
    page.wait_for_timeout(1000)
    sheets = printed(page)
    assert 1 <= len(sheets) <= most
    assert all(PRODUCT in one and "Communauté urbaine d'Arras" in one for one in sheets)
    assert last in sheets[-1]
    every = " ".join(sheets)
    for button in ("Télécharger", "Copier le lien", "Fermer", "en tableau", "Choisir une"):
        assert button not in every
    if not address:  # the list is not cut: its five communes, the legend to its end
        assert every.count("places") >= 5
        assert "Willerval" in every
        assert "masqué" in every


def test_the_bar_of_pages_is_in_french_when_it_is_too_narrow(page: Page, arras_url: str) -> None:
    page.set_viewport_size({"width": 1000, "height": 720})
    page.goto(arras_url)
    expect(page.get_by_text(re.compile(r"^\d+ autres$"))).to_be_visible(timeout=WAIT)
    assert page.get_by_text(re.compile(r"\bmore$")).count() == 0


@pytest.mark.campaign
def test_a_first_map_shows_what_is_known(page: Page, tiny_url: str) -> None:
    """A census and no age at all: nothing can be missing, but the supply is known."""
    open_map(page, tiny_url)
    expect(
        page.get_by_role("heading", name=re.compile("^Offre, en places"), level=2)
    ).to_be_visible()
    expect(page.locator("path.circle").first).to_be_attached()
    assert "inconnu pour" not in page.locator(".obs-figures").inner_text()
    choose(page, "Mesure", "Places manquantes")
    expect(
        page.get_by_role("heading", name=re.compile("^Places manquantes"), level=2)
    ).to_be_visible()
