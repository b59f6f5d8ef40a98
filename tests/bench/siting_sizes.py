"""Where to build, at the size of an EPCI, of a département and of a region.

Made-up territories of a seed: communes on a square, as many per km² as in France, children by a
log-normal law, a third of the need met. Time of the first choice, of one within 1 % of the bound,
of the proof; memory of the process. Each size runs in its own process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from observatory.siting.best_sites import best_sites
from observatory.siting.siting_problem import Bounds, SitingProblem

SIZES = ((46, 46, 4), (890, 890, 10), (3_787, 500, 20))
"""Demand places, candidate sites, sites that may be opened."""
KM2_PER_COMMUNE = 15.6  # 544,000 km² and 34,875 communes
REACH_KM = 11.5  # a quarter of an hour at 60 km/h, with a detour of 1.3
SECONDS = 60.0
SEED = 7


@dataclass
class Seen:
    """When the first choice came, and one within 1 % of the bound, in seconds."""

    started: float
    first: float | None = None
    close: float | None = None

    def told(self, value: float, bound: float) -> None:
        """Note a better choice."""
        at = time.perf_counter() - self.started
        if value > 1e-6 and self.first is None:
            self.first = at
        if self.close is None and value > 0 and bound - value <= 0.01 * bound:
            self.close = at


def problem(demand: int, sites: int) -> SitingProblem:
    """A made-up territory."""
    dice = np.random.default_rng(SEED)
    side = float(np.sqrt(demand * KM2_PER_COMMUNE))
    homes, places = dice.uniform(0, side, (demand, 2)), dice.uniform(0, side, (sites, 2))
    children = np.round(dice.lognormal(3.4, 1.1, demand)) + 1
    near = cKDTree(homes).sparse_distance_matrix(cKDTree(places), REACH_KM, output_type="ndarray")
    minutes = near["v"] * 1.3
    return SitingProblem(
        children=children,
        enough=np.full(demand, 0.62),
        reached=dice.uniform(0.1, 0.5, demand),
        counted=np.ones(demand, bool),
        origin=near["i"].astype(np.int64),
        site=near["j"].astype(np.int64),
        weight=np.where(minutes < 5, 1.0, np.where(minutes < 10, 0.3, 0.1)),
        smallest=np.full(sites, 10.0),
        largest=np.full(sites, 60.0),
        opening_euros=np.zeros(sites),
        place_euros=np.zeros(sites),
        opened=np.zeros(sites, bool),
    )


def run_one(demand: int, sites: int, most: int) -> None:
    """One line of the table."""
    asked = problem(demand, sites)
    seen = Seen(time.perf_counter())
    found = best_sites(
        asked, Bounds(places=15.0 * most, sites=most), seconds=SECONDS, progress=seen.told
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    proof = "proven" if found.distance == 0 else f"within {100 * found.distance:.2f} %"
    print(
        f"{demand:>7} × {sites:<5} {len(asked.weight):>8} {_at(seen.first)} {_at(seen.close)} "
        f"{found.seconds:>9.1f} {proof:>16} {found.closed:>10.1f} {memory:>7.0f}",
        flush=True,
    )


def _at(seconds: float | None) -> str:
    return f"{'never':>9}" if seconds is None else f"{seconds:>9.1f}"


def main() -> None:
    """Print the table."""
    print(
        f"{'communes':>7} {'sites':<6} {'pairs':>8} {'first s':>9} {'at 1 % s':>9} {'both s':>9} "
        f"{'':>16} {'closed':>10} {'MB':>7}"
    )
    for size in SIZES:
        asked = [sys.executable, "-m", "tests.bench.siting_sizes", *map(str, size)]
        print(subprocess.run(asked, check=True, capture_output=True, text=True).stdout, end="")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        run_one(*map(int, sys.argv[1:]))
    else:
        main()
