"""The symbols of establishments: one shape per service, one fill per status."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

SHAPES = (
    "circle", "square", "triangle", "diamond", "star",
    "hexagon", "plus", "triangle-down", "pentagon", "cross",
)  # fmt: skip
FILLS = {"public": "#12161c", "associatif": "#f2b01e", "prive": "#ffffff", "inconnu": "#8b939e"}
NO_STATUS = "#d3d8de"
EDGE = "#12161c"
TRIES = 160  # places looked at around a symbol before it is counted, or overlaps another
GOLDEN = math.pi * (3 - math.sqrt(5))  # turn of a spiral that fills evenly, in radians

UP = math.pi / 2

Spot = tuple[float, float]


def _polygon(sides: int, radius: float, turn: float) -> list[Spot]:
    angles = [turn + 2 * math.pi * i / sides for i in range(sides)]
    return [(radius * math.cos(a), radius * math.sin(a)) for a in angles]


def _bars(r: float, turn: float) -> list[Spot]:
    w = r * 0.38
    corners = [
        (-w, -r), (w, -r), (w, -w), (r, -w), (r, w), (w, w),
        (w, r), (-w, r), (-w, w), (-r, w), (-r, -w), (-w, -w),
    ]  # fmt: skip
    c, s = math.cos(turn), math.sin(turn)
    return [(x * c - y * s, x * s + y * c) for x, y in corners]


def _star(r: float) -> list[Spot]:
    reach = (1.45, 0.62)
    return [(x * reach[i % 2], y * reach[i % 2]) for i, (x, y) in enumerate(_polygon(10, r, -UP))]


def _corners(shape: str, r: float) -> list[Spot]:
    """Corners around (0, 0), about 2 r wide; none for a circle."""
    match shape:
        case "square":
            return _polygon(4, r * 1.25, math.pi / 4)
        case "triangle":
            return [(x, y + r * 0.2) for x, y in _polygon(3, r * 1.35, -UP)]
        case "triangle-down":
            return [(x, y - r * 0.2) for x, y in _polygon(3, r * 1.35, UP)]
        case "diamond":
            return _polygon(4, r * 1.3, 0)
        case "pentagon":
            return _polygon(5, r * 1.2, -UP)
        case "hexagon":
            return _polygon(6, r * 1.15, 0)
        case "star":
            return _star(r)
        case "plus":
            return _bars(r * 1.15, 0)
        case "cross":
            return _bars(r * 1.15, math.pi / 4)
        case _:
            return []


def symbol_path(shape: str, x: float, y: float, r: float) -> str:
    """The SVG path of a symbol around a point, about 2 r wide; a circle for an unknown shape."""
    corners = _corners(shape, r)
    if not corners:
        turn = f"a{r:g},{r:g} 0 1,0"
        return f"M{x - r:.1f},{y:.1f}{turn} {2 * r:g},0{turn} {-2 * r:g},0Z"
    return f"M{'L'.join(f'{x + dx:.1f},{y + dy:.1f}' for dx, dy in corners)}Z"


class Taken:
    """Places already taken on a sheet, by cells as wide as the least distance between two."""

    def __init__(self, gap: float) -> None:
        self.gap = gap
        self.cells: dict[tuple[int, int], list[Spot]] = {}

    def is_free(self, spot: Spot) -> bool:
        """Whether nothing stands too near."""
        column, row = self._cell(spot)
        return not any(
            math.dist(spot, other) < self.gap
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in self.cells.get((i, j), ())
        )

    def take(self, spot: Spot) -> None:
        """Put something there."""
        self.cells.setdefault(self._cell(spot), []).append(spot)

    def leave(self, spot: Spot) -> None:
        """Take it away again."""
        self.cells[self._cell(spot)].remove(spot)

    def nearest(self, start: Spot, holds: Callable[[Spot], bool]) -> Spot | None:
        """The nearest free place that may hold a symbol, on a spiral; None when there is none."""
        for step in range(TRIES):
            reach = 0.5 * self.gap * math.sqrt(step)
            turn = step * GOLDEN
            spot = (start[0] + reach * math.cos(turn), start[1] + reach * math.sin(turn))
            if self.is_free(spot) and holds(spot):
                return spot
        return None

    def _cell(self, spot: Spot) -> tuple[int, int]:
        return math.floor(spot[0] / self.gap), math.floor(spot[1] / self.gap)


def spread(spots: Iterable[Spot], gap: float) -> list[Spot]:
    """Move places aside, each to the nearest free one, so that no symbol hides another.

    Parameters
    ----------
    spots : iterable of (x, y)
        Places in pixels; the first ones stay where they are.
    gap : float
        Least distance between two symbols, in pixels.
    """
    taken = Taken(gap)
    placed = []
    for place in spots:
        spot = taken.nearest(place, lambda _: True)
        if spot:
            taken.take(spot)
        placed.append(spot or place)
    return placed
