"""Every page, for everyone: axe in both themes, the keyboard, a zoom of 200 %, 320 pixels.

Each page is opened once a theme; what the tests ask of it is looked at in that one visit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import pytest
from browser import Profiles, environment, open_table, served, strangers, watched
from fixtures.versions import deployed_copy
from generated import at_every_run
from playwright.sync_api import Page, expect
from what_if_links import CRECHE_LINK

from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from pipelines.refresh import refresh

pytestmark = pytest.mark.browser
WAIT = 30_000  # milliseconds
STILL = {"reduced_motion": "reduce"}
DESK = 1440
# Theme → widths the page is brought to: 320 px is what the law asks; 720 is 1440 at 200 %.
Scheme = Literal["light", "dark"]
WIDTHS: dict[Scheme, tuple[int, ...]] = {"light": (720, 390, 320), "dark": ()}
MAP = "[data-painted]:not([data-painted='0'])"
TABLE = "the table of the map's figures, opened"
# Address → a heading or words that stand on the page once it is whole.
PAGES = {
    "/": TABLE,
    "/?commune=62041": TABLE,
    "/?mesure=acces": "Le territoire en quelques phrases",
    "/?presentation=deux": "",
    "/commune": "Choisir une commune",
    "/commune?commune=62041": "Arras",
    "/tableau": "",
    "/comparer": "",
    "/deploiement": "Déploiement de l'offre",
    "/fichiers": "Fichiers",
    "/rapprochement": "Rapprochement",
    "/changements": "Ce qui a changé",
    "/demain": "Ce que la simulation suppose",
    "/priorites": "Priorités",
    "/comparables": "Territoires comparables",
    "/et_si?commune=62041": "Et si…",
    f"/et_si?scenario={CRECHE_LINK}": "Les communes qui bougent",
    "/et_si?service=eaje&ou=places:60,sites:4": "Où ouvrir",
    "/plan": "Plan d'actions",
    "/habitants": "Parole des habitants",
    "/plan?action=EF-2": "Ce que disent les chiffres",
    "/plan?modifier=1": "Modifier le plan d'actions",
    "/recensement": "Recensement de l'offre",
    "/modifier": "Modifier le recensement",
    "/journal": "Qui a changé quoi",
    "/sources_et_methode": "Sources et méthode",
    "/accessibilite": "Déclaration d'accessibilité",
}
# Every run looks at a map, a sheet, a table and a form, in the dark at the one that holds most; the
# campaign at all of them.
SEEN = (
    "/", "/commune?commune=62041", "/tableau", "/recensement",
)  # fmt: skip
DARK = ("/commune?commune=62041",)
WITH_ACCOUNTS = {"connexion"}  # no page at that address unless accounts are configured
ENGLISH = re.compile(
    r"^(Choose|Open|Close|Help for|Clear|Remove|Select|Sidebar|Collapse|Expand|Skip|Search:|App "
    r"|Download|Fullscreen|Show|Press|Upload|file upload|Running|Previous|Next|Dismiss|progress|"
    r"(day|month|year),)"
    r"|\boptions? available|, selected$"
)

# Shadow trees are walked as the rest: the map and the large tables stand in theirs.
WALK = """
  const all = (root) => [...root.querySelectorAll('*')]
    .flatMap((e) => e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]);
  const above = (e) => e.parentElement ?? e.getRootNode().host ?? null;
  const among = (e, wanted) => { for (; e; e = above(e)) if (wanted(e)) return true; };
  const said = (e) => e.outerHTML.slice(0, 120);
