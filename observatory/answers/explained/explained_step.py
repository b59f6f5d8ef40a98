"""A step of an explanation: what is added up, of what factors, and what it is worth."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from observatory.answers.masked_cells import is_masked
from observatory.french import balance, numbers
from observatory.french.vocabulary import MASKED, MASKED_MEANS, TOO_SMALL, UNKNOWN

State = Literal["known", "unknown", "masked", "too_small"]
Terms = tuple[tuple[float, ...], ...]
STATES: dict[State, str] = {"unknown": UNKNOWN, "masked": MASKED, "too_small": TOO_SMALL}
"""What stands in the place of a figure that is not given."""
WRITTEN = 60
"""Largest denominator of a share written as a fraction: 33/36, 3/5."""


@dataclass(frozen=True)
class FigurePart:
    """One thing that a step adds up: an establishment, a place, a definition.

    Attributes
    ----------
    label, detail : str
        Its name, and how much of it counts, in French: « 1,5 ETP × 1/3 = 0,5 ».
    value : float or None
        What it brings, in the unit of the step; None when it is unknown, or masked.
    state : str
        Whether the value is known, or why it is not given.
    source : str
        Who told it.
    """

    label: str
    detail: str
    value: float | None
    state: State = "known"
    source: str = ""


@dataclass(frozen=True)
class FigureStep:
    """One figure, and how it is made.

    Attributes
    ----------
    figure : str
        Column of the gap table, or ``part`` for a service that the figure is made of.
    label, expression, unit : str
        What it is, how it is worked out (« 1 406 enfants × 33/36 × 66 ÷ 100 ») and in what unit.
    value : float or None
        Unrounded, in the unit; None unless the state is ``known``.
    terms : tuple of tuple of float
        What is added up, each term the product of its factors: they give the value again. Empty
        when there is no value.
    source, vintage : str
        Who publishes what it rests on, and the year or day of it.
    notes : tuple of str
        What is estimated, rounded, unknown or masked, and why.
    parts : tuple of FigurePart
        The establishments, places or definitions that count.
    words : str
        What is said of the value, where that is not its figure and its unit.
    """

    figure: str
    label: str
    expression: str
    unit: str
    value: float | None
    state: State = "known"
    terms: Terms = ()
    source: str = ""
    vintage: str = ""
    notes: tuple[str, ...] = ()
    parts: tuple[FigurePart, ...] = ()
    words: str = ""

    @property
    def said(self) -> str:
        """The value with its unit, or the word that stands for it."""
        unit = self.unit
        if self.value is not None and unit.count(" ") == 0:
            unit = numbers.agreed(self.value, balance.singular(unit), unit)
        shown = self.words or f"{figure_words(self.value)} {unit}".strip()
        return STATES.get(self.state) or shown


def worked_out(terms: Iterable[Collection[float]]) -> float:
    """The sum of the products of some terms: what a step is worth."""
    return math.fsum(math.prod(factors) for factors in terms)


def known_step(
    figure: str, label: str, expression: str, unit: str, terms: Terms, **more: Any
) -> FigureStep:
    """A step whose value is what its terms give."""
    return FigureStep(figure, label, expression, unit, worked_out(terms), terms=terms, **more)


def silent_step(
    figure: str, label: str, unit: str, state: State, *notes: str, **more: Any
) -> FigureStep:
    """A step without a value; nothing of what it would be made of is told."""
    return FigureStep(figure, label, "", unit, None, state, notes=notes, **more)


def withheld(
    figure: str, label: str, unit: str, row: dict[str, Any], why: str, **more: Any
) -> FigureStep:
    """A figure that a row of the gap table does not give: masked, else unknown for that reason."""
    masked = is_masked(row, figure)
    state: State = "masked" if masked else "unknown"
    return silent_step(figure, label, unit, state, MASKED_MEANS if masked else why, **more)


def figure_words(value: float | None) -> str:
    """A figure with the decimals that it takes to be found again by hand, two at most."""
    if value is None:
        return UNKNOWN
    decimals = next((d for d in (0, 1) if abs(value - round(value, d)) < 1e-9), 2)
    return numbers.number(value, decimals)


def share_words(share: float) -> str:
    """A share as the fraction that it is, else in percent: « 3/5 », « 12,34 % »."""
    fraction = Fraction(share).limit_denominator(WRITTEN)
    if abs(float(fraction) - share) < 1e-9 and fraction.numerator:
        return f"{fraction.numerator}/{fraction.denominator}" if share != 1 else "1"
    return f"{numbers.number(100 * share, 2)}\u00a0%"
