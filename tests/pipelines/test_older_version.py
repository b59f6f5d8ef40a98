"""A version that lacks a table is asked for it in one way, whatever else is attached."""

from __future__ import annotations

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
