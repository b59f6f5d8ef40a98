"""Accounts, with a real provider and a real Chromium: who logs in, who may act, who may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Profiles, environment, free_port, served
from fixtures.versions import deployed_copy
from identity_provider import Provider, provided
from playwright.sync_api import Page, expect

from observatory.census import census_store
from observatory.census.loading import load_files
from observatory.settings import ROOT, Settings

pytestmark = pytest.mark.browser
WAIT = 30_000  # milliseconds
PLANNER = {"sub": "1", "email": "Claire.Dumont@ville.example", "email_verified": True}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, embedded_settings: Settings) -> Settings:
    folder = tmp_path_factory.mktemp("accounts")
    return deployed_copy(embedded_settings, folder)


@pytest.fixture(scope="module")
def deployment(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Provider]]:
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    with provided(f"http://127.0.0.1:{port}/oauth2callback") as provider:
        secrets = folder / "secrets.toml"
        secrets.write_text(provider.secrets_toml(), encoding="utf-8")
        env = {
            **environment(settings),
            "OBSERVATORY_PLANNERS": "claire.dumont@ville.example, autre@ville.example",
            "OBSERVATORY_PLANNER_CLAIM": "groups=planificateurs",
            "STREAMLIT_SECRETS_FILES": str(secrets),
        }
        with served(ROOT / "server.py", folder, env, port) as url:
            yield url, provider


@pytest.fixture
def page(profiles: Profiles) -> Iterator[Page]:
    with profiles.page(WAIT) as one:
        yield one


def log_in(page: Page, deployment: tuple[str, Provider], account: dict[str, object]) -> None:
    url, provider = deployment
    provider.account = account
    page.goto(f"{url}/connexion")
    page.get_by_role("button", name="Se connecter").click(timeout=WAIT)
    # The provider sends the browser back to the home page.
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)


def log_out(page: Page, url: str) -> list[Any]:
    """As a planner; give the cookies that were there before."""
    page.goto(f"{url}/connexion")
    expect(page.get_by_text("Ce compte est planificateur.")).to_be_visible(timeout=WAIT)
    kept = page.context.cookies()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)
    return kept


def refused(page: Page, url: str) -> None:
    page.goto(f"{url}/recensement")
    expect(page.get_by_text("Page réservée aux planificateurs")).to_be_visible(timeout=WAIT)
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_role("button", name="Actualiser maintenant")).to_have_count(0)


@pytest.mark.campaign
def test_with_accounts_being_at_the_machine_gives_no_role(
    page: Page, deployment: tuple[str, Provider]
) -> None:
    refused(page, deployment[0])


@pytest.mark.campaign
def test_a_planner_who_logged_in_refreshes_the_territory(
    page: Page, deployment: tuple[str, Provider], settings: Settings
) -> None:
    log_in(page, deployment, PLANNER)
    before = (settings.processed_dir / "CURRENT").read_text()
    page.goto(f"{deployment[0]}/recensement")
    page.get_by_role("button", name="Actualiser maintenant").click()
    expect(page.get_by_text("Actualisation terminée")).to_be_visible(timeout=2 * WAIT)
    expect(page.get_by_text("en tout : Communauté urbaine d'Arras")).to_be_visible()
    assert (settings.processed_dir / "CURRENT").read_text() != before


def test_a_planner_logs_in_may_act_and_logs_out(
    page: Page, deployment: tuple[str, Provider]
) -> None:
    url, _ = deployment
    log_in(page, deployment, PLANNER)
    page.goto(f"{url}/recensement")
    expect(page.get_by_text("Fichiers du recensement")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Actualiser maintenant")).to_be_enabled()
    kept = log_out(page, url)
    refused(page, url)
    page.context.add_cookies(kept)  # a cookie that was copied before: an account, without a role
    refused(page, url)


@pytest.mark.campaign
def test_an_account_whose_cookie_was_copied_logs_in_again(
    page: Page, deployment: tuple[str, Provider]
) -> None:
    url, _ = deployment
    log_in(page, deployment, PLANNER)
    kept = log_out(page, url)
    page.context.add_cookies(kept)
    page.goto(f"{url}/connexion")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible(timeout=WAIT)
    page.context.clear_cookies()
    page.goto(f"{url}/connexion")
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible(timeout=WAIT)


def test_an_account_without_a_role_reads_and_changes_nothing(
    page: Page, deployment: tuple[str, Provider]
) -> None:
    log_in(page, deployment, {"sub": "2", "email": "visiteur@ville.example"})
    refused(page, deployment[0])
    page.goto(f"{deployment[0]}/connexion")
    expect(page.get_by_text("Ce compte n'a pas le rôle de planificateur")).to_be_visible(
        timeout=WAIT
    )


@pytest.mark.campaign
def test_an_address_that_the_provider_did_not_verify_gives_no_role(
    page: Page, deployment: tuple[str, Provider]
) -> None:
    log_in(page, deployment, PLANNER | {"email_verified": False})
    refused(page, deployment[0])


@pytest.mark.campaign
def test_a_group_of_the_provider_gives_the_role(
    page: Page, deployment: tuple[str, Provider]
) -> None:
    log_in(page, deployment, {"sub": "3", "groups": ["agents", "planificateurs"]})
    page.goto(f"{deployment[0]}/recensement")
    expect(page.get_by_text("Fichiers du recensement")).to_be_visible(timeout=WAIT)


def test_a_forged_session_cookie_logs_nobody_in(
    page: Page, deployment: tuple[str, Provider]
) -> None:
    url, _ = deployment
    forged = '{"email": "claire.dumont@ville.example", "is_logged_in": true}'
    page.context.add_cookies([{"name": "_streamlit_user", "value": forged, "url": url}])
    refused(page, url)


@pytest.mark.campaign
def test_the_journal_keeps_the_account_of_a_change_and_no_page_shows_it(
    page: Page, deployment: tuple[str, Provider], settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "offre.csv"
    head = "identifiant;nom;service;statut;code_insee;capacite"
    file.write_text(f"{head}\nA1;Les Pas;eaje_psu;public;62041;40\n", encoding="utf-8")
    load_files([file], settings, lambda _: None)
    account = {**PLANNER, "sub": "compte-4807"}
    log_in(page, deployment, account)
    page.goto(f"{deployment[0]}/modifier")
    box = page.get_by_role("combobox", name="Établissement")
    box.fill("Les Pas")
    expect(page.get_by_role("option")).to_have_count(1, timeout=WAIT)
    box.press("Enter")
    page.get_by_label("À partir du").fill("01/09/2026")
    page.get_by_label("Capacité", exact=True).fill("48")
    page.get_by_label("Capacité", exact=True).press("Enter")
    page.get_by_role("textbox", name="Votre fonction").fill("coordinatrice petite enfance")
    page.get_by_label("Pourquoi").fill("agrément")
    page.get_by_label("Pourquoi").press("Enter")
    expect(page.get_by_text("La carte est à jour")).to_be_visible(timeout=3 * WAIT)
    entry = census_store.census_store(settings.census_dir).head().entry
    assert entry is not None
    assert entry.who == "coordinatrice petite enfance [compte compte-4807]"
    page.goto(f"{deployment[0]}/journal")
    expect(page.get_by_text("coordinatrice petite enfance").first).to_be_visible(timeout=WAIT)
    assert "4807" not in page.content()
