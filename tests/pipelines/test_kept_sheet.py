"""A published workbook is read once: what was kept of it gives the same rows, or is read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from observatory.errors import SourceError
from pipelines import kept_sheet
from pipelines.kept_sheet import first_sheet

ROWS = [
    ["Code", "Foyers l'an", "Foyers l'an", None, "Part"],
    ["01001", 12, "n'est pas lu", "sans titre", 0.5],
    ["2A004", None, None, None, 3.0],
    ["97105", "nc", 7, "", -1],
]
WANTED = ("Code", "Foyers l'an", "Part")
TEXTS = [("01001", "12", "0.5"), ("2A004", None, "3"), ("97105", "nc", "-1")]


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    with Workbook(path) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def rows_of(path: Path, folder: Path) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{name}"' for name in WANTED)
    with duckdb.connect() as con:
        relation = first_sheet(path, folder).relation(con, WANTED)
        return con.execute(f"SELECT {columns} FROM {relation}").fetchall()


def never(path: Path) -> list[list[Any]]:
    raise AssertionError(f"{path.name} is read again")


def test_a_workbook_is_read_once_and_gives_the_same_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = workbook(tmp_path / "foyers.xlsx", ROWS), tmp_path / "kept"
    assert rows_of(path, kept) == TEXTS
    monkeypatch.setattr(kept_sheet, "sheet", never)
    assert rows_of(path, kept) == TEXTS
    assert first_sheet(path, kept).headings == [
        "Code",
        "Foyers l'an",
        "Foyers l'an",
        "",
        "Part",
    ]


def test_another_content_under_the_same_name_is_read(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    rows_of(workbook(tmp_path / "foyers.xlsx", ROWS), kept)
    path = workbook(tmp_path / "foyers.xlsx", [*ROWS, ["59350", 4, None, None, 1]])
    assert rows_of(path, kept) == [*TEXTS, ("59350", "4", "1")]


def test_what_was_kept_and_cannot_be_read_is_read_again(tmp_path: Path) -> None:
    path, kept = workbook(tmp_path / "foyers.xlsx", ROWS), tmp_path / "kept"
    rows_of(path, kept)
    (file,) = kept.iterdir()
    file.write_bytes(b"PAR1 cut short")
    assert rows_of(path, kept) == TEXTS
    assert file.read_bytes()[-4:] == b"PAR1"


def test_where_nothing_can_be_kept_the_workbook_is_read_all_the_same(tmp_path: Path) -> None:
    path, kept = workbook(tmp_path / "foyers.xlsx", ROWS), tmp_path / "kept"
    kept.write_text("a file where the folder should be", encoding="utf-8")
    assert rows_of(path, kept) == TEXTS


def test_a_reader_that_changes_finds_nothing_of_the_former(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = workbook(tmp_path / "foyers.xlsx", ROWS), tmp_path / "kept"
    rows_of(path, kept)
    monkeypatch.setattr(kept_sheet, "_reader", lambda: "another")
    monkeypatch.setattr(kept_sheet, "sheet", never)
    with pytest.raises(AssertionError, match="read again"):
        rows_of(path, kept)


def test_a_damaged_workbook_leaves_nothing_behind(tmp_path: Path) -> None:
    path, kept = workbook(tmp_path / "foyers.xlsx", ROWS), tmp_path / "kept"
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(SourceError, match="abîmée"):
        first_sheet(path, kept)
    assert not kept.exists()


@settings(max_examples=15)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.text(max_size=8),
                st.integers(-(10**6), 10**6),
                st.floats(allow_nan=False, allow_infinity=False, width=32),
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_kept_is_what_was_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[Any]]
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    path = folder / "any.xlsx"
    path.write_bytes(repr(cells).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_sheet, "examine_workbook", lambda path: None)
        patch.setattr(kept_sheet, "sheet", lambda path: [list(WANTED), *cells])
        first, again = rows_of(path, folder / "k"), rows_of(path, folder / "k")
        read = kept_sheet._read(path)[1]
    expected = [
        tuple(None if v is None else str(v) for v in row)
        for row in read.astype(object).where(read.notna(), None).values.tolist()
    ]
    assert first == again == expected
