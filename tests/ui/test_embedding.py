"""A map inside another site: alone, for the sites that the operator lists, behind a real Caddy."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from html import escape, unescape
from pathlib import Path

import pytest
from browser import environment, free_port, served, settled, wait_until_answered
from deployment_files import policy, without_admin
from local_server import LocalServer, Reply, serve
from playwright.sync_api import Browser, Page, expect

from observatory.errors import RequestError
from observatory.settings import ROOT, Settings
from observatory.ui.shell.embedding import frame_line

WAIT = 60_000  # milliseconds
ASKED = "embed=carte&service=eaje_psu&mesure=taux"
"""A question that is not the first one of the map."""


def test_the_line_names_the_question_and_escapes_what_it_is_told() -> None:
    line = frame_line(
        "https://observatoire.ville.example/",
        {"service": "rpe", "presentation": "deux", "mesure2": "taux", "commune": "62041"},
        'Offre : "<b>',
    )
    assert line == (
        '<iframe src="https://observatoire.ville.example/?embed=carte&amp;service=rpe&amp;'
        'commune=62041" title="Offre : &quot;&lt;b&gt;" width="100%" height="640" loading="lazy" '
        'style="border:0"></iframe>'
    )


@pytest.mark.parametrize(
    "text", ["ville.example", "https://ville.example/page", "https://a.example, https://b.example",
             "*", "http://ville.example", "https://a.example;script-src *"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RequestError, match="n'est pas l'origine d'un site") as caught:
        Settings.from_env({"OBSERVATORY_EMBED_ORIGINS": text})
    assert "OBSERVATORY_EMBED_ORIGINS" in str(caught.value)


def test_no_site_is_listed_unless_the_operator_does() -> None:
    assert Settings.from_env({}).embed_origins == ()
    text = "https://www.ville.example http://localhost:8080"
    assert Settings.from_env({"OBSERVATORY_EMBED_ORIGINS": text}).embed_origins == (
        "https://www.ville.example", "http://localhost:8080",
    )  # fmt: skip
    assert "frame-ancestors 'none'" in policy({"OBSERVATORY_EMBED_ORIGINS": text})


@pytest.mark.browser
@pytest.mark.campaign
def test_the_embedded_map_stands_alone(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/?{ASKED}")
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)
    expect(page.get_by_role("heading", name="Places pour 100 enfants : EAJE PSU")).to_be_visible()
    expect(page.locator(".legend .body")).to_contain_text("communes")
    expect(page.locator(".foot")).to_contain_text("Sources : ")
    expect(page.locator(".notes")).to_contain_text("Offre de démonstration")
    for other in ("header:visible", "[data-testid=stSidebar]:visible", "h1", "nav:visible",
                  ".shortfalls:visible", ".timeline:visible", ".obs-figures"):  # fmt: skip
        expect(page.locator(other)).to_have_count(0)
    page.locator("path.commune").nth(10).click()
    expect(page.locator("path.outline.selected")).to_have_count(1)
    expect(page.get_by_text("Fiche complète")).to_have_count(0)
    size = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert size[0] <= size[1]
    frame = page.locator(".frame").bounding_box()
    assert frame
    assert frame["x"] == 0
    assert frame["y"] < 40  # the territory's name, in one line
    expect(page.locator(".obs-brand")).to_contain_text("Communauté urbaine d'Arras")


@pytest.mark.campaign
@pytest.mark.browser
def test_the_line_of_the_page_opens_the_same_map(page: Page, arras_url: str) -> None:
    page.goto(f"{arras_url}/?service=eaje_psu&mesure=taux&date=2025-01-01")
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)
    settled(page)
    page.get_by_text("Intégrer cette carte dans un site").click()
    expect(page.get_by_text("Aucun site ne peut encore montrer cette carte")).to_be_visible()
    line = page.locator("[data-testid=stCode] code").inner_text()
    address = unescape(line.partition('src="')[2].partition('"')[0])
    assert address.startswith(f"{arras_url}/?embed=carte&")
    page.goto(address)
    expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)
    expect(page.get_by_role("heading", name="Places pour 100 enfants : EAJE PSU")).to_be_visible()
    expect(page.locator(".foot")).to_contain_text("1er janvier 2025")
    expect(page.locator("[data-testid=stSidebar]:visible")).to_have_count(0)


@pytest.fixture
def sites(
    embedded_settings: Settings, tmp_path: Path
) -> Iterator[tuple[str, LocalServer, LocalServer]]:
    """The public address behind Caddy; a site that the operator lists, one that is not listed."""
    port, public = free_port(), free_port()
    with ExitStack() as stack:
        ours, theirs = stack.enter_context(serve()), stack.enter_context(serve())
        said = without_admin(
            {
                "OBSERVATORY_HOST": f"http://localhost:{public}",
                "OBSERVATORY_SERVERS": f"127.0.0.1:{port}",
                "OBSERVATORY_EMBED_ORIGINS": f"https://www.ville.example {ours.says('')}",
            }
        )
        config = tmp_path / "Caddyfile"
        config.write_text(said, encoding="utf-8")
        env = environment(embedded_settings)
        stack.enter_context(served(ROOT / "server.py", tmp_path / "app", env, port))
        proxy = subprocess.Popen(
            ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_answered(f"http://localhost:{public}/health")
            yield f"http://localhost:{public}", ours, theirs
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


def page_with(address: str) -> Reply:
    line = f'<iframe src="{escape(address)}" height="640" width="900"></iframe>'
    whole = f"<!DOCTYPE html><title>Site</title>{line}"
    return Reply(body=whole.encode(), headers={"Content-Type": "text/html"})


@pytest.mark.campaign
@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")
def test_a_listed_site_shows_the_map_another_does_not_and_no_other_page_is_framed(
    sites: tuple[str, LocalServer, LocalServer], browser: Browser
) -> None:
    address, ours, theirs = sites
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()

    def shown(site: LocalServer, asked: str) -> bool:
        page.goto(site.says("/", page_with(f"{address}/{asked}")))
        page.wait_for_function("frames.length === 1")
        frame = page.frames[1]
        frame.wait_for_load_state("networkidle")
        return frame.url.startswith(address)

    assert shown(ours, f"?{ASKED}")
    inside = page.frame_locator("iframe")
    expect(inside.locator("path.commune")).to_have_count(46, timeout=WAIT)
    expect(inside.get_by_role("heading", name="Places pour 100 enfants : EAJE PSU")).to_be_visible()
    inside.locator("path.commune").nth(20).hover()
    expect(inside.locator(".tip.shown")).to_be_visible()
    assert not shown(theirs, f"?{ASKED}")
    for other in ("", "?embed=oui", "recensement?embed=carte", "tableau", "?service=rpe"):
        assert not shown(ours, other), other
    for asked, header in ((f"?{ASKED}", None), ("", "DENY"), ("tableau?embed=carte", "DENY")):
        answer = context.request.get(f"{address}/{asked}")
        assert answer.headers.get("x-frame-options") == header
        assert answer.headers["content-security-policy"].count("frame-ancestors") == 1
    context.close()
