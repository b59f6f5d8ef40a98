"""What a shortfall is: the same test in a table, on a screen and in the SQL of a version."""

from __future__ import annotations

from typing import TypeVar

Figure = TypeVar("Figure")

LEAST_LACK = 1e-6
"""In the service's unit: a smaller lack is a balance, as the order of a sum changes that much."""
PLACES = 6
"""Decimals by which figures are ranked: beyond, they differ by the order of their sums alone."""


def is_short(gap: Figure) -> Figure:
    """Whether a gap, or each of a column of gaps, is a shortfall; an unknown one is not.

    The macro ``is_short`` of ``pipelines/answers`` says the same in SQL.
    """
    return gap < -LEAST_LACK  # type: ignore[operator, return-value]
