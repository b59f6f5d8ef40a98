"""A page served to a real Chromium, and what the browser asked for."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import (
    Browser,
    BrowserContext,
    FloatRect,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError
from pypdf import PdfReader

from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from pipelines.refresh import refresh

Another = Callable[..., Page]
"""Opens a page as the options of a context say: the fixture ``another``."""

SMALL = {"width": 1280, "height": 720}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "fr-FR"}
CENSUS = Path("data") / "raw" / "census" / "embedded"
DEMONSTRATED = (
    ("load", *(str(CENSUS / f"{n}.csv") for n in ("offre", "communes_desservies",
                                                   "totaux_communaux")), "--no-refresh"),
    ("edit", "DEMO-0001", "--set", "capacite=45", "--since", "2026-09-01",
     "--why", "agrandissement (démonstration)", "--no-refresh"),
    ("edit", "DEMO-0002", "--set", "gestionnaire=Association de démonstration",
     "--why", "nom corrigé (démonstration)"),
)  # fmt: skip
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # the next page finds what the one before it has compiled
]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(settings: Settings) -> dict[str, str]:
    """What makes a served app read the folders of some settings, and nothing from the network."""
    return {
        "OBSERVATORY_PROCESSED_DIR": str(settings.processed_dir),
        "OBSERVATORY_CACHE_DIR": str(settings.cache_dir),
        "OBSERVATORY_CENSUS_DIR": str(settings.census_dir),
        "OBSERVATORY_OFFLINE": "1",
    }


def wait_until_answered(address: str) -> None:
    """Wait until something of this machine answers at an address, half a minute at most."""
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)


def started(
    script: Path, log: Path | None, env: Mapping[str, str], port: int
) -> subprocess.Popen[bytes]:
    """Start a Streamlit script on a port, and do not wait until it answers."""
    with log.open("w") if log else nullcontext(subprocess.DEVNULL) as out:
        return subprocess.Popen(
            [
                sys.executable, "-m", "streamlit", "run", str(script),
                f"--server.port={port}", "--server.address=127.0.0.1",
            ],
            cwd=script.parent,
            env={**os.environ, **env},
            stdout=out,
            stderr=subprocess.STDOUT,
        )  # fmt: skip


@contextmanager
def served(
    script: Path, folder: Path, env: Mapping[str, str], port: int | None = None
) -> Iterator[str]:
    """Run a Streamlit script from a folder, on a free port by default; give its address."""
    port = port or free_port()
    server = started(script, folder / "server.log" if folder.is_dir() else None, env, port)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_answered(f"{url}/_stcore/health")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def watched(page: Page) -> list[str]:
    """The addresses a page asks for, as they come; one outside this machine fails the test."""
    asked: list[str] = []

    def note(url: str) -> None:
        asked.append(url)

    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda channel: note(channel.url))
    return asked


def strangers(asked: list[str]) -> list[str]:
    """Addresses that are neither this machine nor inside the page."""
    inside = ("data:", "blob:", "http://127.0.0.1", "ws://127.0.0.1")
    return [url for url in asked if not url.startswith(inside)]


class Profiles:
    """Contexts of a browser, kept from test to test: a new one would read the whole app again.

    What a visit leaves (pages, cookies, local storage) is taken away after it. The cache of the
    files that the app serves stays, and the process that has compiled them: an empty page of the
    same site holds it.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser, self.kept = browser, dict[str, tuple[BrowserContext, list[Page]]]()

    @contextmanager
    def page(self, patience: float, **options: Any) -> Iterator[Page]:
        """A page as on a desk, or as the options say; what it asks for is on this machine."""
        wanted = {**DESK, **options}
        if (key := repr(sorted(wanted.items()))) not in self.kept:
            self.kept[key] = self.browser.new_context(**wanted), []
        context, holding = self.kept[key]
        page = context.new_page()
        page.set_default_timeout(patience)
        asked = watched(page)
        yield page
        visited = [one for one in context.pages if one not in holding]
        for one in visited:
            if one.url.startswith("http"):
                one.evaluate("localStorage.clear()")
                if not holding:
                    holding += _held(one)
        for one in visited:
            one.close()
        context.clear_cookies()
        assert strangers(asked) == []


def _held(page: Page) -> list[Page]:
    """A page of the same server that shows nothing; none where the server has ended."""
    empty = page.context.new_page()
    try:
        empty.goto(urljoin(page.url, "/_stcore/health"))
    except PlaywrightError:
        empty.close()
        return []
    return [empty]


def settled(page: Page, wait: float = 30_000) -> None:
    """Wait until the page's script has run to its end: what is asked before may be undone."""
    app = page.locator('[data-testid="stApp"]')
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=wait)


def placed(part: Locator, holds: Callable[[FloatRect], bool], seconds: float = 10.0) -> FloatRect:
    """Where a part of a page stands once that holds: what is above it may still be folding.

    Raises
    ------
    AssertionError
        When it never holds, with where the part stands at last.
    """
    end = time.monotonic() + seconds
    while not ((box := part.bounding_box()) and holds(box)):
        assert time.monotonic() < end, f"it stands at {box}"
        part.page.wait_for_timeout(50)
    return box


def printed(page: Page) -> list[str]:
    """The text of each sheet that « Ctrl + P » would print, its spaces made plain."""
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = (unicodedata.normalize("NFKC", one.extract_text()) for one in pdf.pages)  # ligatures
    return [" ".join(text.split()) for text in texts]


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a menu of the form, as a person does."""
    page.get_by_label(label, exact=True).select_option(label=option)


def open_table(page: Page) -> Locator:
    """Open the part of the map's page that holds its figures, and give the table."""
    page.get_by_text("Les mêmes chiffres en tableau", exact=True).click()
    table = page.get_by_role("region", name="besoin, offre et manque").get_by_role("table")
    expect(table).to_be_visible()
    return table


@contextmanager
def embedded_default(
    *,
    census: bool = False,
    public: bool = False,
    prepared: Callable[[Settings], object] | None = None,
) -> Iterator[str]:
    """Build the embedded default aside and serve it; give its address.

    Parameters
    ----------
    census : bool
        Load the demonstration as a territory's own census, and change it twice.
    public : bool
        Serve as behind a proxy, which tells the addresses of the visitors.
    prepared : callable, optional
        What is done to the deployment before it is served.
    """
    with tempfile.TemporaryDirectory() as folder:
        given = Settings(
            processed_dir=Path(folder) / "processed",
            cache_dir=Path(folder) / "cache",
            census_dir=Path(folder) / "census",
            offline=True,
        )
        refresh(given, parse(os.environ.get("TERRITORY", "arras")), lambda line: None)
        for words in DEMONSTRATED if census else ():
            subprocess.run(
                [sys.executable, "-m", "observatory.commands.main", "census", *words],
                cwd=ROOT, env={**os.environ, **environment(given)}, check=True,
            )  # fmt: skip
        if prepared:
            prepared(given)
        env = environment(given) | ({"OBSERVATORY_PUBLIC": "1"} if public else {})
        with served(ROOT / "server.py", Path(folder), env) as url:
            yield url
