"""Equity of the accessible supply: who is out of reach, and how unequal access is.

Each takes the table of ``accessible.access_gaps`` for one service, day type and need definition. A
commune counts by its children; communes of unknown supply or public are left out and counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import is_short

WORST = 10


class Equity(NamedTuple):
    """Figures of a territory; NaN when nothing can be told.

    Attributes
    ----------
    below_reference : float
        Share (0 to 1) of the children whose commune's supply is under its need.
    gini : float
        Gini index of the accessible rate, 0 (all alike) to 1, weighted by children.
    theil : float
        Theil's T of the accessible rate, 0 (all alike) and above, weighted by children.
    children : float
        Children that the figures are about.
    left_out : int
        Communes left out because their supply, public or target is unknown.
    """

    below_reference: float
    gini: float
    theil: float
    children: float
    left_out: int


def equity(table: pd.DataFrame, column: str = "access_supply") -> Equity:
    """Share of children under the reference, Gini and Theil of the accessible rate.

    Parameters
    ----------
    table : DataFrame
        ``access_gaps`` for one service, day type and definition.
    column : str
        The supply to judge: ``access_supply``, or ``supply`` for the communes' own. Communes too
        small to show a rate count here: no figure is theirs alone.
    """
    rows = table[table["code"].notna()]
    known = rows[[column, "public", "need"]].notna().all(axis=1)
    counted = rows[known & (rows["public"] > 0)]
    children = counted["public"].to_numpy(float)
    supply, need = counted[column].to_numpy(float), counted["need"].to_numpy(float)
    rate, whole = supply / children, float(children.sum())
    decimals = nomenclature().decimals_of(counted["service"]).to_numpy(float)
    short = is_short(supply - need, decimals)
    below = float(children[short].sum()) / whole if whole > 0 else float("nan")
    return Equity(below, gini(rate, children), theil(rate, children), whole, int((~known).sum()))


def gini(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Weighted Gini index of values ≥ 0: half the mean absolute difference over the mean."""
    order = np.argsort(values)
    share = np.concatenate([[0.0], np.cumsum(weights[order])])
    amount = np.concatenate([[0.0], np.cumsum((values * weights)[order])])
    if not share[-1] > 0 or not amount[-1] > 0:
        return float("nan")
    share, amount = share / share[-1], amount / amount[-1]
    return float(1 - (np.diff(share) * (amount[1:] + amount[:-1])).sum())


def theil(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Weighted Theil's T of values ≥ 0; a value of 0 adds nothing (x ln x → 0)."""
    whole = weights.sum()
    mean = (values * weights).sum() / whole if whole > 0 else 0.0
    if not mean > 0:
        return float("nan")
    ratio = values / mean
    terms = np.where(ratio > 0, ratio * np.log(np.where(ratio > 0, ratio, 1.0)), 0.0)
    return float((terms * weights).sum() / whole)


def worst(table: pd.DataFrame, column: str = "access_gap") -> pd.DataFrame:
    """The ten communes with the largest shortfall whose public is large enough to bear a rate.

    Parameters
    ----------
    table : DataFrame
        ``access_gaps`` for one service, day type and definition.
    column : str
        ``access_gap``, or ``gap`` for the commune's own supply.

    Returns
    -------
    DataFrame
        Rows of the table with a shortfall, most lacking first, at most ten.
    """
    names = nomenclature()
    least = table["service"].map(
        {i: names.publics[s.public].suppressed_below for i, s in names.services.items()}
    )
    kept = table["code"].notna() & (table["public"] > least) & (table[column] < 0)
    rows: pd.DataFrame = table[kept]
    return rows.sort_values([column, "code"], ignore_index=True).head(WORST)
