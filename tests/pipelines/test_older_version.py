"""A version that lacks a table is asked for it in one way, whatever else is attached."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from observatory.errors import VersionError
from observatory.settings import Settings
from observatory.versions import record, warehouse


def test_a_table_of_another_database_is_not_one_of_the_version(tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as con:
        con.execute("CREATE TABLE competence AS SELECT 1 AS code")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{other}' AS other; CREATE TABLE perimeter AS SELECT 1 AS code")
        assert warehouse.has_table(con, "perimeter")
        assert not warehouse.has_table(con, "competence")
        assert warehouse.has_table(con, "competence", "other")
        assert not warehouse.has_table(con, "perimeter", "other")


def test_a_version_built_before_requests_were_kept_answers_the_default_territory() -> None:
    with duckdb.connect() as con:
        assert record.request(con).territory == "arras"


def test_the_version_in_service_is_closed_when_its_block_fails(tmp_path: Path) -> None:
    settings = replace(Settings(), processed_dir=tmp_path)
    with pytest.raises(VersionError, match="aucune version"), warehouse.in_service(settings):
        raise AssertionError
    name = warehouse.new_name()
    duckdb.connect(str(tmp_path / name)).close()
    (tmp_path / warehouse.CURRENT).write_text(name)
    with pytest.raises(ZeroDivisionError), warehouse.in_service(settings) as con:
        raise ZeroDivisionError
    with pytest.raises(duckdb.ConnectionException):
        con.execute("SELECT 1")


HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """A version that another process holds open for writing."""
    path = tmp_path / warehouse.new_name()
    duckdb.connect(str(path)).close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield path
        other.kill()


def test_a_version_that_another_program_holds_is_said_to_be_open_elsewhere(held: Path) -> None:
    with pytest.raises(VersionError) as caught:
        warehouse.connect(held)
    said = str(caught.value)
    assert "ouverte dans un autre programme : le fermer" in said
    assert held.name in said
    assert str(held.parent) not in said
    assert "incomplet" not in said


def test_each_cause_that_keeps_a_version_closed_has_words_of_its_own(tmp_path: Path) -> None:
    text = tmp_path / "text.duckdb"
    text.write_bytes(b"not a version" * 1_000)
    said = {}
    for path in (tmp_path / "gone.duckdb", text):
        with pytest.raises(VersionError) as caught:
            warehouse.connect(path)
        said[path.stem] = str(caught.value)
    assert "elle n'existe plus" in said["gone"]
    assert "incomplet ou n'en est pas une" in said["text"]


def test_a_version_of_a_later_storage_is_not_said_to_be_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = "storage version number 99, but we can only read storage versions between 64 and 68."

    def refuse(*args: object, **kwargs: object) -> None:
        raise duckdb.IOException(words)

    monkeypatch.setattr(duckdb, "connect", refuse)
    with pytest.raises(VersionError, match="autre version de DuckDB"):
        warehouse.connect(tmp_path / "newer.duckdb")
