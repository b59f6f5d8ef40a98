"""Addresses are placed only when the operator asks, by lots, once, inside the commune."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from census_files import KNOWN, row, write

from observatory.census import census_store, geocoder, loading
from observatory.census.geocoder import Address, geocode
from observatory.errors import SourceError
from observatory.settings import Settings

FOUND = {
    "12 rue des Écoles": ("2.771", "50.292", "0.93", "62041"),
    "rue douteuse": ("2.771", "50.292", "0.31", "62041"),
    "rue d'ailleurs": ("2.9", "50.4", "0.95", "62099"),
    "rue lointaine": ("3.9", "50.292", "0.95", "62041"),
}


class Server(ThreadingHTTPServer):
    """A geocoder on 127.0.0.1: answers what FOUND says, after the statuses it was told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses: list[int] = []
        self.asked: list[list[dict[str, str]]] = []
        self.body: bytes | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/geocodage/search/csv"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status = server.statuses.pop(0) if server.statuses else 200
        sent = re.search(r"\r\n\r\n(n,adresse,code_insee\r\n.*?)\r\n--", body, re.S)
        assert sent
        assert 'name="citycode"' in body
        rows = list(csv.DictReader(io.StringIO(sent[1])))
        server.asked.append(rows)
        self.send_response(status)
        self.send_header("Retry-After", "0")
        answer = (
            (self._answer(rows) if server.body is None else server.body) if status == 200 else b""
        )
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, rows: list[dict[str, str]]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        names = ["longitude", "latitude", "result_score", "result_citycode", "result_label"]
        writer.writerow(["n", "adresse", "code_insee", *names, "result_status"])
        for r in rows:
            place = FOUND.get(r["adresse"], ("", "", "", ""))
            status = "ok" if place[0] else "not-found"
            writer.writerow([*r.values(), *place, r["adresse"], status])
        return out.getvalue().encode()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def quiet(line: str) -> None:
    """Report to nobody."""


def settings(folder: Path, url: str | None, **changes: Any) -> Settings:
    return Settings(
        processed_dir=folder / "p",
        cache_dir=folder / "c",
        census_dir=folder / "census",
        geocoder_url=url,
        **changes,
    )


def offer(folder: Path) -> Path:
    away = {"longitude": "", "latitude": ""}
    rows = [
        row(identifiant=f"A{n}", nom=f"Lieu {n}", adresse=a, **away)
        for n, a in enumerate((*FOUND, "introuvable", ""))
    ]
    return write(folder / "offre.csv", *rows, row(adresse="12 rue des Écoles"))


def positions(folder: Path) -> dict[str, list[str]]:
    return {r[0]: [r[7], r[8], *r[17:19]] for r in census_store.read(folder / "census")["offre"]}


def test_only_what_has_no_point_is_asked_and_only_sure_answers_are_taken(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "known_communes", lambda _: KNOWN)
    said: list[str] = []
    loading.load_files([offer(tmp_path)], settings(tmp_path, server.url), said.append)
    assert [r["adresse"] for r in server.asked[0]] == [*FOUND, "introuvable"]
    nothing = ["", "", "approximate", ""]
    assert positions(tmp_path) == {
        "A0": ["2.771", "50.292", "geocoded", "0.93"],
        **{f"A{n}": nothing for n in range(1, 6)},
        "ARRAS-01": ["2.77", "50.29", "exact", ""],
    }
    assert "géocodage : 1 établissement placé" in said


def test_an_answer_is_kept_and_never_asked_again(tmp_path: Path, server: Server) -> None:
    given = settings(tmp_path, server.url)
    loading.load_files([offer(tmp_path)], given, quiet)
    first = positions(tmp_path)
    loading.load_files([offer(tmp_path)], given, quiet)
    assert len(server.asked) == 1
    assert positions(tmp_path) == first


def test_nobody_is_asked_unless_the_operator_turns_it_on(tmp_path: Path, server: Server) -> None:
    loading.load_files([offer(tmp_path)], settings(tmp_path, None), quiet)
    loading.load_files([offer(tmp_path)], settings(tmp_path, server.url, offline=True), quiet)
    loading.check_files([offer(tmp_path)], settings(tmp_path, server.url))
    assert server.asked == []


def test_a_server_that_asks_to_wait_is_waited_for(tmp_path: Path, server: Server) -> None:
    server.statuses = [429, 503]
    found = geocode([Address("12 rue des Écoles", "62041")], server.url, tmp_path, quiet)
    assert found[Address("12 rue des Écoles", "62041")].score == 0.93
    assert len(server.asked) == 3


def test_addresses_go_by_lots_and_those_answered_are_kept(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocoder, "LOT", 2)
    asked = [Address(f"rue {n}", "62041") for n in range(3)]
    server.statuses = [200, 400]
    with pytest.raises(SourceError, match="le géocodeur a répondu 400"):
        geocode(asked, server.url, tmp_path, quiet)
    geocode(asked, server.url, tmp_path, quiet)
    assert [len(r) for r in server.asked] == [2, 1, 1]


@pytest.mark.parametrize("body", [b"", b"<html>", b"n,longitude\n9,x\n", b"\xff\xfe"])
def test_a_senseless_answer_leaves_the_town_hall(
    tmp_path: Path, server: Server, body: bytes
) -> None:
    server.body = body
    said: list[str] = []
    loading.load_files([offer(tmp_path)], settings(tmp_path, server.url), said.append)
    assert positions(tmp_path)["A0"][2] == "approximate"


def test_a_server_that_is_not_there_leaves_the_town_hall(tmp_path: Path) -> None:
    said: list[str] = []
    nowhere = "http://127.0.0.1:9/csv"
    loading.load_files([offer(tmp_path)], settings(tmp_path, nowhere), said.append)
    assert any("le géocodeur ne répond pas" in line for line in said)
    assert positions(tmp_path)["A0"][2] == "approximate"
