"""Need and supply on one map: three classes of each, nine colours.

Under one definition the need is the same share of the public everywhere, and in numbers it only
says how big a commune is. So each axis is a ratio: the need for 1 000 inhabitants (does the
commune have more families concerned than the territory has?) and the share of that need which
the supply covers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from observatory.french.numbers import is_known
from observatory.maps.breaks import Method, data_breaks
from observatory.maps.classes import (
    MASKED_INDEX,
    SMALL_INDEX,
    UNKNOWN_INDEX,
    Classification,
    labels_between,
    rank_of,
)

SIDE = 3  # classes of each axis
# Joshua Stevens, "Bivariate Choropleth Maps: A How-to Guide" (2015), pink and blue: readable by
# the colour-blind. One row per class of need, one column per class of supply, both ascending.
STEVENS = (
    "#e8e8e8", "#ace4e4", "#5ac8c8",
    "#dfb0d6", "#a5add3", "#5698b9",
    "#be64ac", "#8c62aa", "#3b4994",
)  # fmt: skip
# Fixed bounds: a need 15 % below or above the territory's own; half of the need, all of it.
AROUND_THE_MEAN = (0.85, 1.15)
COVERED = (50.0, 100.0)
NEED_WORDS = ("besoin faible", "besoin moyen", "besoin fort")
SUPPLY_WORDS = ("offre faible", "offre moyenne", "offre forte")


@dataclass(frozen=True)
class Axis:
    """One of the two questions of a bivariate map.

    Attributes
    ----------
    label : str
        What is counted, with its unit: ``Besoin pour 1 000 habitants, en places``.
    breaks : tuple of float
        The two bounds between its classes.
    bounds : tuple of str
        The three classes in figures, ascending: ``moins de 17``.
    words : tuple of str
        The three classes in words, ascending: ``besoin faible``.
    """

    label: str
    breaks: tuple[float, ...]
    bounds: tuple[str, ...]
    words: tuple[str, ...]


def cross(
    need: Sequence[float | None],
    covered: Sequence[float | None],
    *,
    mean: float | None,
    small: Sequence[bool] | None = None,
    masked: Sequence[bool] | None = None,
    method: Method = "fixed",
    labels: tuple[str, str] = ("Besoin pour 1 000 habitants", "Offre, en\u00a0% du besoin"),
) -> tuple[Classification, tuple[Axis, Axis]]:
    """Give each commune one of nine classes.

    Parameters
    ----------
    need : sequence of float or None
        Need of each commune for 1 000 inhabitants.
    covered : sequence of float or None
        Supply of each commune, in per cent of its need. Either one unknown: the commune is.
    mean : float or None
        The territory's own need for 1 000 inhabitants; the fixed bounds stand around it.
    small : sequence of bool, optional
        Communes whose public is too small: no class.
    masked : sequence of bool, optional
        Communes whose missing need or supply is hidden, not unknown.
    method : str
        ``fixed``, or ``quantiles`` and ``natural`` for bounds taken from the values; where these
        are too few for three classes the fixed bounds hold.
    labels : tuple of str
        What the two axes count.

    Returns
    -------
    tuple
        The classification, of kind ``bivariate``, class ``3 × need + supply``, and its axes.
    """
    tiny = small or [False] * len(need)
    hidden = masked or [False] * len(need)
    around = [float(f"{(mean or 0.0) * share:.2g}") for share in AROUND_THE_MEAN]
    sides = []
    for values, fixed, label, words in zip(
        (need, covered), (around, COVERED), labels, (NEED_WORDS, SUPPLY_WORDS), strict=True
    ):
        breaks = tuple(fixed)
        if method != "fixed":
            known = [v for v, t in zip(values, tiny, strict=True) if v is not None and not t]
            found = data_breaks(np.array([v for v in known if is_known(v)]), method, SIDE)
            breaks = found if len(found) == SIDE - 1 else breaks
        sides.append(Axis(label, breaks, labels_between(breaks), words))
    rows, columns = sides
    index = []
    for wanted, share, is_small, is_masked in zip(need, covered, tiny, hidden, strict=True):
        if is_small:
            index.append(SMALL_INDEX)
        elif wanted is None or share is None or not (is_known(wanted) and is_known(share)):
            index.append(MASKED_INDEX if is_masked else UNKNOWN_INDEX)
        else:
            index.append(SIDE * rank_of(rows.breaks, wanted) + rank_of(columns.breaks, share))
    counts = Counter(index)
    return (
        Classification(
            kind="bivariate",
            method=method,
            breaks=(),
            colours=STEVENS,
            labels=tuple(f"{n}, {s}" for n, s in product(NEED_WORDS, SUPPLY_WORDS)),
            counts=tuple(counts[i] for i in range(SIDE * SIDE)),
            index=tuple(index),
            unknown=counts[UNKNOWN_INDEX],
            small=counts[SMALL_INDEX],
            masked=counts[MASKED_INDEX],
        ),
        (rows, columns),
    )
