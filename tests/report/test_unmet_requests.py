"""Unmet requests on a sheet: how many, told by whom; nothing where nobody tells them."""

from __future__ import annotations

import math

from observatory.report import table_cells


def test_requests_are_said_with_who_tells_them() -> None:
    row = {"unmet": 1234.0, "unmet_told": 2.0, "unmet_asked": 5.0}
    said = ("Demandes non satisfaites", "1\u202f234", "dites par 2 sur 5 établissements")
    assert table_cells.unmet(row) == [said]


def test_zero_is_said_and_unknown_is_not() -> None:
    told = {"unmet": 0.0, "unmet_told": 1.0, "unmet_asked": 1.0}
    assert table_cells.unmet(told)[0][1] == "0"
    assert table_cells.unmet({"unmet": math.nan, "unmet_told": None, "unmet_asked": None}) == []
