"""The gap query with its service as a parameter gives what the query of every service gave."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import Version, kept_version, make_settings
from generated import at_every_run

from observatory.french import numbers
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import LEAST_LACK, is_short
from observatory.versions import warehouse
from observatory.versions.frames import frame

Con = duckdb.DuckDBPyConnection
FORMER = Path(__file__).with_name("former_gaps.sql").read_text(encoding="utf-8")
DAYS = [date(2023, 12, 31), date(2021, 6, 30), date(2026, 1, 1)]
campaign = pytest.mark.campaign
TERRITORIES = [
    pytest.param(tiny.SIREN, id="epci"),
    pytest.param("62", id="departement", marks=campaign),
    pytest.param("62001", id="commune", marks=campaign),
    pytest.param(tiny.ABC, id="communes", marks=campaign),
    pytest.param("france", id="france", marks=campaign),
]
ORDER = "ORDER BY service, day_type, definition_rank, code NULLS LAST"


def assert_as_before(con: Con, day: date, custom: float | None) -> None:
    former = frame(con, f"FROM former_gaps(?, ?) {ORDER}", [day, custom])
    every = frame(con, f"FROM gap_as_of(?, ?, NULL) {ORDER}", [day, custom])
    columns = sorted(former.columns)
    # The vintage of the ages, the pupils and the parts of a composite came later.
    later = ["public_vintage", "resident", "unknown_parts"]
    assert sorted(every.columns) == sorted([*columns, *later])
    pd.testing.assert_frame_equal(every[columns], former[columns], rtol=1e-12)
    for service in nomenclature().services:
        one = frame(con, f"FROM gap_as_of(?, ?, ?) {ORDER}", [day, custom, service])
        expected = former[former["service"] == service].reset_index(drop=True)
        pd.testing.assert_frame_equal(one[columns], expected[columns], rtol=1e-12)


@pytest.mark.campaign
@pytest.mark.parametrize("day", at_every_run(1, DAYS))
@pytest.mark.parametrize("territory", TERRITORIES)
def test_every_row_is_as_the_former_query_made_it(
    tiny_version: Version, territory: str, day: date
) -> None:
    con = tiny_version(territory=territory)
    con.execute(FORMER)
    assert_as_before(con, day, custom=40)


@campaign
@pytest.mark.mirror
def test_every_row_of_published_files_is_as_the_former_query_made_it(
    mirror: Path, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, mirror=mirror)
    with warehouse.connect(kept_version(settings, "arras")) as con:
        con.execute(FORMER)
        assert_as_before(con, DAYS[-1], custom=None)


def test_a_shortfall_is_the_same_in_sql_and_in_python(tiny_three: Con) -> None:
    """Under half of the last decimal shown, a gap is a balance: « 0 » lacks none."""
    for decimals in (0, 1):
        step = 10.0**-decimals
        for gap in (-step, -0.5 * step, -0.49 * step, -LEAST_LACK, 0.0, step):
            told = tiny_three.execute("SELECT is_short(?, ?)", [gap, decimals]).fetchall()
            assert told == [(is_short(gap, decimals),)]
            shown_as_lack = gap < 0 and numbers.gap(gap, decimals) not in ("0", "0,0")
            assert is_short(gap, decimals) == shown_as_lack


def test_a_day_is_in_force_from_its_first_day_to_the_eve_of_its_last(tiny_three: Con) -> None:
    def holds(since: date | None, until: date | None, day: date) -> bool:
        return bool(
            tiny_three.execute("SELECT in_force(?, ?, ?)", [since, until, day]).fetchall()[0][0]
        )

    first, last = date(2024, 1, 1), date(2025, 1, 1)
    assert holds(first, last, first)
    assert holds(first, last, date(2024, 12, 31))
    assert not holds(first, last, last)
    assert not holds(first, last, date(2023, 12, 31))
    assert holds(None, None, first)
    assert holds(first, None, last)
    assert holds(None, first, date(2023, 12, 31))
