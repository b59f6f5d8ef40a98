"""A paint brought to the order of the communes drawn, and what each of them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from observatory.french import balance, vocabulary
from observatory.french.numbers import agreed, is_known, number, rounded
from observatory.maps.classes import MASKED_INDEX, SMALL_INDEX, UNKNOWN_INDEX, small_words
from observatory.maps.signs import MASKED, SMALL, UNKNOWN
from observatory.maps.specification import MapColumn, MapPaint

MISSING = {UNKNOWN: vocabulary.UNKNOWN, MASKED: vocabulary.MASKED, SMALL: small_words()}
"""What stands where there is no figure, by the sign of why."""


class Figure(NamedTuple):
    """A figure to be read.

    Attributes
    ----------
    text : str
        The number in words; the sign of why there is none.
    unit : str
        What follows it, with its space.
    """

    text: str
    unit: str = ""

    @property
    def said(self) -> str:
        """The figure with its unit, or why there is none."""
        return MISSING.get(self.text) or self.text + self.unit


@dataclass(frozen=True)
class Coloured:
    """A paint brought to the order of the communes drawn.

    Attributes
    ----------
    index : list of int
        The class of each commune.
    values : list of float or None
        Its value; None too where it must not be read (a rate of a public too small).
    rows : list of int or None
        Its place in the paint.
    """

    paint: MapPaint
    index: list[int]
    values: list[float | None]
    rows: list[int | None]

    @property
    def signed(self) -> bool:
        """Whether a figure is a gap: said in words."""
        return self.paint.classification.kind in ("gap", "bivariate")

    def figure(self, row: int) -> Figure:
        """A commune's figure."""
        index, paint = self.index[row], self.paint
        if index == SMALL_INDEX and self.values[row] is None:
            return Figure(SMALL)
        if index == MASKED_INDEX:
            return Figure(MASKED)
        if not self.signed:
            return figure_of(self.values[row], paint.unit_one, paint.unit, paint.decimals)
        found = gap_of(self.values[row], paint.unit, paint.decimals)
        if paint.axes and index >= 0:  # need × supply: the class first, then the gap
            text = MISSING.get(found.text, found.text)
            return Figure(f"{paint.classification.labels[index]}, {text}", found.unit)
        return found

    def said(self, row: int) -> str:
        """A commune's figure in words, with its unit."""
        return self.figure(row).said

    def column(self, column: MapColumn) -> list[Figure]:
        """One more figure of each commune."""
        return [_cell(column, row) if row is not None else Figure(UNKNOWN) for row in self.rows]


def coloured(paint: MapPaint, codes: Sequence[str]) -> Coloured:
    """Bring classes and values to an order of codes; a commune without either is unknown.

    Raises
    ------
    ValueError
        When the values, the codes, the classes or a column differ in length.
    """
    classes = paint.classification
    lengths = {len(paint.codes), len(paint.values), len(classes.index)}
    lengths |= {len(column.values) for column in paint.columns}
    if len(lengths) != 1:
        raise ValueError(f"one value, one class and one code per commune; got {sorted(lengths)}")
    row_of = {code: row for row, code in enumerate(paint.codes)}
    rows = [row_of.get(code) for code in codes]
    index = [UNKNOWN_INDEX if r is None else classes.index[r] for r in rows]
    values: list[float | None] = []
    for row, i in zip(rows, index, strict=True):
        value = None if row is None else paint.values[row]
        hidden = classes.kind == "rate" and i == SMALL_INDEX
        values.append(None if hidden or value is None or not is_known(value) else float(value))
    return Coloured(paint, index, values, rows)


@lru_cache(maxsize=20_000)  # a map of France holds the same few figures thousands of times
def figure_of(value: float | None, one: str, many: str, decimals: int) -> Figure:
    """A number in words, with its unit."""
    exact = rounded(value, decimals)
    if exact is None:
        return Figure(UNKNOWN)
    unit = agreed(exact, one, many) if many else one
    return Figure(number(exact, decimals), f"\u00a0{unit}" if unit else "")


@lru_cache(maxsize=20_000)
def gap_of(value: float | None, unit: str, decimals: int) -> Figure:
    """A gap in words: « il manque 79 » and its places, « 12 de plus » and « que le besoin »."""
    exact = rounded(value, decimals)
    if exact is None:
        return Figure(UNKNOWN)
    text = balance.cell(exact, decimals)
    if not exact:
        return Figure(text)
    if exact > 0:
        return Figure(text, balance.BEYOND.removeprefix(balance.MORE))
    noun = agreed(exact, balance.singular(unit), unit) if unit else ""
    return Figure(text, f"\u00a0{noun}" if noun else "")


def _cell(column: MapColumn, row: int) -> Figure:
    if column.masked and column.masked[row]:
        return Figure(MASKED)
    return figure_of(column.values[row], column.unit, column.unit, column.decimals)
