"""Several processes behind the proxy of ``deploy/``: a visit stays with one, another takes over."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from bench._visitor import server_of
from browser import environment, free_port, served, wait_until_answered
from deployment_files import without_admin
from playwright.sync_api import Browser, Page, expect

from observatory.settings import ROOT, Settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed"),
]
WAIT = 60_000  # milliseconds
COOKIE = "observatory_server"
NEED, SUPPLY = re.compile("^Besoin.* : tous modes"), re.compile("^Offre.* : tous modes")


@pytest.fixture
def behind(embedded_settings: Settings, tmp_path: Path) -> Iterator[tuple[str, list[int]]]:
    """The public address, and the ports of two processes that share one folder."""
    env, ports, public = environment(embedded_settings), [free_port(), free_port()], free_port()
    said = without_admin(
        {
            "OBSERVATORY_HOST": f"http://localhost:{public}",
            "OBSERVATORY_SERVERS": " ".join(f"127.0.0.1:{port}" for port in ports),
        }
    )
    config = tmp_path / "Caddyfile"
    config.write_text(said, encoding="utf-8")
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(served(ROOT / "server.py", tmp_path / str(port), env, port))
        proxy = subprocess.Popen(
            ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_answered(f"http://localhost:{public}/health")
            yield f"http://localhost:{public}", ports
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


@pytest.mark.campaign
def test_a_visit_stays_with_its_process_and_another_takes_over_when_it_stops(
    behind: tuple[str, list[int]], browser: Browser
) -> None:
    address, ports = behind
    met: dict[str, Page] = {}
    for _ in range(12):  # visitors come until both processes were met
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        page.goto(address, timeout=WAIT)
        (cookie,) = [c for c in context.cookies() if c["name"] == COOKIE]
        assert cookie["secure"]
        met.setdefault(cookie["value"], page)
        if len(met) == 2:
            break
    assert len(met) == 2
    for page in met.values():
        expect(page.locator("path.commune")).to_have_count(46, timeout=WAIT)
        page.get_by_label("Mesure", exact=True).select_option("besoin")
        expect(page.get_by_role("heading", name=NEED)).to_be_visible(timeout=WAIT)
    os.kill(server_of(f"http://127.0.0.1:{ports[0]}"), signal.SIGKILL)
    for page in met.values():
        page.reload(timeout=WAIT)
        expect(page.get_by_role("heading", name=NEED)).to_be_visible(timeout=WAIT)
        page.get_by_label("Mesure", exact=True).select_option("offre")
        expect(page.get_by_role("heading", name=SUPPLY)).to_be_visible(timeout=WAIT)
    with urllib.request.urlopen(f"{address}/health", timeout=10) as told:
        assert told.status == 200
