"""Class breaks: fixed by the measure, or computed from the values on demand."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt
from jenkspy import jenks_breaks

from observatory.knowledge.nomenclature import nomenclature

Kind = Literal["gap", "rate", "count"]
Method = Literal["fixed", "quantiles", "natural"]
Floats = npt.NDArray[np.float64]

NATURAL_SAMPLE = 300  # values; exact natural breaks are quadratic beyond


def persons() -> frozenset[str]:
    """Units that are classed as persons."""
    return nomenclature().breaks.persons


def whole() -> frozenset[str]:
    """Units read without decimals."""
    return persons() | {"places", "heures"}


def fixed_breaks(
    kind: Kind,
    unit: str = "places",
    *,
    typical: float | None = None,
    reference: float | None = None,
) -> tuple[float, ...]:
    """Bounds of the nomenclature, by the size of the communes, never by today's values.

    Parameters
    ----------
    kind : str
        ``gap`` (bounds above zero, mirrored below by `classify`), ``rate`` or ``count``.
    unit : str
        ``places``, ``enfants``, ``habitants``, ``ETP``, ``heures`` or ``structures``.
    typical : float, optional
        The median number of children of a commune: places are counted by tens in villages,
        by hundreds in districts.
    reference : float, optional
        A usual value of the rate (the national one): three steps lead to it. Without it,
        steps of 20.
    """
    if kind == "rate":
        step = 20.0 if reference is None or reference <= 0 else _nice(reference / 3)
        return tuple(step * i for i in range(1, 6))
    breaks = nomenclature().breaks
    by_unit = breaks.gap if kind == "gap" else breaks.count
    if unit in by_unit and unit != "places":
        return by_unit[unit]
    counted = by_unit["personnes" if kind == "count" and unit in persons() else "places"]
    scale = 10.0 ** max(0, math.floor(math.log10(max(typical or 1.0, 1.0) / 20.0)))
    return tuple(bound * scale for bound in counted)


def data_breaks(values: Floats, method: Method, classes: int) -> tuple[float, ...]:
    """Inner bounds taken from the values themselves; fewer when few values differ."""
    distinct = np.unique(values)
    wanted = min(classes, len(distinct))
    if wanted < 2:
        return ()
    if method == "quantiles":
        bins = np.unique(np.quantile(values, np.arange(1, wanted + 1) / wanted))
    else:
        ordered = np.sort(values)
        if len(ordered) > NATURAL_SAMPLE:
            ordered = np.quantile(ordered, np.linspace(0, 1, NATURAL_SAMPLE))
        wanted = min(wanted, len(np.unique(ordered)))
        bins = np.array(jenks_breaks(ordered, n_classes=wanted)[1:])
    return _rounded_bounds(bins[:-1], values)


def _rounded_bounds(bins: Floats, values: Floats) -> tuple[float, ...]:
    """Bounds that read well: three digits, strictly ascending, each class kept non-empty."""
    bounds: list[float] = []
    for bound in bins:
        above = values[values > bound]
        if not len(above):
            break
        # A bound begins its class: anywhere after the last value below, up to the first above.
        last, first = float(values[values <= bound].max()), float(above.min())
        digits = 2 - math.floor(math.log10(abs(first))) if first else 0
        candidate = next(
            (
                round(first, places)
                for places in range(digits - 2, digits + 9)
                if last < round(first, places) <= first
            ),
            first,
        )
        if not bounds or candidate > bounds[-1]:
            bounds.append(candidate)
    return tuple(bounds)


def _nice(step: float) -> float:
    """The nearest of 1, 2, 5, 10, 20… on a scale of ratios."""
    power = 10.0 ** math.floor(math.log10(step))
    return min((power * m for m in (1, 2, 5, 10)), key=lambda nice: abs(math.log(nice / step)))
