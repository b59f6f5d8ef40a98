"""How the text of a published file becomes a value: numbers, unknown marks, days and years."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipelines

MACROS = Path(pipelines.__file__).parent / "staging" / "_macros.sql"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as one:
        one.execute("ATTACH ':memory:' AS stg")
        one.execute(MACROS.read_text(encoding="utf-8"))
        yield one


def value(con: duckdb.DuckDBPyConnection, macro: str, text: str | None) -> Any:
    return con.execute(f"SELECT stg.{macro}(CAST(? AS TEXT))", [text]).fetchall()[0][0]


@pytest.mark.parametrize(
    "text",
    ["", " ", None, "ns", "NS", "nd", "NC", "s", "C", "n/a", "NA", "nan", "XX", "xxx %", "XX%"],
)  # fmt: skip
def test_a_mark_of_an_unpublished_figure_is_unknown(
    con: duckdb.DuckDBPyConnection, text: str | None
) -> None:
    assert value(con, "known", text) is None
    assert value(con, "number", text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 000", 1000), ("1\u202f200,5", 1200.5), ("12\u00a0345\u00a0678", 12_345_678),
        ("1,5", 1.5),
        (".5", 0.5), ("1.", 1), (" 12 ", 12), ("-3", -3), ("+3", 3), ("1.5e3", 1500), ("007", 7),
    ],
)  # fmt: skip
def test_a_number_is_read_as_producers_write_it(
    con: duckdb.DuckDBPyConnection, text: str, number: float
) -> None:
    assert value(con, "number", text) == number


@pytest.mark.parametrize(
    "text",
    ["8 4", "1 2345", "1000 000", "inf", "-Infinity", "1e400", "9" * 400, "1_000", "0x10", "12 a"],
)  # fmt: skip
def test_what_is_no_finite_number_is_unknown_never_joined(
    con: duckdb.DuckDBPyConnection, text: str
) -> None:
    assert value(con, "number", text) is None
    assert value(con, "known", text) == text


@given(number=st.floats(min_value=-1e12, max_value=1e12))
def test_every_number_comes_back(con: duckdb.DuckDBPyConnection, number: float) -> None:
    assert value(con, "number", repr(number).replace(".", ",")) == number


@pytest.mark.parametrize(
    ("text", "year"), [("2023", 2023), ("2023-12-31", 2023), ("31/12/2023", 2023), ("23", None)]
)
def test_a_year_is_found_alone_or_in_a_date(
    con: duckdb.DuckDBPyConnection, text: str, year: int | None
) -> None:
    assert value(con, "year", text) == year


@pytest.mark.parametrize(
    ("macro", "text", "code"),
    [
        ("insee", "1001", "01001"), ("insee", " 2a004 ", "2A004"), ("insee", "62041", "62041"),
        ("insee", "620410101", "620410101"), ("siren", "20000001", "020000001"),
        ("siren", "20003357900011", "20003357900011"), ("insee", None, None),
    ],
)  # fmt: skip
def test_a_code_gets_its_zeros_back_and_is_never_cut(
    con: duckdb.DuckDBPyConnection, macro: str, text: str | None, code: str | None
) -> None:
    """Cut to its first digits, an IRIS would be read as its commune, and 974 as 97."""
    assert value(con, macro, text) == code
