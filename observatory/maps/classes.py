"""Classes of a map: the same colour means the same thing from one refresh to the next.

Fixed breaks by default; quantiles and natural breaks on demand. Gaps diverge around a neutral
class that holds zero; rates and counts go from light to dark, zero apart. Pure functions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from observatory.french.balance import BALANCED, LACKING, MORE
from observatory.french.numbers import is_known, rounded, short_number
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.breaks import Floats, Kind, Method, data_breaks, fixed_breaks, persons, whole

__all__ = ["Classification", "Kind", "Method", "classify", "fixed_breaks", "labels_between"]

UNKNOWN_INDEX = -1
SMALL_INDEX = -2
MASKED_INDEX = -3

# ColorBrewer RdBu: red = short, near white = balance, blue = more than needed.
REDS = ("#b2182b", "#d6604d", "#f4a582", "#fddbc7")
BALANCE = "#f7f7f7"
BLUES = ("#d1e5f0", "#92c5de", "#4393c3", "#2166ac")
# ColorBrewer YlGnBu, by number of classes.
YLGNBU = {
    1: ("#7fcdbb",),
    2: ("#edf8b1", "#2c7fb8"),
    3: ("#edf8b1", "#7fcdbb", "#2c7fb8"),
    4: ("#ffffcc", "#a1dab4", "#41b6c4", "#225ea8"),
    5: ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"),
    6: ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"),
    7: ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"),
    8: ("#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"),
}


@dataclass(frozen=True)
class Classification:
    """Classes of one measure over the communes, ready for a map and its legend.

    Attributes
    ----------
    kind : str
        ``gap``, ``rate``, ``count``, or ``bivariate`` (see `observatory.maps.bivariate`).
    method : str
        ``fixed``, ``quantiles`` or ``natural``.
    breaks : tuple of float
        Bounds between neighbouring classes, ascending, in the unit of the values; empty when
        bivariate: each axis has its own.
    colours, labels, counts : tuple
        One entry per class, ascending: its colour, its bounds in words, its number of communes.
    index : tuple of int
        One entry per commune, in the order of the values: its class,
        ``UNKNOWN_INDEX``, ``SMALL_INDEX`` or ``MASKED_INDEX``.
    unknown, small, masked : int
        Communes without a value; communes whose public is too small; communes whose value is
        hidden by statistical secrecy.
    """

    kind: Kind | Literal["bivariate"]
    method: Method
    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    index: tuple[int, ...]
    unknown: int
    small: int
    masked: int


def classify(
    values: Sequence[float | None],
    *,
    kind: Kind,
    unit: str = "places",
    method: Method = "fixed",
    children: Sequence[float | None] | None = None,
    masked: Sequence[bool] | None = None,
    breaks: Sequence[float] | None = None,
    reference: float | None = None,
    zero_class: bool = True,
) -> Classification:
    """Give each commune a class.

    Parameters
    ----------
    values : sequence of float or None
        One a commune; None and NaN are unknown, never zero.
    kind, unit, reference
        As in `fixed_breaks`.
    method : str
        ``fixed``, ``quantiles`` or ``natural``; the last two keep zero in the middle of gaps.
    children : sequence of float or None, optional
        The public of each commune: below `least_public` of the nomenclature no class is given.
        Leave it out when the measure is the number of children itself.
    masked : sequence of bool, optional
        Communes whose missing value is hidden, not unknown.
    breaks : sequence of float, optional
        Bounds to use instead of the fixed ones (for a gap: those above zero).
    zero_class : bool
        Keep a class of its own for an exact zero (rates and counts).

    Raises
    ------
    ValueError
        When `children` has another length than `values`, or bounds are not ascending.
    """
    if children is not None and len(children) != len(values):
        raise ValueError("children and values must have one entry per commune")
    # Bounds are taken from the values as they are read: « 5 », not « 4,9896 »; and who reads
    # « il manque 1 » finds it in that class, not in « équilibre (moins de 1) ».
    if method != "fixed" or kind == "gap":
        values = [_as_read(value, kind, unit) for value in values]
    small = [_is_small(value) for value in children] if children else [False] * len(values)
    pairs = zip(values, small, strict=True)
    shown = np.array([v for v, s in pairs if v is not None and is_known(v) and not s], dtype=float)
    public = children if children else values if unit in persons() else ()
    known_public = [c for c in public if c is not None and is_known(c)]
    typical = float(np.median(known_public)) if known_public else None
    fixed = (
        tuple(map(float, breaks))
        if breaks is not None
        else fixed_breaks(kind, unit, typical=typical, reference=reference)
    )
    if list(fixed) != sorted(set(fixed)) or (kind == "gap" and fixed and fixed[0] <= 0):
        raise ValueError(f"bounds must be ascending (and above zero for a gap): {fixed}")

    if kind == "gap":
        low, high = _sides(shown, fixed, method)
        colours = (*_outward(REDS[::-1], len(low))[::-1], BALANCE, *_outward(BLUES, len(high)))
        labels = _gap_labels(low, high)
        bounds = tuple(-bound for bound in low[::-1]) + high
    else:
        bounds = fixed if method == "fixed" else data_breaks(shown[shown > 0], method, 5)
        colours = YLGNBU[min(8, len(bounds) + 1 + zero_class)]
        labels = labels_between(bounds, zero_class)
        low, high = (), bounds

    index: list[int] = []
    hidden = masked or [False] * len(values)
    for value, is_small, is_masked in zip(values, small, hidden, strict=True):
        if value is None or not is_known(value):
            index.append(MASKED_INDEX if is_masked else UNKNOWN_INDEX)
        elif is_small:
            index.append(SMALL_INDEX)
        elif kind == "gap":
            steps = rank_of(high, value) if value >= 0 else -rank_of(low, -value)
            index.append(len(low) + steps)
        else:
            index.append(0 if zero_class and value <= 0 else rank_of(bounds, value) + zero_class)
    counts = Counter(index)
    return Classification(
        kind=kind,
        method=method,
        breaks=bounds if kind == "gap" or not zero_class else (0.0, *bounds),
        colours=colours,
        labels=labels,
        counts=tuple(counts[i] for i in range(len(colours))),
        index=tuple(index),
        unknown=counts[UNKNOWN_INDEX],
        small=counts[SMALL_INDEX],
        masked=counts[MASKED_INDEX],
    )


def _as_read(value: float | None, kind: Kind, unit: str) -> float | None:
    if kind == "rate":
        return rounded(value, 1)
    if unit not in whole() or not is_known(value) or value is None:
        return value
    if abs(value) < 1 and kind != "gap":  # a count of less than one is not nothing
        return value
    return rounded(value)


def _is_small(children: float | None) -> bool:
    return children is not None and is_known(children) and children < nomenclature().least_public


def small_words() -> str:
    """Why a commune whose public is too small has no class."""
    return f"moins de {nomenclature().least_public} enfants"


def rank_of(bounds: Sequence[float], value: float) -> int:
    """How many bounds the value has reached."""
    return bisect_right(bounds, value)


def _sides(
    values: Floats, fixed: tuple[float, ...], method: Method
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Distances from zero at which the classes begin, below and above it."""
    if method == "fixed":
        return fixed, fixed
    neutral = fixed[0]
    sides = []
    for side in (-values, values):
        beyond = side[side >= neutral]
        inner = [b for b in data_breaks(beyond, method, 4) if b > neutral]
        sides.append((neutral, *inner))
    return sides[0], sides[1]


