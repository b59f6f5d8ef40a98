"""The plan edited in a real Chromium: by the keyboard, by two hands, and by nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from browser import Another, environment, served, settled
from fixtures.versions import deployed_copy
from hostile_texts import TITLE
from plan_files import action, book, typed
from playwright.sync_api import Locator, Page, expect
from raw_visitor import visiting
from streamlit.proto.WidgetStates_pb2 import WidgetState

from observatory.plan import plan_store
from observatory.plan.plan_check import check
from observatory.plan.plan_edits import PlanEdit
from observatory.plan.plan_publishing import publish_plan
from observatory.plan.plan_rows import plan_contract
from observatory.settings import ROOT, Settings
from observatory.versions import warehouse
from observatory.workbook.drafts import Draft

pytestmark = pytest.mark.browser
WAIT = 90_000  # milliseconds
OUTSIDE = {"X-Forwarded-For": "203.0.113.9"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, embedded_settings: Settings) -> Settings:
    """One plan for all the tests: what each of them changes is its own, or undone."""
    folder = tmp_path_factory.mktemp("planned")
    made = deployed_copy(embedded_settings, folder)
    path = book(
        folder / "plan.xlsx",
        actions=[
            action(statut="En cours", fin="2026-12-31", public="oui", pilote="Coordinatrice Ctg"),
            action(identifiant="A2", titre=TITLE),
        ],
        indicateurs=[typed(identifiant="I1", action="A1")],
    )
    checked = check([path])
    assert [str(e) for e in checked.errors] == []
    assert plan_store.load(made.census_dir, checked)
    return made


@pytest.fixture(scope="module")
def url(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(ROOT / "server.py", tmp_path_factory.mktemp("served"), environment(settings)) as u:
        yield u


def rows(settings: Settings, sheet: str) -> list[dict[str, str]]:
    stored = plan_contract().sheet(sheet).stored
    found = plan_store.read(settings.census_dir).get(sheet, [])
    return [dict(zip(stored, row, strict=True)) for row in found]


def opened(another: Another, url: str, action: str = "A1", **viewport: int) -> Page:
    page = another(viewport={"width": 1440, "height": 900, **viewport})
    page.set_default_timeout(WAIT)
    page.goto(f"{url}/plan?modifier=1&action={action}")
    settled(page)
    return page


def pick(page: Page, label: str, word: str) -> None:
    """Choose in a list by the keyboard."""
    box = page.get_by_role("combobox", name=label)
    box.focus()
    box.press("Enter")
    box.press_sequentially(word)
    expect(page.get_by_role("option", name=word)).to_be_visible(timeout=WAIT)
    box.press("Enter")


def drafted(page: Page) -> Locator:
    return page.get_by_role("heading", name="Brouillon")


def to_draft(page: Page) -> None:
    page.get_by_role("button", name="Ajouter au brouillon").press("Enter")


def publish(page: Page, why: str) -> None:
    page.get_by_label("Pourquoi").fill(why)
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("Le plan est à jour")).to_be_visible(timeout=WAIT)


@pytest.mark.campaign
def test_by_the_keyboard_an_action_is_followed_published_and_undone(
    another: Another, url: str, settings: Settings
) -> None:
    store = plan_store.plan_store(settings.census_dir)
    before = store.read()[1]
    page = opened(another, url)
    pick(page, "Statut", "Réalisé")
    page.get_by_label("Fin", exact=True).fill("31/04/2026")
    to_draft(page)
    expect(page.get_by_text("n'est pas un jour du calendrier")).to_be_visible(timeout=WAIT)
    page.get_by_label("Fin", exact=True).fill("30/04/2026")
    to_draft(page)
    expect(drafted(page)).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("statut, En cours → Réalisé")).to_be_visible(timeout=WAIT)
    page.get_by_text("Notes", exact=True).click()
    page.get_by_label("Note", exact=True).fill("Ouvert le 2 avril.")
    to_draft(page)
    expect(page.get_by_text("Ouvert le 2 avril.").first).to_be_visible(timeout=WAIT)
    page.get_by_text("Valeurs relevées", exact=True).click()
    page.get_by_label("Valeur", exact=True).fill("162,5")
    to_draft(page)
    expect(page.get_by_text("4 changements")).to_be_visible(timeout=WAIT)
    assert store.read()[1] == before  # nothing changes before « Publier »
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("Dire pourquoi")).to_be_visible(timeout=WAIT)
    publish(page, "--bilan d'avril")
    first = rows(settings, "actions")[0]
    assert (first["statut"], first["fin"], first["pilote"]) == (
        "realise", "2026-04-30", "Coordinatrice Ctg",
    )  # fmt: skip
    assert [r["note"] for r in rows(settings, "suivi")] == ["Ouvert le 2 avril."]
    assert [r["valeur"] for r in rows(settings, "releves")] == ["162.5"]
    entry = store.head().entry
    assert entry is not None
    assert (entry.sequence, entry.kind, entry.why) == (2, "edit", "--bilan d'avril")
    with warehouse.open_current(settings.processed_dir) as con:  # of what is public
        assert con.execute("SELECT id, status FROM action").fetchall() == [("A1", "realise")]
    page.get_by_text("Historique du plan").click()
    page.get_by_role("button", name="Annuler le dernier changement (génération 2)").press("Enter")
    expect(page.get_by_text("Changement annulé : 2 actions en place")).to_be_visible(timeout=WAIT)
    assert store.read()[1] == before


@pytest.mark.campaign
def test_a_hostile_title_is_read_as_it_is_written(another: Another, url: str) -> None:
    page = opened(another, url, "A2")
    expect(page.get_by_text("A2 · Forum <b>gras</b> **fort** [lien](").first).to_be_visible(
        timeout=WAIT
    )
    page.get_by_role("button", name="Retirer du plan").press("Enter")
    expect(drafted(page)).to_be_visible(timeout=WAIT)
    expect(
        page.get_by_text("Retirer – Actions, A2 · Forum <b>gras</b> **fort**").first
    ).to_be_visible(timeout=WAIT)
    bold = page.locator("[data-testid=stMain] :is(b, strong)")
    assert bold.filter(has_text=re.compile("gras|fort")).all_inner_texts() == []
    assert page.locator("[data-testid=stMain] a[href*=example]").count() == 0


@pytest.mark.campaign
def test_a_draft_whose_row_changed_meanwhile_waits_and_is_taken_up(
    another: Another, url: str, settings: Settings
) -> None:
    page = opened(another, url)
    page.get_by_label("Titre", exact=True).fill("Ouvrir deux relais")
    to_draft(page)
    expect(drafted(page)).to_be_visible(timeout=WAIT)
    other = PlanEdit("actions", "correction", ("A1",), {"pilote": "Directeur du CCAS"})
    publish_plan(Draft((other,)), settings.census_dir, {}, "planificateur", "ailleurs")
    page.get_by_label("Pourquoi").fill("voté")
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("modifié entre-temps").first).to_be_visible(timeout=WAIT)
    assert rows(settings, "actions")[0]["titre"] == "Ouvrir un relais"
    page.get_by_role("button", name="Reprendre sur l'état d'aujourd'hui").press("Enter")
    expect(page.get_by_role("button", name="Publier", disabled=True)).to_have_count(0, timeout=WAIT)
    publish(page, "voté")
    first = rows(settings, "actions")[0]
    assert (first["titre"], first["pilote"]) == ("Ouvrir deux relais", "Directeur du CCAS")


def test_who_has_no_role_sees_no_form_and_forges_nothing(url: str, settings: Settings) -> None:
    asked = "modifier=1&action=A2"
    before = plan_store.read(settings.census_dir)
    with visiting(url) as planner:
        planner.run("plan", query=asked)
        known = dict(planner.widgets)
        planner.run("plan", _pressed(known["Retirer du plan"]), query=asked)
        planner.run("plan", query=asked)  # with a draft, and what publishes it
        known |= planner.widgets
        assert {"Pourquoi", "Publier", "Retirer du plan"} <= known.keys()
        with visiting(url, OUTSIDE) as visitor:
            visitor.run("plan", query=asked)
            told = b"".join(visitor.sent)
            assert "Plan d'actions" in told.decode("utf-8", "replace")
            assert [w for w in (b"Modifier le plan", b"Coordinatrice", b"Forum") if w in told] == []
            visitor.run(
                "plan",
                _said(known["Pourquoi"], "forgé"),
                _pressed(known["Retirer du plan"]),
                _pressed(known["Publier"]),
                query=asked,
            )
            assert not known.keys() & visitor.widgets.keys()
    assert plan_store.read(settings.census_dir) == before


def _pressed(identifier: str) -> WidgetState:
    return WidgetState(id=identifier, trigger_value=True)


def _said(identifier: str, text: str) -> WidgetState:
    return WidgetState(id=identifier, string_value=text)


@pytest.mark.campaign
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_axe_finds_nothing_while_an_action_is_edited(
    another: Another, url: str, scheme: Any, width: int
) -> None:
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    page = another(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(WAIT)
    page.goto(f"{url}/plan?modifier=1&action=A1")
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "fr", timeout=WAIT)
    for sheet in ("", "Étapes"):
        if sheet:
            page.get_by_text(sheet, exact=True).last.click()
            settled(page)
        expect(page.get_by_role("button", name="Ajouter au brouillon")).to_be_visible(timeout=WAIT)
        found = axe.run(page).response["violations"]
        assert [
            f"{v['impact']} {v['id']}: {[n['target'] for n in v['nodes']]}" for v in found
        ] == []
