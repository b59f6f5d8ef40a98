"""What a shortfall is: the same test in a table, on a screen and in the SQL of a version."""

from __future__ import annotations

from typing import Any, TypeVar

Figure = TypeVar("Figure")

LEAST_LACK = 1e-6
"""In the service's unit: two figures nearer than that are one, summed in another order."""
PLACES = 6
"""Decimals by which figures are ranked: beyond, they differ by the order of their sums alone."""


def is_short(gap: Figure, decimals: Any) -> Figure:
    """Whether a gap, or each of a column of gaps, is a shortfall; an unknown one is not.

    Under half of the last decimal that the service shows, a gap is a balance. The macro
    ``is_short`` of ``pipelines/answers`` says the same in SQL.

    Parameters
    ----------
    decimals : int, or one for each gap
        Decimals that the service shows.
    """
    return gap < 1e-9 - 0.5 * 10.0**-decimals  # type: ignore[no-any-return]