"""
# What goes beyond the right edge, but for a map and for what slides under the keyboard.
BEYOND = f"""() => {{ {WALK}
  const reached = (e) => e.tabIndex >= 0 || e.querySelector('button, a, input');
  const slides = (e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
    && e.dataset.testid !== 'stMain' && e.getBoundingClientRect().right <= innerWidth + 1
    && reached(e);
  const excused = (e) => e.matches('.leaflet-container, [aria-hidden=true]') || slides(e)
    || getComputedStyle(e).visibility === 'hidden' || getComputedStyle(e).opacity === '0'
    || getComputedStyle(e).clipPath.startsWith('inset(50%');
  const main = document.querySelector('[data-testid=stMain]');
  const wide = [document.documentElement, main].filter((e) => e.scrollWidth > e.clientWidth + 1);
  return [...wide.map((e) => `${{e.tagName}}: ${{e.scrollWidth}}`),
    ...all(main).filter((e) => e.getBoundingClientRect().right > innerWidth + 1
      && !among(e, excused)).map(said)].slice(0, 5);
}}"""
MUTE = f"""() => {{ {WALK}
  return all(document.querySelector('[data-testid=stMain]'))
    .filter((e) => e.matches('svg, img, figure, canvas') && e.getBoundingClientRect().width > 40
      && !among(e, (o) => o.matches('[aria-hidden=true], button, [role=img], [role=button], '
        + '[role=region][aria-label], [data-testid=stDataFrame]'))
      && !e.getAttribute('aria-label') && !e.getAttribute('alt')
      && !e.querySelector('figcaption')).map(said);
}}"""
NAMES = f"""() => {{ {WALK}
  return all(document.body).flatMap((e) => ['aria-label', 'title', 'placeholder']
    .map((a) => e.getAttribute(a)).filter(Boolean)
    .concat(e.children.length || e.tagName === 'STYLE' ? [] : e.textContent.trim()));
}}"""
# Where the keyboard is, and whether it can be seen there.
STOP = f"""() => {{ {WALK}
  let e = document.activeElement;
  while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  let seen = false;
  for (let o = e, n = 0; o && n < 4; o = above(o), n += 1) {{
    const style = getComputedStyle(o);
    seen ||= style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  }}
  const label = e.getAttribute('aria-label') || e.labels?.[0]?.innerText;
  return {{ name: (label || e.innerText || e.value || '').trim(), seen,
    said: said(e), page: e === document.body }};
}}"""


@dataclass
class Visit:
    """What was seen of a page in one theme; ``beyond`` by width."""

    title: str
    lang: str
    violations: list[str]
    mute: list[str]
    english: list[str]
    beyond: dict[int, list[str]] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)


Look = Callable[[str, Scheme], Visit]


@pytest.fixture(scope="module")
def look(profiles: Profiles, arras_url: str) -> Iterator[Look]:
    """Visit a page in a theme, once for all the tests."""
    visits: dict[tuple[str, str], Visit] = {}

    def visit(address: str, scheme: Scheme) -> Visit:
        if (address, scheme) not in visits:
            asked[scheme].clear()
            seen = looked_at(pages[scheme], arras_url + address, PAGES[address], WIDTHS[scheme])
            assert asked[scheme]
            seen.strangers = strangers(asked[scheme])
            visits[address, scheme] = seen
        return visits[address, scheme]

    with ExitStack() as stack:
        pages = {
            scheme: stack.enter_context(profiles.page(WAIT, color_scheme=scheme, **STILL))
            for scheme in WIDTHS
        }
        asked = {scheme: watched(page) for scheme, page in pages.items()}
        yield visit


@pytest.fixture
def page(profiles: Profiles) -> Iterator[Page]:
    with profiles.page(WAIT, **STILL) as one:
        yield one


def go(page: Page, address: str) -> None:
    """Open an address, until the script has run to its end and the map, if any, is painted."""
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible(timeout=WAIT)
    app = page.locator('[data-testid="stApp"]')
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=WAIT)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    if re.fullmatch(r"[a-z]+://[^/]+/(\?.*)?", address):  # the home page holds the map
        page.wait_for_selector(MAP)


def looked_at(page: Page, address: str, words: str, widths: tuple[int, ...]) -> Visit:
    """Look at a page, then at what becomes of it at each width."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    go(page, address)
    if words == TABLE:
        open_table(page)
    elif words:
        expect(page.get_by_role("heading", name=words, exact=True).first).to_be_visible()
    visit = Visit(
        page.title(),
        str(page.evaluate("document.documentElement.lang")),
        [
            f"{v['impact']} {v['id']}: {[n['target'] for n in v['nodes']][:3]}"
            for v in axe.run(page).response["violations"]
            if v["impact"] != "minor"
        ],
        page.evaluate(MUTE),
        [name for name in page.evaluate(NAMES) if ENGLISH.search(name)],
    )
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        for _ in range(10):  # the page follows its window a moment later
            visit.beyond[width] = page.evaluate(BEYOND)
            if not visit.beyond[width]:
                break
            page.wait_for_timeout(200)
    return visit


ADDRESSES = at_every_run(len(SEEN), [*SEEN, *(a for a in PAGES if a not in SEEN)])
LOOKS = at_every_run(
    len(SEEN) + len(DARK),
    [
        *[(a, "light") for a in SEEN], *[(a, "dark") for a in DARK],
        *[(a, "light") for a in PAGES if a not in SEEN],
        *[(a, "dark") for a in PAGES if a not in DARK],
    ],
)  # fmt: skip


@pytest.mark.parametrize(("address", "scheme"), LOOKS)
def test_axe_finds_nothing_but_minor_on_any_page(look: Look, address: str, scheme: Scheme) -> None:
    assert look(address, scheme).violations == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_scrolls_sideways_nor_cuts(look: Look, address: str) -> None:
    assert look(address, "light").beyond == {320: [], 390: [], 720: []}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_chart_and_map_has_words(look: Look, address: str) -> None:
    assert look(address, "light").mute == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_asks_anything_of_another_machine(look: Look, address: str) -> None:
    assert look(address, "light").strangers == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_in_french_and_says_which_it_is(look: Look, address: str) -> None:
    visit = look(address, "light")
    assert visit.lang == "fr"
    assert visit.english == []
    assert re.fullmatch(r".+ – Observatoire des services aux familles", visit.title)


@pytest.mark.parametrize("addresses", at_every_run(1, [SEEN, PAGES]), ids=["seen", "all"])
def test_no_two_pages_have_the_same_title(look: Look, addresses: Collection[str]) -> None:
    pages = {a.split("?")[0]: look(a, "light").title for a in addresses}
    assert len(set(pages.values())) == len(pages)


def walked(page: Page, stops: int) -> list[dict[str, Any]]:
    """Where the keyboard goes from the top of the page, until it leaves it."""
    reached = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["page"]:
            break
        reached.append(stop)
    return reached


def test_the_keyboard_reaches_every_commune_and_menu(page: Page, arras_url: str) -> None:
    go(page, f"{arras_url}/")
    table = open_table(page)
    rows = table.locator("tbody tr[data-code]")
    expect(rows).to_have_count(46)
    page.get_by_text("Aller au contenu").focus()  # the top of the page again
    reached = walked(page, 150)
    names = [stop["name"] for stop in reached]
    assert {*rows.locator("th").all_inner_texts()} <= {*names}
    assert {"Carte", "Tableau", "Comparer", "Thème", "Service", "Mesure", "Besoin"} <= {*names}
    assert [stop["said"] for stop in reached if not stop["seen"]] == []
    rows.locator("th button").nth(20).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]commune="))


