"""Totals of a merged commune: what each old code has in force is added up, none is made up."""

from __future__ import annotations

from datetime import date

import pytest
from secret_world import AM, Row, World, open_world

MERGER = date(2025, 1, 1)
CARRIED = dict.fromkeys(("62549", "62743", "62461"), ("62447", MERGER))
OLD: tuple[Row, ...] = (
    ("62447", AM, 10, 30, date(2023, 1, 1)),
    ("62549", AM, 7, 21, date(2023, 1, 1)),
    ("62743", AM, 6, 18, date(2023, 1, 1)),
    ("62461", AM, 5, 15, date(2024, 1, 1)),
)


def in_force(rows: tuple[Row, ...], day: date) -> tuple[float | None, float | None]:
    """Persons and places of the merged commune on a day."""
    with open_world(World(("62447",), rows), CARRIED) as con:
        found = con.execute(
            "SELECT headcount, places FROM stg.open_total WHERE code = '62447' AND valid_from <= ? "
            "ORDER BY valid_from DESC LIMIT 1",
            [day],
        ).fetchone()
    assert found is not None
    return found[0], found[1]


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2023, 6, 1), (None, None)), (date(2024, 6, 1), (28, 84))]
)
def test_a_sum_is_unknown_until_each_old_commune_has_told(
    day: date, expected: tuple[float | None, float | None]
) -> None:
    assert in_force(OLD, day) == expected


def test_an_old_commune_that_tells_again_changes_its_own_part_alone() -> None:
    later: Row = ("62549", AM, 9, 27, date(2024, 9, 1))
    assert in_force((*OLD, later), date(2024, 10, 1)) == (30, 90)


def test_the_new_commune_s_own_total_takes_the_place_of_the_old_ones() -> None:
    whole: Row = ("62447", AM, 26, 78, date(2025, 3, 1))
    assert in_force((*OLD, whole), date(2025, 2, 1)) == (28, 84)
    assert in_force((*OLD, whole), date(2025, 4, 1)) == (26, 78)
