"""How far a worksheet goes is seen wherever the file says it, in whatever blocks it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.extent import Extent, column_place, whole_tags

SHEET = (
    b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    b'<row r="7" spans="1:2"><c r="XFD7" t="e"><v>#N/A</v></c></row></sheetData>'
)


def extent(xml: bytes) -> tuple[int, int]:
    found = Extent()
    found.add(xml)
    return found.rows, found.columns


def test_the_last_row_and_the_widest_column_are_those_of_the_references() -> None:
    assert extent(SHEET) == (7, 16_384)
    assert extent(b"<sheetData/>") == (0, 0)


@pytest.mark.parametrize(
    "xml", [b'<row r="1"><c r="A1048576"/></row>', b'<row r="1048576"><c r="A1"/></row>']
)
def test_a_row_that_its_cells_contradict_is_taken_at_its_worst(xml: bytes) -> None:
    assert extent(xml) == (1_048_576, 1)


@given(sizes=st.lists(st.integers(1, 40), max_size=20))
def test_blocks_change_nothing(sizes: list[int]) -> None:
    found, held, read, at = Extent(), b"", b"", 0
    for size in [*sizes, len(SHEET), 1]:
        chunk, at = SHEET[at : at + size], at + size
        seen, held = whole_tags(held, chunk)
        found.add(seen)
        read += seen
    assert (found.rows, found.columns, read) == (7, 16_384, SHEET)


def test_the_place_of_a_column_is_counted_from_its_letters() -> None:
    assert [column_place(x) for x in (b"A", b"Z", b"AA", b"xfd")] == [1, 26, 27, 16_384]
