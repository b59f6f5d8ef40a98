"""Proportional circles: the area of a circle is the value, its colour the side of a gap."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from observatory.french.numbers import is_known
from observatory.maps.classes import BLUES, REDS

AMOUNT = "#2c7fb8"  # of the YlGnBu of the classes
SHORT = REDS[0]
MORE = BLUES[-1]
GROUND = "#eceef1"  # a commune whose value is known
# The largest circle has a radius between these, in pixels or points, such that all of them together
# cover at most this share of the map.
RADII = (14.0, 40.0)
COVER = 0.25


@dataclass(frozen=True)
class Scale:
    """What the circles of a map are drawn to; two maps of one unit share theirs.

    Attributes
    ----------
    largest, total : float
        The largest value and the sum of all, without their signs.
    """

    largest: float
    total: float

    @property
    def growth(self) -> float:
        """Radius of the largest circle for one unit of the width of a map, half as high as wide."""
        if not self.total > 0:
            return 0.0
        return math.sqrt(COVER * self.largest / (2 * math.pi * self.total))

    def radius_of_largest(self, area: float) -> float:
        """Radius of the largest circle on a map of that area, in squared units of the answer."""
        return min(max(self.growth * math.sqrt(2 * area), RADII[0]), RADII[1])

    def radius(self, value: float, area: float) -> float:
        """Radius of a value's circle: areas are to each other as the values are."""
        if not self.largest > 0:
            return 0.0
        return self.radius_of_largest(area) * math.sqrt(abs(value) / self.largest)

    def references(self, decimals: int = 0) -> tuple[float, ...]:
        """Up to three round amounts for the legend, largest first, none finer than the figures."""
        if not self.largest > 0:
            return ()
        first = _round_below(self.largest)
        every = (first, _round_below(first / 3.5), _round_below(first / 18))
        return tuple(a for a in every if a >= 10.0**-decimals) or (first,)


def scale_of(values: Iterable[float | None]) -> Scale:
    """The scale of one map's values, of any sign; None and NaN have no circle."""
    sizes = [abs(v) for v in values if v is not None and is_known(v)]
    return Scale(max(sizes, default=0.0), sum(sizes))


def shared(one: Scale, other: Scale) -> Scale:
    """The scale of two maps that are to be compared."""
    return Scale(max(one.largest, other.largest), max(one.total, other.total))


def colour(value: float, kind: str) -> str:
    """Red for a shortfall, blue for more than needed, one colour for plain amounts."""
    return AMOUNT if kind != "gap" else SHORT if value < 0 else MORE


def _round_below(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20… that is not above the value."""
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    step = next(step for step in (5.0, 2.0, 1.0) if power * step <= value * (1 + 1e-9))
    return float(f"{power * step:.6g}")
