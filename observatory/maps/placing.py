"""Where establishments stand on a sheet: inside their commune, or counted where they do not fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely

from observatory.maps.shapes import Frame
from observatory.maps.symbols import Spot, Taken

ROOM = 1.2
"""Radii of a symbol that it keeps from the border of its commune."""
LOOSE = 1.5
"""Times the room of its symbols that a commune must have, borders being crooked."""


@dataclass(frozen=True)
class Heap:
    """Establishments that are counted, the communes they stand in, and where the count is.

    Attributes
    ----------
    rows : tuple of int
        Rows of the communes, the one with most establishments first.
    members : tuple of int
        Places of the establishments in what was given.
    """

    rows: tuple[int, ...]
    spot: Spot
    members: tuple[int, ...]


@dataclass(frozen=True)
class PlacedSymbols:
    """Where each establishment that is drawn stands, by its place in what was given."""

    spots: dict[int, Spot]
    heaps: list[Heap]


def placed(
    frame: Frame, spots: Sequence[Spot], codes: Sequence[str], radius: float, gap: float
) -> PlacedSymbols:
    """Place symbols, none on another and none outside its commune.

    Parameters
    ----------
    spots : sequence of (x, y)
        Where each establishment is, in pixels.
    codes : sequence of str
        Code of its commune; one that is not drawn holds nothing back.
    radius, gap : float
        Half the width of a symbol, the least distance between two; in pixels.
    """
    row_of = {code: row for row, code in enumerate(frame.shapes.codes)}
    groups: dict[int | None, list[int]] = {}
    for n, code in enumerate(codes):
        groups.setdefault(row_of.get(code), []).append(n)
    free = groups.pop(None, [])
    taken, found, counted = Taken(gap), dict[int, Spot](), list[Heap]()
    inner = {
        row: shapely.buffer(frame.outlines[row], -ROOM * radius)
        for row in groups
        if row is not None
    }

    def ease(row: int) -> float:
        return float(frame.outlines[row].area) / (len(groups[row]) * gap * gap)

    for row in sorted(inner, key=lambda one: (ease(one), one)):  # those that do not fit first
        members, room = groups[row], inner[row]
        spot_of = (
            _fit([spots[n] for n in members], taken, _holder(room)) if ease(row) > LOOSE else None
        )
        if spot_of is None:
            x, y = frame.anchors[row].tolist()
            taken.take((x, y))
            counted.append(Heap((row,), (x, y), tuple(members)))
        else:
            found.update(zip(members, spot_of, strict=True))
    for n in free:
        spot = taken.nearest(spots[n], lambda _: True) or spots[n]
        taken.take(spot)
        found[n] = spot
    return PlacedSymbols(found, _together(counted, 2 * gap))


def _holder(room: shapely.Geometry) -> Callable[[Spot], bool]:
    shapely.prepare(room)
    return lambda spot: bool(shapely.contains_xy(room, *spot))


def _fit(spots: Sequence[Spot], taken: Taken, holds: Callable[[Spot], bool]) -> list[Spot] | None:
    """A place for every symbol of a commune; None, and nothing taken, when one has none."""
    found: list[Spot] = []
    for start in spots:
        spot = taken.nearest(start, holds)
        if spot is None:
            for one in found:
                taken.leave(one)
            return None
        taken.take(spot)
        found.append(spot)
    return found


def _together(counted: Sequence[Heap], gap: float) -> list[Heap]:
    """Counts that would hide one another are added up, the smaller to the larger."""
    heaps: list[Heap] = []
    for one in sorted(counted, key=lambda heap: -len(heap.members)):
        near = next((n for n, h in enumerate(heaps) if math.dist(h.spot, one.spot) < gap), None)
        if near is None:
            heaps.append(one)
        else:
            first = heaps[near]
            heaps[near] = Heap(first.rows + one.rows, first.spot, first.members + one.members)
    return heaps
