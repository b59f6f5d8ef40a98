"""What the legend of a map says: the same rows on the screen, in a picture and in the atlas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from observatory.french import vocabulary
from observatory.french.numbers import quantity
from observatory.french.spelling import inside
from observatory.maps import circles
from observatory.maps.classes import MASKED_INDEX, SMALL_INDEX, UNKNOWN_INDEX, small_words
from observatory.maps.coloured import Coloured
from observatory.maps.signs import (
    AMOUNT,
    GROUND,
    MORE,
    SHORT,
    shape_sign,
    shapes_of,
    sign_of,
    status_sign,
)
from observatory.maps.specification import GAP_ENDS, MapPoints

COUNTED = "communes"
"""What stands over the counts of the classes."""


@dataclass(frozen=True)
class LegendRow:
    """A sign, its words, how many there are of it.

    Attributes
    ----------
    sign : str
        Name of a sign (`observatory.maps.signs`).
    """

    sign: str
    words: str
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """One of the three classes of an axis: in words, and in figures."""

    words: str
    bounds: str


@dataclass(frozen=True)
class Square:
    """The nine classes of need × supply, the strongest need first.

    Attributes
    ----------
    need, supply : str
        What each axis counts.
    lines, columns : tuple of Step
        The classes of need, strongest first; those of supply, weakest first.
    cells : tuple of tuple of (int, int)
        For each line and column, the class and how many communes it has.
    """

    need: str
    supply: str
    lines: tuple[Step, ...]
    columns: tuple[Step, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class Legend:
    """What a legend says, from top to bottom.

    Attributes
    ----------
    title : str
        The measure with its unit.
    square : Square, optional
        Where need and supply are crossed.
    references : tuple of (float, str)
        Round amounts to draw as circles, largest first, each with its words.
    rows : tuple of LegendRow
        Classes or signs, then what has no class.
    note : str
        One line under them; empty when there is none.
    """

    title: str
    square: Square | None
    references: tuple[tuple[float, str], ...]
    rows: tuple[LegendRow, ...]
    note: str


@dataclass(frozen=True)
class Keys:
    """The signs of establishments under one heading, and what is counted."""

    title: str
    counted: str
    rows: tuple[LegendRow, ...]


def legend_of(view: Coloured) -> Legend:
    """The legend of the communes drawn: the counts are theirs."""
    paint, counts = view.paint, Counter(view.index)
    circled = paint.style == "circles" and not paint.axes
    rows = () if paint.axes else _circle_rows(view) if circled else _class_rows(view, counts)
    return Legend(
        paint.legend_title,
        _square(view, counts) if paint.axes else None,
        _references(view) if circled else (),
        (*rows, *_without_class(counts)),
        paint.legend_note,
    )


def keys_of(points: MapPoints | None) -> tuple[Keys, ...]:
    """Shapes and fills that the establishments shown make use of."""
    if points is None or not points.points:
        return ()
    shapes = shapes_of(points)
    services = Counter(p.service for p in points.points)
    statuses = Counter(p.status for p in points.points)
    return (
        Keys(
            "Établissements",
            "nombre",
            tuple(
                LegendRow(shape_sign(shapes[service]), words, services[service])
                for service, words in points.services.items()
                if services[service]
            ),
        ),
        Keys(
            "Statut",
            "",
            tuple(
                LegendRow(status_sign(status), inside(words))
                for status, words in vocabulary.EVERY_STATUS.items()
                if statuses[status]
            ),
        ),
    )


def _without_class(counts: Mapping[int, int]) -> tuple[LegendRow, ...]:
    """Communes without a class: each kind with its pattern."""
    return tuple(
        LegendRow(sign_of(index), words, counts[index])
        for index, words in (
            (UNKNOWN_INDEX, vocabulary.UNKNOWN),
            (MASKED_INDEX, vocabulary.RELIABILITY["masked"]),
            (SMALL_INDEX, small_words()),
        )
        if counts[index]
    )


def _class_rows(view: Coloured, counts: Mapping[int, int]) -> tuple[LegendRow, ...]:
    classes = view.paint.classification
    ends = view.paint.ends or ("", "")
    last = len(classes.colours) - 1
    rows = []
    for i, bounds in enumerate(classes.labels):
        end = ends[0] if i == 0 else ends[1] if i == last else ""
        rows.append(LegendRow(sign_of(i), f"{bounds} : {end}" if end else bounds, counts[i]))
    return tuple(rows)


def _references(view: Coloured) -> tuple[tuple[float, str], ...]:
    """Round amounts that circles are compared with."""
    paint = view.paint
    scale = paint.scale or circles.scale_of(paint.values)
    # What limits the unit, in brackets, stands in the title above.
    one, many = (unit.partition(" (")[0] for unit in (paint.unit_one, paint.unit))
    return tuple(
        (
            value,
            quantity(value, one, many, 0 if value.is_integer() else paint.decimals),
        )
        for value in scale.references(paint.decimals)
    )


def _circle_rows(view: Coloured) -> tuple[LegendRow, ...]:
    """What each side of zero looks like."""
    paint = view.paint
    sides = Counter(
        0 if v == 0 else -1 if v < 0 else 1
        for v, i in zip(view.values, view.index, strict=True)
        if v is not None and i >= 0
    )
    ends = paint.ends or GAP_ENDS
    told = (
        {SHORT: (ends[0], -1), MORE: (ends[1], 1)}
        if view.signed
        else {AMOUNT: (vocabulary.WITH_CIRCLE, 1)}
    )
    rows = [LegendRow(sign, words, sides[side]) for sign, (words, side) in told.items()]
    if sides[0]:
        rows.append(
            LegendRow(GROUND, vocabulary.BALANCED if view.signed else vocabulary.ZERO, sides[0])
        )
    return tuple(rows)


def _square(view: Coloured, counts: Mapping[int, int]) -> Square:
    assert view.paint.axes is not None
    need, supply = view.paint.axes
    lines, columns = (
        tuple(Step(w, b) for w, b in zip(axis.words, axis.bounds, strict=True))
        for axis in (need, supply)
    )
    cells = tuple(
        tuple((3 * line + column, counts[3 * line + column]) for column in range(3))
        for line in (2, 1, 0)
    )
    return Square(need.label, supply.label, lines[::-1], columns, cells)
