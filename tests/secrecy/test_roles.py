"""Masked figures are a planner's on the census page alone, whatever a visitor asks the server for.

One server, one process, the same caches: a planner first opens every page and takes the census;
then a visitor without a role asks for all that he can name, and forges what he cannot.
"""

from __future__ import annotations

import io
import pickle
import re
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import PropertyMock, patch

import pandas as pd
import pytest
import streamlit as st
import tiny
from browser import environment, served
from fixtures.versions import make_settings, quiet
from net.pages import DIRECT
from python_calamine import CalamineWorkbook
from raw_visitor import visiting
from secret_pages import ALL, opened
from streamlit.runtime.caching.cache_data_api import _data_caches
from streamlit.runtime.caching.cache_resource_api import _resource_caches
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from told import plain

from observatory.census import census_store
from observatory.census.sheets import census_contract
from observatory.errors import RequestError
from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from observatory.ui.shell import access
from observatory.ui.shell.kept import kept
from observatory.ui.shell.own_download import XLSX, own_download
from observatory.versions import warehouse
from observatory.workbook.template import workbook
from pipelines.refresh import refresh

AM = "assistants_maternels"
PAGES = ("", *ALL[1:], "recensement")
SHOWN = ("", "commune", "tableau", "deploiement", "rapprochement", "fichiers", "recensement")
"""Those that show the totals of a commune, and the one where a planner sees them."""
TAKE = "Télécharger le recensement en place (XLSX)"
OUTSIDE = {"X-Forwarded-For": "203.0.113.9"}
SINCE = "2021-03-17"
"""Of the masked total alone."""
WHOSE = "Relevé de Madame Sentinelle"
"""Its source: a free text, that may name the person."""
LARGE = {"62001": ("7919", "23757"), "62002": ("6911", "20733"), "62003": ("5903", "17709")}
"""One of these stands beside the masked person: figures that nothing else has."""


DIGEST = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{12,64}\b")
"""The name that a content gives, or the number of an element: of chance, and of no census.

A UUID has its length, and the byte that follows it in a message may well be written as a digit.
"""


@dataclass(frozen=True)
class Deployment:
    """A census in service, and the marks by which its masked figures are known anywhere."""

    settings: Settings
    marks: tuple[str, ...]

    def told_in(self, text: str) -> dict[str, str]:
        """The marks that a text holds, however it writes figures and dates, and where it does."""
        tight = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d)", "", text)
        tight = DIGEST.sub("", tight)  # four digits of an identifier are no figure
        places = {m: re.search(rf"(?<!\d){re.escape(m)}(?!\d)", tight) for m in self.marks}
        return {m: tight[max(0, at.start() - 60) : at.end() + 60] for m, at in places.items() if at}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    folder = tmp_path_factory.mktemp("roles")
    raw = tiny.write_raw(folder / "raw", {"census/totaux_communaux.csv": None})
    settings = make_settings(folder, raw_dir=raw)
    rows = [
        [code, AM, persons, places, "2021-01-01", "Enquête", "2022-06-30", "non"]
        for code, (persons, places) in LARGE.items()
    ]
    rows.append(["62004", AM, "2", "11", SINCE, WHOSE, "2022-05-19", "non"])
    census_store.write(settings.census_dir, {"totaux_communaux": rows})
    refresh(settings, parse(tiny.SIREN), quiet)
    with warehouse.open_current(settings.processed_dir) as con:
        hidden = {c for (c,) in con.execute("SELECT code FROM masked WHERE service = ?", [AM])
                  .fetchall()}  # fmt: skip
    assert "62004" in hidden
    beside = [figure for code in hidden & set(LARGE) for figure in LARGE[code]]
    assert beside
    marks = (*beside, SINCE, "17/03/2021", "17 mars 2021", "Sentinelle", "2022-05-19", "19/05/2022")
    return Deployment(settings, marks)


