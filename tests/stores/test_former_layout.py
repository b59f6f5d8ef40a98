"""Files of the layout before generations are taken in as the first one, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.stores.former import PREPARED
from observatory.stores.generation import StoreError
from observatory.stores.store import Store

ONE = {"a.csv": b"one\n", "b.csv": b"1\n"}


def former(folder: Path) -> None:
    (folder / "precedents" / "20250101T000000000000Z").mkdir(parents=True)
    (folder / "precedents" / "20250101T000000000000Z" / "a.csv").write_bytes(b"zero\n")
    for name, content in ONE.items():
        (folder / name).write_bytes(content)
    (folder / ".chargement").touch()  # the lock of a load that was killed


def test_the_first_write_takes_the_former_layout_in(tmp_path: Path) -> None:
    former(tmp_path)
    kept = Store(tmp_path)
    assert kept.read()[1] == ONE
    assert kept.head().is_former
    with kept.writing() as writing:
        assert writing.files == ONE
        writing.commit("complete", {**ONE, "a.csv": b"two\n"})
    assert [e.kind for e in kept.history()] == ["former", "complete"]
    assert list(tmp_path.glob("*.csv")) == []
    assert (tmp_path / "precedents" / "20250101T000000000000Z" / "a.csv").exists()
    kept.undo()
    assert kept.read()[1] == ONE


def test_files_of_a_load_that_was_stopped_are_put_in_place_first(tmp_path: Path) -> None:
    former(tmp_path)
    (tmp_path / PREPARED).mkdir()
    (tmp_path / PREPARED / "a.csv").write_bytes(b"ready\n")
    kept = Store(tmp_path)
    assert kept.read()[1] == {**ONE, "a.csv": b"ready\n"}
    with kept.writing() as writing:
        assert writing.state.sequence == 1
    assert kept.read()[1] == {**ONE, "a.csv": b"ready\n"}


def test_a_file_that_is_not_of_the_store_is_not_taken_in(tmp_path: Path) -> None:
    former(tmp_path)

    def accept(name: str, content: bytes) -> None:
        if name == "b.csv":
            raise StoreError("ce fichier n'est pas du recensement", where=name)

    kept = Store(tmp_path, accept=accept)
    with pytest.raises(StoreError, match=r"b\.csv"), kept.writing():
        raise AssertionError
    assert kept.read()[1] == ONE


def test_a_file_put_by_hand_beside_the_generations_is_told(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    with kept.writing() as writing:
        writing.commit("load", ONE)
    (tmp_path / "a.csv").write_bytes(b"by hand\n")
    with pytest.raises(StoreError, match="déposé à la main"):
        kept.head()
    with pytest.raises(StoreError, match="déposé à la main"), kept.writing():
        raise AssertionError
    assert (tmp_path / "a.csv").read_bytes() == b"by hand\n"
