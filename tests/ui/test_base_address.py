"""The browser is told where its server is: no page asks an address that is not there."""

from __future__ import annotations

import urllib.request

import pytest
from browser import Another, settled
from generated import at_every_run

from observatory.ui.shell.base_address import ADDRESS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "address", at_every_run(2, ["/", "/?embed=carte", "/plan", "/commune?commune=62041"])
)
def test_no_request_of_a_page_fails_and_its_console_is_silent(
    another: Another, arras_url: str, address: str
) -> None:
    page = another()
    told: list[str] = []
    page.on("response", lambda r: told.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on("console", lambda m: told.append(m.text) if m.type == "error" else None)
    page.goto(arras_url + address)
    settled(page)
    assert told == []


def test_only_pages_get_the_script(arras_url: str) -> None:
    def body(address: str, accept: str) -> bytes:
        asked = urllib.request.Request(arras_url + address, headers={"Accept": accept})
        with urllib.request.urlopen(asked) as answer:
            read: bytes = answer.read()
            assert int(answer.headers.get("Content-Length", len(read))) == len(read)
            return read

    page = body("/plan", "text/html,*/*")
    assert page.count(ADDRESS.encode()) == 1
    assert page.index(ADDRESS.encode()) < page.index(b'type="module"')
    assert ADDRESS.encode() not in body("/plan", "*/*")
    assert b"BACKEND_BASE_URL" in body(ADDRESS, "*/*")
