"""Weights that give a sample the margins of those who live in the territory.

Method: raking ratio (Deming and Stephan, 1940) as a calibration with the exponential distance
(Deville and Särndal, « Calibration estimators in survey sampling », JASA 87, 1992), solved by
Newton's method on its multipliers. Effect of the weights: Kish (1965).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.errors import ObservatoryError

Array = np.ndarray[Any, np.dtype[np.float64]]
MOST_STEPS = 60
CLOSE = 1e-9  # relative distance to every total at which the weights are those sought
STEEPEST = 30.0  # of the logarithm of a ratio of weights: beyond, it has run away
LEAST_RATIO, MOST_RATIO = 0.3, 3.0  # of a weight to the mean one, beyond which it is trimmed


class UnreachedMarginsError(ObservatoryError):
    """No weights give the margins: the raking does not converge."""


@dataclass(frozen=True)
class Weighing:
    """Weights of a sample, and what they cost.

    Attributes
    ----------
    weights : array
        One per answer, whose mean is 1.
    trimmed : int
        Answers whose weight was brought back between the bounds.
    design_effect : float
        By how much unequal weights multiply a variance: n Σw² / (Σw)².
    effective_size : float
        Answers of equal weight that would tell as much.
    """

    weights: Array
    trimmed: int
    design_effect: float
    effective_size: float


def raked(design: Array, auxiliary: Array, totals: Array) -> Array:
    """Weights close to those of the design, whose sums are the totals.

    Parameters
    ----------
    design : array
        Weights before, one per answer, positive.
    auxiliary : array
        One row per answer, one column per total: 1 where it is of the class, or a quantity.
    totals : array
        What each weighted column must add up to.

    Raises
    ------
    UnreachedMarginsError
        When no weights do: margins that contradict one another, a class without any answer.
    """
    scale = np.maximum(np.abs(auxiliary).max(axis=0), 1e-12)
    columns, wanted = auxiliary / scale, totals / scale
    multipliers = np.zeros(columns.shape[1])
    for _ in range(MOST_STEPS):
        power = columns @ multipliers
        if not np.all(np.isfinite(power)) or np.abs(power).max() > STEEPEST:
            break
        weights: Array = design * np.exp(power)
        missing = wanted - columns.T @ weights
        if np.all(np.abs(missing) <= CLOSE * np.maximum(np.abs(wanted), 1.0)):
            return weights
        slope = (columns * weights[:, None]).T @ columns
        step = np.linalg.lstsq(slope, missing, rcond=None)[0]
        # A step too long overshoots the exponential: it is shortened.
        multipliers += step * min(1.0, 2.0 / max(float(np.abs(columns @ step).max()), 1e-12))
    raise UnreachedMarginsError(
        "le redressement ne converge pas : aucune pondération ne donne ces marges",
        mend="Vérifier que les marges ont le même total et que chaque classe a des réponses.",
    )


def weighing(design: Array, auxiliary: Array, totals: Array) -> Weighing:
    """Raked weights, trimmed once, their mean brought back to 1.

    Raises
    ------
    UnreachedMarginsError
        When no weights give the totals.
    """
    found = raked(design, auxiliary, totals)
    found = found / found.mean()
    bounded: Array = np.clip(found, LEAST_RATIO, MOST_RATIO)
    trimmed = int((np.abs(bounded - found) > 1e-12).sum())
    bounded = bounded / bounded.mean()
    effect = float(len(bounded) * (bounded**2).sum() / bounded.sum() ** 2)
    return Weighing(bounded, trimmed, effect, len(bounded) / effect)
