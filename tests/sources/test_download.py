"""A download is conditional, verified and bounded; a failure leaves the cached copy in place."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import requests
from local_server import LocalServer, Reply, serve

from observatory.errors import SourceError
from observatory.sources.download import Download, TransferLimits, fetch

OLD = b"code;taux\n62041;25,0\n"
NEW = b"code;taux\n62041;26,5\n62119;18,0\n"
QUICK = TransferLimits(connect_seconds=1.0, read_seconds=1.0, total_seconds=5.0, retries=1)
ONCE = TransferLimits(connect_seconds=1.0, read_seconds=1.0, total_seconds=5.0, retries=0)
CUT_SHORT = TransferLimits(connect_seconds=1.0, read_seconds=1.0, total_seconds=0.25, retries=0)
HTML_PAGES = {
    "said by its headers": Reply(body=b"code;taux", headers={"Content-Type": "text/html"}),
    "doctype": Reply(body=b"<!DOCTYPE html><title>Maintenance</title>"),
    "no doctype": Reply(body=b"<html lang='fr'>"),
    "blank lines, capitals": Reply(body=b"\r\n\t <!doctype HTML>\n<HTML>"),
    "byte order mark": Reply(body=b"\xef\xbb\xbf\n<html>"),
    "UTF-16": Reply(body="\n<!DOCTYPE html><html>".encode("utf-16")),
    "comments first": Reply(body=b"<!-- page --> <!----><!DOCTYPE html>"),
    "in small chunks": Reply(body=b"<!doctype html>", byte_seconds=0.001, chunked=True),
}
FAILURES = {
    "404": (Reply(404), "ne trouve pas ce fichier (404)"),
    "403": (Reply(403), "refuse l'accès (403)"),
    "500": (Reply(500), "est en panne (500)"),
    "429": (Reply(429, headers={"Retry-After": "0"}), "trop de demandes (429)"),
    "204": (Reply(204), "inattendue du serveur (204)"),
    "a 304 to nothing": (Reply(304), "inattendue du serveur (304)"),
    "truncated": (Reply(body=NEW, missing=7), "incomplet"),
    "empty": (Reply(), "est vide"),
    "HTML page": (HTML_PAGES["doctype"], "une page web à la place du fichier"),
    "not gzip": (Reply(body=NEW, headers={"Content-Encoding": "gzip"}), "illisible"),
    "silent": (Reply(body=NEW, header_seconds=3.0), "ne répond pas, ou trop lentement"),
    "trickle": (Reply(body=NEW * 9, byte_seconds=0.05), "ne répond pas, ou trop lentement"),
    "gzip trickle": (
        Reply(body=gzip.compress(NEW), byte_seconds=0.05, headers={"Content-Encoding": "gzip"}),
        "ne répond pas, ou trop lentement",
    ),
    "to another scheme": (
        Reply(302, headers={"Location": "ftp://127.0.0.1/x.csv"}),
        "hors de http et de https",
    ),
    "to a file": (Reply(302, headers={"Location": "file:///etc/hosts"}), "hors de http"),
    "to itself": (Reply(302, headers={"Location": "/taux.csv"}), "renvoie sans fin"),
}


def limits_for(failure: str) -> TransferLimits:
    return CUT_SHORT if failure in ("silent", "trickle", "gzip trickle") else ONCE


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serve() as running:
        yield running


def put_in_cache(server: LocalServer, cache: Path, **headers: str) -> tuple[str, Download]:
    """Download OLD for good, dated 3 March 2026, and return its address and the download."""
    url = server.says("/taux.csv", Reply(body=OLD, headers=headers))
    done = fetch(url, cache)
    (sidecar,) = cache.glob("*/copie.json")
    record = json.loads(sidecar.read_text()) | {"downloaded_at": "2026-03-03T12:00:00+00:00"}
    sidecar.write_text(json.dumps(record))
    server.received.clear()
    return url, done


def files(cache: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in cache.rglob("*") if path.is_file()}


def forbid_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> NoReturn:
        pytest.fail("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


# What is asked and kept


def test_a_first_download_is_kept_with_its_sidecar(server: LocalServer, tmp_path: Path) -> None:
    headers = {"ETag": '"v1"', "Last-Modified": "Tue, 03 Mar 2026 08:00:00 GMT"}
    url = server.says("/taux.csv", Reply(body=OLD, headers=headers))
    said: list[str] = []
    done = fetch(url, tmp_path / "not" / "yet", report=said.append)
    assert done.origin == "network"
    assert done.path.read_bytes() == OLD
    assert done.path.name.endswith("-taux.csv")
    assert done.sha256 == hashlib.sha256(OLD).hexdigest()
    assert done.note == "téléchargé (21 octets)"
    assert re.fullmatch(r"téléchargement de taux\.csv \(127\.0\.0\.1_\d+\) : 21 octets", said[0])
    record = json.loads((done.path.parent / "copie.json").read_text())
    assert record.pop("downloaded_at")
    assert record == {
        "url": url,
        "sha256": done.sha256,
        "size": len(OLD),
        "etag": '"v1"',
        "last_modified": "Tue, 03 Mar 2026 08:00:00 GMT",
    }
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize(
    ("header", "value", "asked"),
    [
        ("ETag", '"v1"', "If-None-Match"),
        ("Last-Modified", "Tue, 03 Mar 2026 08:00:00 GMT", "If-Modified-Since"),
    ],
)
def test_an_unchanged_file_is_not_sent_again(
    server: LocalServer, tmp_path: Path, header: str, value: str, asked: str
) -> None:
    url, first = put_in_cache(server, tmp_path, **{header: value})
    said: list[str] = []
    again = fetch(url, tmp_path, report=said.append)
    assert server.received[0].headers[asked] == value
    assert (again.origin, again.path, again.sha256) == ("cache", first.path, first.sha256)
    assert again.note == "inchangé : copie du 3 mars 2026 en cache"
    assert said == []


def test_a_new_publication_takes_the_place_of_the_old(server: LocalServer, tmp_path: Path) -> None:
    url, _ = put_in_cache(server, tmp_path, ETag='"v1"')
    server.says("/taux.csv", Reply(body=NEW, headers={"ETag": '"v2"'}))
    done = fetch(url, tmp_path)
    assert (done.origin, done.path.read_bytes()) == ("network", NEW)
    assert fetch(url, tmp_path, offline=True).path.read_bytes() == NEW


def test_two_addresses_do_not_share_a_copy(server: LocalServer, tmp_path: Path) -> None:
    first = fetch(server.says("/csv", Reply(body=OLD)) + "?dep=62", tmp_path)
    second = fetch(server.says("/csv", Reply(body=NEW)) + "?dep=82", tmp_path)
    assert (first.path.read_bytes(), second.path.read_bytes()) == (OLD, NEW)


def test_redirects_and_transfer_encodings_are_followed(server: LocalServer, tmp_path: Path) -> None:
    packed = {"Content-Encoding": "gzip"}
    server.says("/here.csv", Reply(body=gzip.compress(NEW), headers=packed, chunked=True))
    url = server.says("/taux.csv", Reply(302, headers={"Location": "/here.csv"}))
    said: list[str] = []
    done = fetch(url, tmp_path, sha256=hashlib.sha256(NEW).hexdigest().upper(), report=said.append)
    assert done.path.read_bytes() == NEW
    assert said[0].endswith(")")  # a size that is not announced is not made up


def test_a_large_file_says_its_size_and_shows_a_bar_on_stderr(
    server: LocalServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.says("/gros.zip", Reply(body=b"PK" * 1_200_000))
    said: list[str] = []
    fetch(url, tmp_path, report=said.append, progress=True)
    assert said[0].endswith(": 2,4 Mo")
    out, err = capsys.readouterr()
    assert out == ""
    assert "gros.zip" in err


def test_a_download_without_a_bar_prints_and_logs_nothing(
    server: LocalServer,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    fetch(server.says("/taux.csv", Reply(body=OLD)), tmp_path)
    assert capfd.readouterr() == ("", "")
    assert caplog.messages == []


# What may pass is tried again, within bounds


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(server: LocalServer, tmp_path: Path, status: int) -> None:
    url = server.says("/taux.csv", Reply(status), Reply(body=OLD))
    assert fetch(url, tmp_path, limits=QUICK).origin == "network"
    assert len(server.received) == 2


def test_retry_after_is_respected(server: LocalServer, tmp_path: Path) -> None:
    url = server.says("/taux.csv", Reply(429, headers={"Retry-After": "1"}), Reply(body=OLD))
    start = time.monotonic()
    assert fetch(url, tmp_path, limits=QUICK).origin == "network"
    assert time.monotonic() - start >= 1.0


def test_retries_are_counted(server: LocalServer, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        fetch(server.says("/taux.csv", Reply(500)), tmp_path, limits=QUICK)
    assert len(server.received) == 1 + QUICK.retries


def test_a_server_cannot_make_us_wait_an_hour(server: LocalServer, tmp_path: Path) -> None:
    url = server.says("/taux.csv", Reply(429, headers={"Retry-After": "3600"}), Reply(body=OLD))
    start = time.monotonic()
    assert (
        fetch(url, tmp_path, limits=TransferLimits(wait_seconds=0, total_seconds=2)).origin
        == "network"
    )
    assert time.monotonic() - start < 1.0


def test_the_total_time_includes_the_waits(server: LocalServer, tmp_path: Path) -> None:
    url = server.says("/taux.csv", Reply(429, headers={"Retry-After": "3600"}))
    start = time.monotonic()
    with pytest.raises(SourceError, match="trop lentement"):
        fetch(url, tmp_path, limits=TransferLimits(total_seconds=0.3, wait_seconds=2))
    assert time.monotonic() - start < 1.0


# Failures: the cached copy with a note, or one clear line


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_without_a_copy_is_one_clear_line(
    server: LocalServer, tmp_path: Path, failure: str
) -> None:
    reply, words = FAILURES[failure]
    url = server.says("/taux.csv", reply)
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        fetch(url, tmp_path, limits=limits_for(failure))
    assert time.monotonic() - start < 2.0
    assert words in caught.value.what
    assert caught.value.where == url
    assert "dossier miroir" in caught.value.mend
    assert "\n" not in str(caught.value)
    assert files(tmp_path) == {}


@pytest.mark.parametrize("failure", [name for name in FAILURES if "304" not in name])
def test_a_failure_falls_back_on_the_cached_copy(
    server: LocalServer, tmp_path: Path, failure: str
) -> None:
    url, first = put_in_cache(server, tmp_path)
    before = files(tmp_path)
    reply, words = FAILURES[failure]
    server.says("/taux.csv", reply)
    done = fetch(url, tmp_path, limits=limits_for(failure))
    assert (done.origin, done.path, done.sha256) == ("cache", first.path, first.sha256)
    assert words in done.note
    assert done.note.endswith(" : copie du 3 mars 2026 en cache")
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "reply", [Reply(header_seconds=1.0), Reply(body=NEW, byte_seconds=1.0)], ids=["head", "body"]
)
def test_a_silence_is_not_waited_for(server: LocalServer, tmp_path: Path, reply: Reply) -> None:
    start = time.monotonic()
    with pytest.raises(SourceError, match="a cessé de répondre"):
        fetch(server.says("/taux.csv", reply), tmp_path, limits=TransferLimits(read_seconds=0.2))
    assert time.monotonic() - start < 0.9


@pytest.mark.parametrize("page", HTML_PAGES)
def test_an_html_page_is_not_a_data_file(server: LocalServer, tmp_path: Path, page: str) -> None:
    with pytest.raises(SourceError, match="page web"):
        fetch(server.says("/taux.csv", HTML_PAGES[page]), tmp_path, limits=QUICK)
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    "body", [b"<?xml version='1.0'?><kml/>", b"<htmlement/>", b"a;<html>\n", b"<!---->" * 200]
)
def test_a_file_that_only_looks_like_html_is_kept(
    server: LocalServer, tmp_path: Path, body: bytes
) -> None:
    assert fetch(server.says("/x", Reply(body=body)), tmp_path).path.read_bytes() == body


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "unannounced"])
def test_a_file_too_large_is_refused(server: LocalServer, tmp_path: Path, chunked: bool) -> None:
    url = server.says("/gros.zip", Reply(body=b"PK" * 1_200_000, chunked=chunked))
    said: list[str] = []
    with pytest.raises(SourceError, match=r"dépasse la taille admise \(2,0 Mo\)"):
        fetch(url, tmp_path, limits=TransferLimits(max_bytes=2_000_000), report=said.append)
    assert len(said) == chunked  # announced, it is not even begun
    assert files(tmp_path) == {}


def test_a_wrong_sum_is_refused_and_says_how_to_mend(server: LocalServer, tmp_path: Path) -> None:
    url = server.says("/taux.csv", Reply(body=NEW))
    with pytest.raises(SourceError, match="somme de contrôle attendue") as caught:
        fetch(url, tmp_path, sha256=hashlib.sha256(OLD).hexdigest())
    assert "source.toml" in caught.value.mend
    assert files(tmp_path) == {}


def test_a_wrong_sum_falls_back_on_the_copy_that_has_it(
    server: LocalServer, tmp_path: Path
) -> None:
    url, first = put_in_cache(server, tmp_path)
    server.says("/taux.csv", Reply(body=NEW))
    done = fetch(url, tmp_path, sha256=first.sha256)
    assert done.path.read_bytes() == OLD
    assert "somme de contrôle" in done.note


def test_a_copy_with_another_sum_does_not_count(server: LocalServer, tmp_path: Path) -> None:
    url, _ = put_in_cache(server, tmp_path, ETag='"v1"')
    wanted = hashlib.sha256(NEW).hexdigest()
    with pytest.raises(SourceError, match="n'a pas la somme de contrôle attendue"):
        fetch(url, tmp_path, sha256=wanted, offline=True)
    server.says("/taux.csv", Reply(body=NEW, headers={"ETag": '"v1"'}))
    assert fetch(url, tmp_path, sha256=wanted).path.read_bytes() == NEW
    assert "If-None-Match" not in server.received[0].headers


def test_a_closed_port_fails_at_once(server: LocalServer, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/taux.csv"
        with pytest.raises(SourceError, match="refuse la connexion"):
            fetch(url, tmp_path)


def test_no_network_fails_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_options: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    start = time.monotonic()
    with pytest.raises(SourceError, match="réseau injoignable"):
        fetch("https://donnees.example/taux.csv", tmp_path)
    assert time.monotonic() - start < 1.0


def test_a_name_resolution_that_hangs_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_args: object, **_options: object) -> NoReturn:
        time.sleep(0.6)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    start = time.monotonic()
    with pytest.raises(SourceError, match="réseau injoignable"):
        fetch(
            "https://donnees.example/taux.csv", tmp_path, limits=TransferLimits(connect_seconds=0.1)
        )
    assert time.monotonic() - start < 0.5
    time.sleep(0.6)  # the thread ends while getaddrinfo is still replaced


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://127.0.0.1/x.csv", "hors de http"),
        ("file:///etc/hosts", "hors de http"),
        ("taux.csv", "hors de http"),
        ("http:///taux.csv", "n'est pas valide"),
        ("http://127.0.0.1:port/taux.csv", "n'est pas valide"),
        ("http://[::1/taux.csv", "n'est pas valide"),
        (f"http://{'a' * 70}.example/taux.csv", "n'est pas valide"),
    ],
)
def test_an_impossible_address_is_a_clear_error(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        fetch(url, tmp_path)


def test_a_proxy_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "127.0.0.1:1")
    with pytest.raises(SourceError, match="refuse la connexion"):
        fetch("http://donnees.example/taux.csv", tmp_path)


# The cache: offline, killed, damaged


def test_offline_never_opens_a_socket(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, first = put_in_cache(server, tmp_path)
    forbid_sockets(monkeypatch)
    done = fetch(url, tmp_path, offline=True, sha256=first.sha256)
    assert (done.origin, done.path) == ("cache", first.path)
    assert done.note == "hors ligne : copie du 3 mars 2026 en cache"
    with pytest.raises(SourceError, match="hors ligne, et aucune copie en cache") as caught:
        fetch(url + "?autre", tmp_path, offline=True)
    assert "avec le réseau" in caught.value.mend


def test_a_download_killed_in_the_middle_leaves_the_cache_as_it_was(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, first = put_in_cache(server, tmp_path)
    before = files(tmp_path)
    server.says("/taux.csv", Reply(body=NEW * 100))
    whole = requests.Response.iter_content

    def killed(self: requests.Response, *_args: object) -> Iterator[bytes]:
        yield next(whole(self, 100))
        raise KeyboardInterrupt

    monkeypatch.setattr(requests.Response, "iter_content", killed)
    with pytest.raises(KeyboardInterrupt):
        fetch(url, tmp_path)
    assert files(tmp_path) == before
    assert fetch(url, tmp_path, offline=True).path == first.path


@pytest.mark.parametrize("move", [1, 2])
def test_a_kill_between_the_file_and_its_sidecar_leaves_the_old_copy(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move: int
) -> None:
    url, _ = put_in_cache(server, tmp_path)
    server.says("/taux.csv", Reply(body=NEW))
    replace, moves = os.replace, iter(range(1, 9))

    def killed(source: Path, target: Path) -> None:
        if next(moves) == move:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(url, tmp_path)
    assert fetch(url, tmp_path, offline=True).path.read_bytes() == OLD
    for leftover in tmp_path.rglob("*.part"):
        os.utime(leftover, (0, 0))
    assert fetch(url, tmp_path).path.read_bytes() == NEW
    assert not list(tmp_path.rglob("*.part"))


def test_old_leftovers_are_swept_even_when_nothing_has_changed(
    server: LocalServer, tmp_path: Path
) -> None:
    url, first = put_in_cache(server, tmp_path, ETag='"v1"')
    old, running = (first.path.parent / name for name in ("old.part", "running.part"))
    old.touch()
    running.touch()
    os.utime(old, (0, 0))
    fetch(url, tmp_path)
    assert (first.path.exists(), old.exists(), running.exists()) == (True, False, True)


def test_the_copy_just_replaced_stays_for_who_reads_it(server: LocalServer, tmp_path: Path) -> None:
    url, first = put_in_cache(server, tmp_path)
    os.utime(first.path, (0, 0))
    server.says("/taux.csv", Reply(body=NEW))
    fetch(url, tmp_path)
    assert first.path.exists()
    fetch(url, tmp_path)
    assert not first.path.exists()


@pytest.mark.parametrize("damage", ["content", "same size", "no content", "sidecar", "date"])
def test_a_damaged_copy_is_thrown_away_and_downloaded_again(
    server: LocalServer, tmp_path: Path, damage: str
) -> None:
    def spoil() -> None:
        sidecar = first.path.parent / "copie.json"
        if damage == "no content":
            first.path.unlink()
        elif damage == "sidecar":
            sidecar.write_text('["not what it was')
        elif damage == "date":
            sidecar.write_text(sidecar.read_text().replace("2026-03-03", "hier"))
        else:
            first.path.write_bytes(OLD.swapcase() if damage == "same size" else OLD[:9])

    url, first = put_in_cache(server, tmp_path, ETag='"v1"')
    spoil()
    with pytest.raises(SourceError, match="hors ligne, et la copie en cache était abîmée"):
        fetch(url, tmp_path, offline=True)
    assert not list(tmp_path.rglob("copie.json"))

    url, first = put_in_cache(server, tmp_path, ETag='"v1"')
    spoil()
    done = fetch(url, tmp_path)
    assert (done.origin, done.path.read_bytes()) == ("network", OLD)
    assert "If-None-Match" not in server.received[0].headers


def test_a_cache_that_cannot_be_written_is_a_clear_error(
    server: LocalServer, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    url = server.says("/taux.csv", Reply(body=OLD))
    with pytest.raises(SourceError, match="écriture dans le cache") as caught:
        fetch(url, tmp_path / "cache")
    assert caught.value.where == str(tmp_path / "cache")


def test_a_full_disk_falls_back_on_the_cached_copy(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, first = put_in_cache(server, tmp_path)
    server.says("/taux.csv", Reply(body=NEW))

    def full(*_args: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    done = fetch(url, tmp_path)
    assert done.path == first.path
    assert done.note.startswith("l'écriture dans le cache est impossible : copie du")
