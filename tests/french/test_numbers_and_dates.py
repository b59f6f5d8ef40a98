"""Numbers and dates read as French readers expect."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.french import dates, numbers
from observatory.settings import ROOT


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1\u202f234,5"),
        (1234567, 0, "1\u202f234\u202f567"),
        (0.45, 1, "0,5"),
        (2.5, 0, "3"),
        (-2.5, 0, "\u22123"),
        (-0.4, 0, "0"),
        (160.5, 1, "160,5"),
        (None, 0, "inconnu"),
        (float("nan"), 1, "inconnu"),
        (float("inf"), 1, "inconnu"),
    ],
)
def test_a_number_is_written_the_french_way(value: float | None, decimals: int, text: str) -> None:
    assert numbers.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(-12, "\u221212"), (8, "+8"), (0, "0"), (0.2, "0"), (None, "inconnu")]
)
def test_a_gap_carries_its_sign(value: float | None, text: str) -> None:
    assert numbers.gap(value) == text


def test_a_rate_has_one_decimal() -> None:
    assert numbers.rate(58.649) == "58,6"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0 place"), (1.9, "2 places"), (1, "1 place"), (-12, "−12 places")]
)
def test_the_plural_begins_at_two(value: float, text: str) -> None:
    assert numbers.quantity(value, "place", "places").replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.25, "0,25"), (20.0, "20"), (1000, "1\u202f000"), (0.05, "0,05")]
)
def test_a_bound_shows_only_the_decimals_it_needs(value: float, text: str) -> None:
    assert numbers.short_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 11, 22), "22 novembre 2026"),
        ("2025-01-01", "1er janvier 2025"),
        ("2026-08-03T04:05:06", "3 août 2026"),
        (None, "inconnu"),
        ("", "inconnu"),
    ],
)
def test_a_date_is_written_in_full(value: date | str | None, text: str) -> None:
    assert dates.long_date(value) == text


@given(st.floats(min_value=-1e7, max_value=1e7), st.integers(0, 3))
def test_rounding_never_moves_a_number_by_more_than_half_a_step(
    value: float, decimals: int
) -> None:
    exact = numbers.rounded(value, decimals)
    assert exact is not None
    assert abs(exact - value) <= 0.5 * 10.0**-decimals * (1 + 1e-6)
    assert str(exact) != "-0.0"


def test_the_day_is_that_of_paris_whatever_the_clock_of_the_server() -> None:
    before, after = (
        datetime(2026, 6, 30, 21, 59, tzinfo=UTC),
        datetime(2026, 6, 30, 22, 1, tzinfo=UTC),
    )
    assert (dates.today(before), dates.today(after)) == (date(2026, 6, 30), date(2026, 7, 1))
    assert dates.today(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)


def test_no_module_reads_the_servers_own_day() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for room in ("observatory", "pipelines")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\bdate\.today\(|\.now\(\)", path.read_text(encoding="utf-8"))
    ]
    assert readers == []


def test_money_shows_its_cents_where_there_are_any() -> None:
    assert [numbers.euros(v) for v in (12500.0, 7500.5, 0.0, 0.05, None)] == [
        "12\u202f500\u00a0€", "7\u202f500,50\u00a0€", "0\u00a0€", "0,05\u00a0€", "inconnu",
    ]  # fmt: skip
