"""No traceback reaches a person: what nobody foresaw is one sentence and a numbered note."""

from __future__ import annotations

import errno
import os
import re
import signal
from pathlib import Path

import duckdb
import pytest

from observatory.commands import failures, main
from observatory.settings import Settings


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x/e.csv"), "plus de place"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/e.csv"), "accès refusé"),
        (duckdb.IOException("IO Error: Could not write file"), "plus de place"),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed"), "mémoire"),
        (MemoryError(), "mémoire"),
    ],
)
def test_the_machines_own_causes_are_said_in_french(
    cache: Path, error: Exception, said: str
) -> None:
    told = failures.told(error)
    assert said in told
    assert not re.search(r"[Ee]rror|[Ss]pace|denied", told)
    assert not cache.exists()


def test_what_nobody_foresaw_is_noted_under_a_number(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("in the middle")

    monkeypatch.setattr(main, "app", lambda *_, **__: fail())
    with pytest.raises(SystemExit) as stop:
        main.main(["info"])
    told = capsys.readouterr().err
    assert stop.value.code == 1
    assert "ZeroDivisionError" not in told
    assert told.count("\n") == 1
    number = re.findall(r"sous le numéro ([0-9a-f]{8})", told)
    (note,) = (cache / "erreurs").iterdir()
    assert note.name == f"erreur-{number[0]}.txt"
    assert "ZeroDivisionError: in the middle" in note.read_text(encoding="utf-8")
    assert note.stat().st_mode & 0o077 == 0


def test_only_the_last_notes_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "MOST", 3)
    for n in range(5):
        failures.told(ValueError(n))
    assert len(list((cache / "erreurs").iterdir())) == 3


def test_a_full_disk_does_not_hide_the_error(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told = failures.told(ValueError("x"))
    assert "n'a pas pu être notée (ValueError)" in told
    assert [p for p in cache.rglob("*") if p.is_file()] == []


@pytest.mark.campaign
def test_names_that_are_no_utf_8_are_written_all_the_same(
    cache: Path, embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(tmp_path / "census"))
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/d\xe9p\xf4t")
    Path(folder).mkdir()

    def run(*arguments: str) -> int:
        with pytest.raises(SystemExit) as stop:
            main.main(list(arguments))
        return int(str(stop.value.code))

    out = Path(folder) / os.fsdecode(b"\xe9carts.csv")
    assert [run("export", "gaps", "--service", "rpe", "--out", str(out)) for _ in (1, 2)] == [0, 0]
    assert len(list(Path(folder).iterdir())) == 2
    census = Path(folder) / os.fsdecode(b"recens\xe9.csv")
    assert run("census", "template", "--out", str(census)) == 0
    heading = "identifiant;nom;service;statut;code_insee;capacite;source;date_source"
    row = "A1;Crèche;eaje_psu;public;62041;20;Enquête;2024-06-30"
    census.write_text(f"{heading}\n{row}\n", encoding="utf-8")
    assert run("census", "load", str(census), "--no-refresh") == 0
    assert run("census", "history") == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_query_that_a_signal_interrupts_ends_as_ctrl_c_does(
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
) -> None:
    def query(*_: object, **__: object) -> None:
        try:  # as DuckDB does in the middle of a query: the interrupt becomes an error of its own
            os.kill(os.getpid(), number)
            signal.sigtimedwait([], 1)
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None

    before = [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)]
    monkeypatch.setattr(main, "app", query)
    try:
        with pytest.raises(SystemExit) as stop:
            main.main(["info"])
    finally:
        for one, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(one, handler)
    assert stop.value.code == 130
    assert capsys.readouterr().err == ""
    assert not cache.exists()


def test_an_error_of_nobodys_doing_is_no_stop(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(SystemExit) as stop:
        main.main(["info"])
    assert stop.value.code == 1
    assert "inattendue" in capsys.readouterr().err
