"""The p-median at the printed optima of the OR-Library, and coverage against every choice."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from observatory.errors import RequestError
from observatory.settings import ROOT
from observatory.siting.second_opinions import maximal_coverage, p_median

LIBRARY = ROOT.parent / "shared" / "oracles" / "pmed"
PRINTED = {
    1: 5819,
    2: 4093,
    3: 4250,
    4: 3034,
    5: 1355,
    6: 7824,
    7: 5631,
    8: 4445,
    9: 2734,
    10: 1255,
}
"""Optima that the OR-Library prints (Beasley, 1985): 100 nodes up to pmed5, then 200."""


def read(path: Path) -> tuple[np.ndarray, int]:
    """Distances between all nodes of a file of the OR-Library, and how many are asked for."""
    from scipy.sparse import coo_array  # slow to read: for the one worker that asks
    from scipy.sparse.csgraph import shortest_path

    lines = path.read_text().splitlines()
    (nodes, _, sites), *edges = ([int(x) for x in line.split()] for line in lines)
    last = {
        (min(i, j) - 1, max(i, j) - 1): cost for i, j, cost in edges
    }  # a repeated edge: the last
    ends = np.array(list(last))
    graph = coo_array((list(last.values()), (ends[:, 0], ends[:, 1])), shape=(nodes, nodes))
    return shortest_path(graph.tocsr(), directed=False), sites


@pytest.mark.parametrize(
    "number",
    [1, 5, *(pytest.param(n, marks=pytest.mark.campaign) for n in PRINTED if n not in (1, 5))],
)
def test_the_p_median_is_the_one_that_the_library_prints(number: int) -> None:
    file = LIBRARY / f"pmed{number}.txt"
    if not file.exists():
        required = os.environ.get("OBSERVATORY_REQUIRE_MIRROR") == "1"
        (pytest.fail if required else pytest.skip)(f"no {file.name} of the OR-Library")
    minutes, sites = read(file)
    opened, found = p_median(np.ones(len(minutes)), minutes, sites, seconds=60)
    assert round(-found.value) == PRINTED[number]
    assert found.distance == 0
    assert len(opened) == sites
    assert minutes[:, opened].min(axis=1).sum() == pytest.approx(PRINTED[number])


def test_no_choice_walks_less_nor_covers_more() -> None:
    for seed in range(20):
        dice = np.random.default_rng(seed)
        people = dice.integers(0, 50, 9).astype(float)
        minutes = dice.uniform(0, 30, (9, 6))
        every = [list(c) for c in combinations(range(6), 3)]
        _, found = p_median(people, minutes, 3)
        walked = min((people * minutes[:, c].min(axis=1)).sum() for c in every)
        assert -found.value == pytest.approx(walked)
        _, found = maximal_coverage(people, minutes <= 8, 3)
        covered = max(people[(minutes <= 8)[:, c].any(axis=1)].sum() for c in every)
        assert found.value == pytest.approx(covered)


def test_too_few_candidates_and_a_place_out_of_every_reach_are_told() -> None:
    minutes = np.array([[1.0, 2.0], [np.inf, np.inf]])
    with pytest.raises(RequestError, match="3 sites demandés parmi 2 candidats"):
        p_median(np.ones(2), minutes, 3)
    with pytest.raises(RequestError, match="serve tout le monde"):
        p_median(np.ones(2), minutes, 1)