def fetched(address: str) -> bytes | None:
    """What an address gives to anyone; None when there is nothing behind it."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError:
        return None


def text_of(messages: list[bytes]) -> str:
    return "\n".join(m.decode("utf-8", "replace") for m in whole(messages))


def whole(messages: list[bytes]) -> Iterator[bytes]:
    """Messages as they came, then what they hold that was compressed."""
    for message in messages:
        yield message
        for found in re.finditer(b"\x1f\x8b\x08", message):
            with suppress(zlib.error):
                yield zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(message[found.start() :])


def guesses(settings: Settings) -> Iterator[str]:
    """Names of the file that the planner took, for who has guessed all that the census holds."""
    rows, now = census_store.read(settings.census_dir), datetime.now(UTC)
    for seconds in range(20):
        moment = now - timedelta(seconds=seconds)
        clock = type("Clock", (datetime,), {"now": staticmethod(lambda zone, at=moment: at)})
        with patch("xlsxwriter.core.datetime", clock):
            content = workbook(census_contract(), rows)
            assert seconds or content == workbook(census_contract(), rows)
        yield _calculate_file_id(content, XLSX, "recensement.xlsx")


@pytest.mark.parametrize(
    "pages", [SHOWN, pytest.param(PAGES, marks=pytest.mark.campaign)], ids=["shown", "all"]
)
def test_a_visitor_finds_no_masked_figure_after_a_planner(
    deployment: Deployment, tmp_path: Path, pages: tuple[str, ...]
) -> None:
    settings = deployment.settings
    with served(ROOT / "server.py", tmp_path, environment(settings)) as url:
        with visiting(url) as planner:
            for page in pages:
                planner.run(page)
            told = deployment.told_in(text_of(planner.sent))
            assert set(told) >= {m for m in deployment.marks if m.isdigit()}
            address = planner.ask_for_file(planner.deferred[TAKE])
            taken = fetched(f"{url}{address}")
            assert taken is not None
            book = CalamineWorkbook.from_filelike(io.BytesIO(taken))
            whole = str([book.get_sheet_by_name(n).to_python() for n in book.sheet_names])
            assert "Sentinelle" in whole
            with visiting(url, OUTSIDE) as visitor:
                for page in pages:
                    visitor.run(page, query=f"service={AM}&commune=62004&date=2022-01-01")
                visitor.run("recensement", query="planificateur=1&role=planner")
                visitor.run("", script=planner.script)  # of the census page, the last one seen
                assert len(visitor.sent) > 5 * len(pages)
                assert TAKE not in visitor.deferred
                assert deployment.told_in(text_of(visitor.sent)) == {}
                assert visitor.ask_for_file("0" * 32) == ""
            names = set(guesses(settings))
            assert all(fetched(f"{url}/media/{name}.xlsx") is None for name in names)
        health = fetched(f"{url}/health")
        assert health is not None
        version = warehouse.current(settings.processed_dir)
        census = [p for p in settings.census_dir.rglob("*") if p.is_file()]
        for path in (version, f"../{version}", *(p.name for p in census)):
            for place in ("app/static", "media", "component", "_stcore/component", "data"):
                found = fetched(f"{url}/{place}/{path}")
                assert found is None or deployment.told_in(found.decode("utf-8", "replace")) == {}
        assert deployment.told_in(health.decode()) == {}
    assert deployment.told_in((tmp_path / "server.log").read_text("utf-8")) == {}


def cached() -> Iterator[str]:
    """All that the caches of the process hold, of every session."""
    for session in _data_caches._function_caches.values():
        for cache in session.values():
            for entry in cache.storage._mem_cache.values():
                value = pickle.loads(entry).value
                yield from _texts(value)
    for _, value in kept().made.values():
        yield from _texts(value)
    for session in _resource_caches._function_caches.values():
        for cache in session.values():
            yield from (repr(vars(v) if hasattr(v, "__dict__") else v)
                        for v in cache._mem_cache.values())  # fmt: skip


def _texts(value: object) -> Iterator[str]:
    """What something kept holds, tables and compressed messages included."""
    if isinstance(value, pd.DataFrame):
        yield value.to_csv()
    elif isinstance(value, bytes):
        yield plain(value).decode("utf-8", "replace")
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for one in vars(value).values():
            yield from _texts(one)
    else:
        yield repr(value)


@pytest.mark.campaign
def test_no_cache_of_the_process_holds_what_a_planner_saw(deployment: Deployment) -> None:
    view = {"service": AM, "theme": "Petite enfance", "commune": "62004"}
    st.cache_data.clear()
    kept().made.clear()
    address = st.get_option("server.address")
    st.config.set_option("server.address", "localhost")
    with patch.object(ContextProxy, "headers", new_callable=PropertyMock, return_value=DIRECT):
        _, files = opened(deployment.settings, "recensement", {})
        assert deployment.told_in("\n".join(files))
        for page in ("carte", "tableau", "deploiement"):
            opened(deployment.settings, page, view)
    st.config.set_option("server.address", address)
    held = list(cached())
    assert len(held) > 10
    assert deployment.told_in("\n".join(held)) == {}


def test_a_version_holds_no_masked_figure_in_any_of_its_bytes(deployment: Deployment) -> None:
    path = deployment.settings.processed_dir / warehouse.current(deployment.settings.processed_dir)
    content = path.read_bytes()
    assert b"Sentinelle" not in content
    with warehouse.open_current(deployment.settings.processed_dir) as con:
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            rows = con.execute(f"FROM {name}").fetchall()
            assert deployment.told_in("\n".join(map(str, rows))) == {}, name


def test_a_login_that_is_over_takes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page stays open, the right does not: who acts is asked when the file is made."""
    offered = []
    claims = {
        "is_logged_in": True, "email": "claire@ville.example", "email_verified": True,
        "iat": 1_800_000_000.0,
    }  # fmt: skip
    monkeypatch.setenv("OBSERVATORY_PLANNERS", "claire@ville.example")
    monkeypatch.setattr(access.st, "user", type("User", (), {"to_dict": lambda self: claims})())
    monkeypatch.setattr(st, "download_button", lambda label, data, **more: offered.append(data))
    with patch("time.time", return_value=1_800_000_060.0):
        own_download("Télécharger", lambda copy: copy.encode(), file_name="a.xlsx")
        one, two = offered[0](), offered[0]()
    assert one != two  # nor has a file the same address twice
    with (
        patch("time.time", return_value=1_800_000_000.0 + access.ROLE_SECONDS + 60),
        pytest.raises(RequestError, match="réservée aux planificateurs"),
    ):
        offered[0]()