@pytest.mark.campaign
@pytest.mark.parametrize(
    "address", at_every_run(1, ["/tableau", "/fichiers", "/comparer", "/deploiement"])
)
def test_the_place_of_the_keyboard_is_always_seen(page: Page, arras_url: str, address: str) -> None:
    go(page, arras_url + address)
    reached = walked(page, 40)
    assert len(reached) > 10
    assert [stop["said"] for stop in reached if not stop["seen"]] == []


def test_the_first_key_leads_past_the_menus(page: Page, arras_url: str) -> None:
    go(page, f"{arras_url}/accessibilite")
    page.keyboard.press("Tab")
    assert page.evaluate(STOP)["name"] == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_an_address_of_no_page_is_told_in_french_and_shows_the_map(
    page: Page, arras_url: str
) -> None:
    page.goto(f"{arras_url}/nulle-part")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Page introuvable")
    expect(dialog).to_contain_text("Aucune page n'a")
    expect(dialog).not_to_contain_text("page that")
    expect(page.locator("path.commune")).to_have_count(46)


@pytest.mark.campaign
def test_dates_are_written_and_lists_open_in_french(
    page: Page, arras_url: str, embedded_settings: Settings, tmp_path: Path
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path)
    refresh(settings, parse("arras"), lambda line: None)  # two versions, to be compared
    with served(ROOT / "server.py", tmp_path, environment(settings)) as two_versions:
        go(page, f"{two_versions}/changements")
        day = page.get_by_label("Ce qui manque au", exact=True)
        day.fill("1er mars 2026")
        day.press("Enter")
        expect(page).to_have_url(re.compile("manque_au=2026-03-01"))
        assert [name for name in page.evaluate(NAMES) if ENGLISH.search(name)] == []
    go(page, f"{arras_url}/fichiers")
    page.get_by_role("combobox", name="Services de l'atlas").click()
    expect(page.get_by_text("Tout choisir")).to_be_visible()
    expect(page.locator("[role=log]").first).to_contain_text("choix.")
    assert [name for name in page.evaluate(NAMES) if ENGLISH.search(name)] == []


def test_a_page_of_every_kind_is_looked_at() -> None:
    files = {p.stem for p in (Path(ROOT) / "observatory" / "ui" / "pages").glob("[a-z]*.py")}
    seen = {a.lstrip("/").split("?")[0] or "carte" for a in PAGES}
    assert files - WITH_ACCOUNTS == seen