def _outward(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """`count` colours from the pale inner one to the dark outer one."""
    if count > len(colours):
        raise ValueError(f"at most {len(colours)} bounds on each side of zero")
    if count == 1:
        return (colours[2],)
    last = len(colours) - 1
    return tuple(colours[round(i * last / max(1, count - 1))] for i in range(count))


def _gap_labels(low: tuple[float, ...], high: tuple[float, ...]) -> tuple[str, ...]:
    below = [f"{LACKING} {amounts}" for amounts in _outwards(low)]
    above = [f"{amounts} {MORE}" for amounts in _outwards(high)]
    neutral = f"{BALANCED} (moins de {short_number(min((*low[:1], *high[:1])))})"
    return (*below[::-1], neutral, *above)


def _outwards(bounds: tuple[float, ...]) -> list[str]:
    """The classes of one side of zero, the nearest first, without a sign."""
    between = [f"{short_number(a)} à {short_number(b)}" for a, b in pairwise(bounds)]
    return [*between, f"au moins {short_number(bounds[-1])}"] if bounds else []


def labels_between(bounds: Sequence[float], zero_class: bool = False) -> tuple[str, ...]:
    """The classes that bounds part, in words: « moins de 20 », « 20 à 40 », « 40 et plus »."""
    zero = ["0"] if zero_class else []
    if not bounds:
        return (*zero, "plus de 0" if zero_class else "toutes les valeurs")
    first = f"moins de {short_number(bounds[0])}"
    middle = [f"{short_number(a)} à {short_number(b)}" for a, b in pairwise(bounds)]
    return (*zero, first, *middle, f"{short_number(bounds[-1])} et plus")
