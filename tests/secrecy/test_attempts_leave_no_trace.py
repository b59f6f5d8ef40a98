"""A set of masks that did not hold is never written: a file keeps what was dropped from it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from secret_world import World, open_world, totals

from observatory.secrecy.mask_audit import Finding, audit, unsafe
from observatory.secrecy.published import Published
from observatory.secrecy.register import Cell, Register
from pipelines import masks


def test_a_set_of_masks_is_written_only_once_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"62001": [(1, 4)], "62002": [(1, 3)], "62003": [(30, 90)], "62004": [(9, 27)]}
    con = open_world(World(tuple(counts), tuple(totals(counts))))
    tried: list[tuple[bool, frozenset[Cell]]] = []

    def watched(candidate: Published, kept: Sequence[Published] = ()) -> list[Finding]:
        found = audit(candidate, kept)
        with con.cursor() as beside:  # sees what is written, not what is tried
            named = beside.execute(
                "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'masked'"
            ).fetchone()
            assert named == (0,) or not unsafe(found)
        tried.append((bool(unsafe(found)), candidate.masked))
        return found

    monkeypatch.setattr(masks, "audit", watched)
    with con:
        register = masks.decide(con, Register("a key of the tests"), (), lambda line: None)
        written = frozenset(con.execute("SELECT code, service FROM masked").fetchall())
    assert tried[0][0]  # the masks of the two persons alone do not hold
    assert written == register.cells("primary", "companion")
    assert (False, written) in tried
