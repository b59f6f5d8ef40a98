"""Which communes are named whatever the room: the largest ones, by their inhabitants."""

from __future__ import annotations

from collections.abc import Sequence

from observatory.french.numbers import is_known

LARGEST = 3


def largest(population: Sequence[float | None]) -> tuple[int, ...]:
    """Rows of the largest communes, the largest first; none of those whose size is unknown."""
    known = [(-p, row) for row, p in enumerate(population) if p is not None and is_known(p)]
    return tuple(row for _, row in sorted(known)[:LARGEST])
