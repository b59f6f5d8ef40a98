"""Minutes in a straight line beside minutes by the road, pair by pair, summed up by bands."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, Travel, catchment_rules
from observatory.roads.road_file import EARTH_KM, on_sphere

Floats = NDArray[np.float64]


def straight_minutes(origins: pd.DataFrame, destinations: pd.DataFrame, travel: Travel) -> Floats:
    """Minutes of the straight line, as the refresh counts them: a row per origin.

    Parameters
    ----------
    origins, destinations : DataFrame
        lon, lat, in degrees.
    """
    here, there = (
        on_sphere(ends["lon"].to_numpy(float), ends["lat"].to_numpy(float)) / 1000 / EARTH_KM
        for ends in (origins, destinations)
    )
    chord = np.linalg.norm(here[:, None, :] - there[None, :, :], axis=2)
    km = 2 * EARTH_KM * np.arcsin(np.minimum(1, chord / 2))
    minutes: Floats = km * travel.detour / travel.speed_kmh * 60
    return minutes


@dataclass
class ComparedMinutes:
    """What both ways of counting say of the same pairs.

    Pairs that are in reach by neither are left out.
    """

    travel: Travel
    straight: list[NDArray[np.float32]] = field(default_factory=list)
    road: list[NDArray[np.float32]] = field(default_factory=list)

    def near(self, straight: Floats) -> NDArray[np.bool_]:
        """Whether pairs are in reach by the straight line."""
        found: NDArray[np.bool_] = straight <= self.travel.max_minutes
        return found

    def add(self, straight: Floats, road: Floats) -> None:
        """Add pairs: minutes by both ways, infinite where the road does not lead in time."""
        kept = self.near(straight) | np.isfinite(road)
        self.straight.append(straight[kept].astype(np.float32))
        self.road.append(road[kept].astype(np.float32))

    def _both(self) -> tuple[Floats, Floats]:
        straight = np.concatenate([np.empty(0), *self.straight])
        return straight, np.concatenate([np.empty(0), *self.road])

    def bands(self) -> pd.DataFrame:
        """One row per band of minutes in a straight line, with pairs in it.

        Returns
        -------
        DataFrame
            from, to (minutes; ``to`` is left out of the band), pairs, and by the road: low, median,
            high (tenth, half, nine tenths of the pairs; infinite beyond the longest trip).
        """
        rules = catchment_rules()
        told = {0.0, *rules.scheme(DEFAULT_SCHEME).bounds, *rules.reach.sensitivity}
        longest = self.travel.max_minutes
        edges = [*sorted(m for m in told if m < longest), longest, np.inf]
        straight, road = self._both()
        rows = []
        for start, end in itertools.pairwise(edges):
            some = np.sort(road[(straight >= start) & (straight < end)])
            if len(some):
                low, median, high = (
                    float(some[int(np.ceil(share * len(some))) - 1]) for share in (0.1, 0.5, 0.9)
                )
                rows.append((start, end, len(some), low, median, high))
        return pd.DataFrame(rows, columns=["from", "to", "pairs", "low", "median", "high"])

    def within(self, minutes: float) -> dict[str, int]:
        """Pairs within so many minutes: by both ways, by the straight line alone, by the road."""
        straight, road = (found <= minutes for found in self._both())
        return {
            "both": int((straight & road).sum()),
            "straight": int((straight & ~road).sum()),
            "road": int((road & ~straight).sum()),
        }
