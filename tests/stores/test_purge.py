"""What is past its retention is removed, former states and copies included; nothing else is."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from observatory.commands import main
from observatory.stores.audit import audit
from observatory.stores.author import account_of, author, function_of
from observatory.stores.generation import JOURNAL, StoreError, name_of, read_entry
from observatory.stores.purge import Purge, months_before, purge
from observatory.stores.store import Store

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAYS = ("2024-01-10", "2025-02-01", "2025-12-20", "2026-10-01")
WHO = author("planificatrice", "sub-42")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Four states, written on days of their own, and a dated copy of the former layout."""
    kept = Store(tmp_path / "census")
    for n, day in enumerate(DAYS):
        with kept.writing() as writing:
            writing.commit("edit", {"a.csv": f"{n}\n".encode()}, WHO, f"motif {n}")
        folder = kept.folder / name_of(n + 1)
        entry = dataclasses.replace(read_entry(folder), when=f"{day}T10:00:00+00:00")
        (folder / JOURNAL).write_bytes(entry.line())
    for stamp in ("20240101T000000000000Z", "20261001T000000000000Z"):
        (kept.folder / "precedents" / stamp).mkdir(parents=True)
        (kept.folder / "precedents" / stamp / "a.csv").write_bytes(b"copie\n")
    return kept


def whole(store: Store) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in store.folder.rglob("*") if p.is_file() and p.name != ".lock"}


def test_without_being_asked_a_purge_only_tells(store: Store) -> None:
    before = whole(store)
    found = purge(store, NOW, 12, 12, apply=False)
    # The second state was in service until the third came, less than a year ago.
    assert (found.lines, found.states) == ([1, 2], [1])
    assert [p.name for p in found.copies] == ["20240101T000000000000Z"]
    assert whole(store) == before


def test_a_purge_removes_accounts_reasons_former_states_and_copies(store: Store) -> None:
    purge(store, NOW, 12, 12, apply=True)
    entries = store.history()
    assert [e.who for e in entries] == ["planificatrice"] * 2 + [WHO] * 2
    assert [e.why for e in entries] == ["", "", "motif 2", "motif 3"]
    everything = b"".join(whole(store).values())
    assert b"motif 0" not in everything
    assert not (store.folder / name_of(1) / "a.csv").exists()
    assert [p.name for p in (store.folder / "precedents").iterdir()] == ["20261001T000000000000Z"]
    assert store.read()[1] == {"a.csv": b"3\n"}
    assert audit(store) == []


def test_a_purge_done_again_finds_nothing(store: Store) -> None:
    purge(store, NOW, 12, 12, apply=True)
    assert purge(store, NOW, 12, 12, apply=True) == Purge()


def test_the_state_in_service_outlives_every_retention(store: Store) -> None:
    purge(store, datetime(2040, 1, 1, tzinfo=UTC), 1, 1, apply=True)
    assert store.read()[1] == {"a.csv": b"3\n"}
    assert {e.why for e in store.history()} == {""}
    assert not any(account_of(e.who) for e in store.history())
    with pytest.raises(StoreError, match="durée de conservation"):
        store.restore(2)


def test_a_store_that_was_never_written_stays_so(tmp_path: Path) -> None:
    never = Store(tmp_path / "never")
    assert purge(never, NOW, 12, 12, apply=True) == Purge()
    assert not never.folder.exists()


def test_months_are_counted_back_to_a_day_of_the_calendar() -> None:
    assert months_before(datetime(2026, 3, 31, tzinfo=UTC), 1).date().isoformat() == "2026-02-28"
    assert months_before(datetime(2026, 1, 15, tzinfo=UTC), 12).date().isoformat() == "2025-01-15"


@pytest.mark.parametrize("account", ["7", "a]b[c", " x\ny ", "é" * 500])
def test_the_account_of_an_author_is_kept_and_never_shown(account: str) -> None:
    written = author("planificatrice", account)
    assert function_of(written) == "planificatrice"
    assert account_of(written)
    assert author("planificatrice") == "planificatrice"


def test_the_command_tells_then_removes(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(store.folder))
    for more, end in (([], "recommencer avec --yes"), (["--yes"], "Effacé."), ([], "rien ne dép")):
        with pytest.raises(SystemExit) as ended:
            main.main(["purge", *more])
        assert ended.value.code == 0
        told = capsys.readouterr().out
        assert "12 mois (durée par défaut)" in told
        assert end in told
    assert store.read()[1] == {"a.csv": b"3\n"}
