"""Fixtures by theme: where things are, versions ready to question, what the machine offers.

No test opens a connection that leaves this machine: one that tries fails.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest
import tiny
from browser import desk_page, launched, served
from playwright.sync_api import Browser, Page
from raw_visitor import visiting

from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from observatory.versions import warehouse
from pipelines.refresh import refresh

Con = duckdb.DuckDBPyConnection
Version = Callable[..., Con]
PATIENCE = 30_000  # milliseconds


# --- no connection leaves this machine


def is_local(host: object) -> bool:
    """Whether a host, as given to a socket, is this machine."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def is_a_name(host: object) -> bool:
    """Whether a name could be looked up at all: what is none fails before any question is sent."""
    try:
        str(host).encode("idna")
    except UnicodeError:
        return False
    return True


def _leaves(host: object) -> NoReturn:
    pytest.fail(f"a connection leaves this machine: {host!r}", pytrace=False)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Fail whatever looks up or connects to another machine."""
    patch = pytest.MonkeyPatch()
    real_lookup = socket.getaddrinfo

    def guarded(name: str) -> Callable[[socket.socket, Any], Any]:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
                _leaves(address)
            return real(self, address)

        return connect

    def lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if is_local(host) or not is_a_name(host):
            return real_lookup(host, *args, **kwargs)
        return _leaves(host)

    patch.setattr(socket.socket, "connect", guarded("connect"))
    patch.setattr(socket.socket, "connect_ex", guarded("connect_ex"))
    patch.setattr(socket, "getaddrinfo", lookup)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_operator_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the settings of whoever runs the tests."""
    for name in [n for n in os.environ if n.startswith("OBSERVATORY_")]:
        monkeypatch.delenv(name)


# --- settings in a folder of the test's own


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Offline settings whose every written folder is under ``folder``."""
    given: dict[str, Any] = {
        "processed_dir": folder / "processed",
        "cache_dir": folder / "cache",
        "census_dir": folder / "census",
        "static_dir": folder / "static",
        "offline": True,
        **changes,
    }
    return Settings(**given)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The product's own sources, offline; what is written goes to a temporary folder."""
    return make_settings(tmp_path)


@pytest.fixture
def tiny_settings(tmp_path: Path) -> Settings:
    """The tiny territory's sources, offline."""
    return make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))


# --- versions ready to question


def quiet(line: str) -> None:
    """Report to nobody."""


def build(settings: Settings, territory: str, membership: str | None = None) -> Con:
    """Refresh, and open what was published."""
    name = refresh(settings, parse(territory, membership), quiet)
    return warehouse.connect(settings.processed_dir / name)


@pytest.fixture(scope="session")
def embedded_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the version published from the embedded default."""
    settings = make_settings(tmp_path_factory.mktemp("embedded"))
    refresh(settings, parse("arras"), quiet)
    return settings


@pytest.fixture(scope="session")
def embedded(embedded_settings: Settings) -> Iterator[Con]:
    """The published version of the embedded default, read-only."""
    with warehouse.open_current(embedded_settings.processed_dir) as con:
        yield con


@pytest.fixture
def tiny_version(tmp_path: Path) -> Iterator[Version]:
    """Build a version of the tiny territory: (changes to its files, territory) → connection."""
    built: list[Con] = []

    def make(changes: Mapping[str, str | None] | None = None, territory: str = tiny.SIREN) -> Con:
        folder = tmp_path / f"version{len(built)}"
        raw_dir = tiny.write_raw(folder / "raw", changes)
        built.append(build(make_settings(folder, raw_dir=raw_dir), territory))
        return built[-1]

    yield make
    for con in built:
        con.close()


def _tiny(folder: Path, territory: str) -> Con:
    return build(make_settings(folder, raw_dir=tiny.write_raw(folder / "raw")), territory)


@pytest.fixture(scope="session")
def tiny_three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    """Aval, Bourg and Clos alone: every age is known."""
    with _tiny(tmp_path_factory.mktemp("three"), tiny.ABC) as con:
        yield con


@pytest.fixture(scope="session")
def tiny_four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    """The whole EPCI: the ages of Dune are unknown."""
    with _tiny(tmp_path_factory.mktemp("four"), tiny.SIREN) as con:
        yield con


# --- what the machine offers: the published files, a browser


def _absent(what: str, required: str) -> NoReturn:
    if os.environ.get(required) == "1":
        pytest.fail(f"{required}=1 and {what}", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder of published files."""
    default = ROOT.parent / "shared" / "mirror"
    path = Path(os.environ.get("OBSERVATORY_TEST_MIRROR") or default)
    if not path.is_dir():
        _absent(f"no mirror of the published files at {path}", "OBSERVATORY_REQUIRE_MIRROR")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    _absent("no Chromium on this machine", "OBSERVATORY_REQUIRE_BROWSER")


# --- the whole app in a browser


@pytest.fixture(scope="session")
def arras_url(
    embedded_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the app that serves the embedded default; nobody publishes there."""
    folder = tmp_path_factory.mktemp("app")
    env = {
        "OBSERVATORY_PROCESSED_DIR": str(embedded_settings.processed_dir),
        "OBSERVATORY_CACHE_DIR": str(embedded_settings.cache_dir),
        "OBSERVATORY_CENSUS_DIR": str(embedded_settings.census_dir),
        "OBSERVATORY_OFFLINE": "1",
    }
    with served(ROOT / "app.py", folder, env) as url:
        with visiting(url) as first:
            first.run("")  # the first page of a server reads every module
        yield url


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium: one per process, since Playwright runs one at a time there."""
    with launched(chromium) as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as on a desk; nothing it asks for is outside this machine."""
    with desk_page(browser, PATIENCE) as one:
        yield one
