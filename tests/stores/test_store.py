"""A store keeps every state it was given, whole, and says who changed it and why."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from observatory.stores import lock, store
from observatory.stores.audit import audit, in_service
from observatory.stores.generation import JOURNAL, StoreError
from observatory.stores.store import HEAD, Store

ONE = {"a.csv": b"one\n", "b.csv": b"1\n"}
TWO = {"a.csv": b"two\n", "b.csv": b"2\n"}


def write(kept: Store, contents: dict[str, bytes], who: str = "", why: str = "") -> int:
    with kept.writing() as writing:
        return writing.commit("load", contents, who, why).sequence


def files(kept: Store) -> dict[str, bytes]:
    return kept.read()[1]


def test_a_generation_holds_all_its_files_and_its_line_of_the_journal(tmp_path: Path) -> None:
    kept = Store(tmp_path / "census")
    assert kept.read() == (store.State(), {})
    assert not kept.folder.exists(), "to read writes nothing"
    assert write(kept, ONE, "planificateur", "premier") == 1
    assert write(kept, TWO) == 2
    assert (kept.folder / HEAD).read_text() == "gen-000002\n"
    folder = kept.folder / "gen-000001"
    assert {p.name: p.read_bytes() for p in folder.glob("*.csv")} == ONE
    line = json.loads((folder / JOURNAL).read_text())
    assert (line["sequence"], line["who"], line["why"], line["kind"], line["parent"]) == (
        1, "planificateur", "premier", "load", None
    )  # fmt: skip
    assert line["when"].endswith("+00:00")
    assert [e.parent for e in kept.history()] == [None, 1]
    assert files(kept) == TWO


def test_writing_what_is_already_there_changes_nothing(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    before = {p: p.stat().st_mtime_ns for p in sorted(tmp_path.rglob("*")) if p.is_file()}
    assert write(kept, ONE) == 1
    assert {p: p.stat().st_mtime_ns for p in sorted(tmp_path.rglob("*")) if p.is_file()} == before


def test_undo_and_restore_give_back_the_same_bytes(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    for contents in (ONE, TWO, {"a.csv": b"three\n"}):
        write(kept, contents)
    kept.undo("moi", "erreur")
    assert files(kept) == TWO
    kept.redo()
    assert files(kept) == {"a.csv": b"three\n"}, "an undo is undone, by its name"
    kept.restore(1)
    assert files(kept) == ONE
    assert [e.kind for e in kept.history()] == ["load"] * 3 + ["undo", "redo", "restore"]
    assert kept.history()[3].who == "moi"
    with pytest.raises(StoreError, match="la génération 9 n'existe pas"):
        kept.restore(9)


def test_undo_goes_back_one_by_one_and_redo_comes_back(tmp_path: Path) -> None:
    kept, states = Store(tmp_path), [{"a.csv": b"%d\n" % n} for n in range(5)]
    for contents in states:
        write(kept, contents)
    for contents in reversed(states[:-1]):
        kept.undo()
        assert files(kept) == contents
    for contents in states[1:]:
        kept.redo()
        assert files(kept) == contents
    with pytest.raises(StoreError, match="rien à remettre"):
        kept.redo()
    assert len(kept.history()) == 13, "every state is kept"


def test_a_change_after_an_undo_is_undone_to_where_it_came_from(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    write(kept, TWO)
    kept.undo()
    write(kept, {"a.csv": b"three\n"})
    with pytest.raises(StoreError, match="rien à remettre"):
        kept.redo()
    kept.undo()
    assert files(kept) == ONE
    kept.undo()
    assert files(kept) == {}
    with pytest.raises(StoreError, match="rien à annuler"):
        kept.undo()
    kept.redo()
    kept.redo()
    assert files(kept) == {"a.csv": b"three\n"}


def test_what_was_taken_back_is_no_change_to_undo(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    write(kept, TWO)
    failed = write(kept, {"a.csv": b"three\n"})
    assert kept.compensate(failed)
    kept.undo()
    assert files(kept) == ONE
    assert kept.compensate(kept.head().sequence)
    assert (files(kept), kept.steps().back) == (TWO, 1)


def test_a_state_that_was_restored_is_undone_to_the_one_before_it(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    write(kept, TWO)
    kept.restore(1)
    kept.undo()
    assert files(kept) == TWO
    kept.undo()
    assert files(kept) == ONE


def test_the_first_change_is_undone_to_nothing_and_this_is_written_down(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    with pytest.raises(StoreError, match="rien à annuler"):
        kept.undo()
    write(kept, ONE)
    state = kept.undo()
    assert (state.sequence, files(kept)) == (2, {})
    assert state.names() == []


def test_a_failed_use_is_taken_back_unless_another_change_came_after(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    own = write(kept, TWO)
    assert kept.compensate(own, "moi", "contrôle refusé")
    assert files(kept) == ONE
    own = write(kept, TWO)
    other = {"a.csv": b"other\n"}
    write(kept, other)
    assert not kept.compensate(own)
    assert files(kept) == other
    assert [e.kind for e in kept.history()] == ["load", "load", "compensate", "load", "load"]


def test_a_state_that_moved_is_seen_while_the_store_is_held(tmp_path: Path) -> None:
    kept = Store(tmp_path / "census", wait_seconds=0.05)
    nothing = kept.head()
    with kept.holding(nothing) as still:
        assert still
    write(kept, ONE)
    with kept.holding(nothing) as still:
        assert not still
    with kept.holding(kept.head()) as still:
        assert still
        with pytest.raises(StoreError, match="un autre chargement est en cours"):
            write(kept, TWO)


def test_old_generations_go_by_their_number_whatever_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "KEPT", 3)
    monkeypatch.setattr(store.sweep, "__defaults__", (3,))
    kept = Store(tmp_path)
    for n in range(5):
        write(kept, {"a.csv": b"%d\n" % n})
        os.utime(tmp_path / f"gen-00000{n + 1}", (0, 10_000_000_000 - n * 1e9))
    held = [sorted(p.name for p in tmp_path.glob(f"gen-00000{n}/*")) for n in range(1, 6)]
    assert held == [[JOURNAL]] * 2 + [["a.csv", JOURNAL]] * 3
    assert [e.sequence for e in kept.history()] == [1, 2, 3, 4, 5]
    with pytest.raises(StoreError, match="ce fichier manque"):
        kept.restore(1)
    kept.restore(3)
    assert files(kept) == {"a.csv": b"2\n"}


def test_what_was_changed_behind_the_back_of_the_store_is_told(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    write(kept, TWO)
    assert audit(kept) == []
    (tmp_path / "gen-000002" / "a.csv").write_bytes(b"other\n")
    with pytest.raises(StoreError, match="n'est plus celui qui a été écrit"):
        kept.read()
    (tmp_path / "gen-000001" / "b.csv").unlink()
    (tmp_path / "gen-000001" / JOURNAL).write_text("{")
    told = "\n".join(audit(kept))
    assert "gen-000002/a.csv : ce fichier n'est plus celui" in told
    assert "gen-000001 : le journal de cette génération manque ou est abîmé" in told


def test_a_lost_switch_is_an_error_and_never_an_empty_store(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    (tmp_path / HEAD).unlink()
    with pytest.raises(StoreError, match="HEAD manque"):
        kept.head()
    with pytest.raises(StoreError, match="HEAD manque"):
        write(kept, TWO)
    (tmp_path / HEAD).write_text("gen-000007")
    with pytest.raises(StoreError, match="gen-000007"):
        kept.head()
    (tmp_path / HEAD).write_text("gen-000001\n")
    assert files(kept) == ONE


def test_a_generation_that_was_never_in_service_is_kept_and_told_apart(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    write(kept, ONE)
    write(kept, TWO)
    (tmp_path / HEAD).write_text("gen-000001\n")  # as a stop before the switch leaves it
    assert files(kept) == ONE
    assert write(kept, {"a.csv": b"three\n"}) == 3
    assert in_service(kept) == {1, 3}
    assert kept.history()[1].sequence == 2


def test_a_network_mount_is_refused_for_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    shared = tmp_path / "shared folder"
    escaped = str(shared).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nnas:/x {escaped} nfs4 rw 0 0\n")
    monkeypatch.setattr(lock, "MOUNTS", mounts)
    with pytest.raises(StoreError, match="partagé par le réseau"):
        write(Store(shared / "census"), ONE)
    assert not shared.exists()
    assert write(Store(tmp_path / "here"), ONE) == 1
