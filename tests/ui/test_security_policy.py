"""Every page works under the policy that ``deploy/Caddyfile`` sends, in a real Chromium."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit
from browser import Profiles
from deployment_files import directives, policy
from playwright.sync_api import Page, Route, expect

from observatory.settings import ROOT

pytestmark = pytest.mark.browser
WAIT = 30_000  # milliseconds
PAGES = sorted(
    p.stem
    for p in (ROOT / "observatory" / "ui" / "pages").glob("*.py")
    if p.stem not in ("__init__", "connexion")
)
DOCUMENT = re.compile(rf"^http://[^/]+/({'|'.join(PAGES)})?(\?.*)?$")
NOTE = """
  window.violations = [];
  // Streamlit's protobuf library tries WebAssembly for long integers, and does without.
  const tolerated = (e) => e.blockedURI === "wasm-eval" && e.sourceFile.includes("/protobuf.");
  document.addEventListener("securitypolicyviolation", (e) => {
    if (!tolerated(e))
      window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`);
  });
"""
CENSUS = (
    "identifiant;nom;service;statut;code_insee;capacite;ouverture;source;date_source\n"
    "A1;Les Petits Pas;eaje_psu;public;62041;vingt;2019-09-01;Essai;2026-06-30\n"
)


@pytest.fixture
def page(profiles: Profiles) -> Iterator[Page]:
    """A page whose documents carry the policy; at the end, nothing was blocked."""
    # A document that the test answers is no longer one of this machine's, for Chromium.
    with profiles.page(WAIT, permissions=["local-network-access"]) as one:
        yield from guarded(one)


def guarded(one: Page) -> Iterator[Page]:
    # The test's server has no certificate: only the turning of http into https is left out.
    sent = policy().replace("; upgrade-insecure-requests", "")
    said: list[str] = []

    def answer(route: Route) -> None:
        got = route.fetch()
        route.fulfill(response=got, headers={**got.headers, "content-security-policy": sent})

    one.route(DOCUMENT, answer)
    one.add_init_script(NOTE)
    one.on("console", lambda m: said.append(m.text) if "BidiComponent" in m.text else None)
    one.on("pageerror", lambda error: said.append(str(error)))
    yield one
    assert one.evaluate("window.violations") == []
    assert said == []


def opened(page: Page, arras_url: str, name: str) -> None:
    page.goto(f"{arras_url}/{'' if name == 'carte' else name}")
    expect(page.locator("h1").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=WAIT
    )


# The pages that bring scripts of their own; the others are made of the same, for the campaign.
OWN_SCRIPTS = ("carte",)
LOOKS = [
    pytest.param(name, marks=[] if name in OWN_SCRIPTS else pytest.mark.campaign) for name in PAGES
]


@pytest.mark.parametrize("name", LOOKS)
def test_nothing_of_a_page_is_blocked(page: Page, arras_url: str, name: str) -> None:
    opened(page, arras_url, name)
    for _ in range(8):
        page.mouse.wheel(0, 800)  # what is drawn only once it is seen
        page.wait_for_timeout(150)


@pytest.mark.campaign
def test_the_map_and_its_tooltips_work(page: Page, arras_url: str) -> None:
    opened(page, arras_url, "carte")
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)
    page.locator("path.commune").nth(10).click()
    page.locator("path.commune").nth(20).hover()
    page.wait_for_timeout(1000)


def test_uploads_and_downloads_work(page: Page, arras_url: str, tmp_path: Path) -> None:
    opened(page, arras_url, "recensement")
    with page.expect_download(timeout=WAIT) as template:
        page.get_by_role("button", name="Télécharger le modèle vide (XLSX)").click()
    assert template.value.suggested_filename == "modele-recensement.xlsx"
    file = tmp_path / "offre.csv"
    file.write_text(CENSUS, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("À corriger : 1")).to_be_visible(timeout=WAIT)


def test_what_the_policy_forbids_is_blocked(page: Page, arras_url: str) -> None:
    opened(page, arras_url, "carte")
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.head.append(script);
          fetch("http://localhost:9/").catch(() => {});
        }"""
    )
    page.wait_for_function("window.violations.length >= 2", timeout=WAIT)
    blocked = page.evaluate("window.violations.map((v) => v.split(' ')[1])")
    assert sorted(blocked) == ["http://localhost:9/", "inline"]
    assert page.evaluate("window.ran") is None
    page.evaluate("window.violations = []")  # these were asked for


def test_no_script_is_trusted_but_the_servers_files_and_streamlits_first_line() -> None:
    shell = Path(streamlit.__file__).with_name("static") / "index.html"
    inline = re.findall(r"<script>(.*?)</script>", shell.read_text(encoding="utf-8"), re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in inline]
    # blob: is how Streamlit loads a component; only a script already allowed can make one.
    assert directives()["script-src"] == ["'self'", "blob:", *(f"'sha256-{h}'" for h in hashes)]


def test_the_rest_of_the_policy_is_closed() -> None:
    found = directives()
    assert found["default-src"] == ["'none'"]
    for name in ("base-uri", "form-action", "frame-src", "frame-ancestors", "object-src"):
        assert found[name] == ["'none'"]
    assert found["connect-src"] == ["'self'"]
    assert "unsafe-eval" not in policy()
    assert [n for n, s in found.items() if "'unsafe-inline'" in s] == ["style-src"]
    assert not [s for sources in found.values() for s in sources if "*" in s or s == "https:"]


def test_the_tile_server_is_allowed_for_pictures_alone_once_it_is_named() -> None:
    server = "https://tuiles.ville.example"
    named = directives({"OBSERVATORY_TILES_ORIGIN": server})
    assert [name for name, sources in named.items() if server in sources] == ["img-src"]
    assert server not in policy()
