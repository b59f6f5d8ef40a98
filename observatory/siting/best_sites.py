"""The sites and places that close most of the gap, for the least, then serve the worst-off best.

Solved one after the other, each keeping what the former found. First the places that lack and would
be brought are made the most of: ``Σ_i min(P_i g_i, short_i)``, where ``g_i`` is what a child of
place ``i`` gains. Then the euros and the places that it takes are made the least, so that no place
opens for nothing. Then the least accessible supply of all places in reach of a site is made the
greatest. Where nothing lacks, the last comes first, for the least then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from observatory.errors import RequestError
from observatory.siting.program import Indices, Numbers, Program, Progress, Solved
from observatory.siting.siting_problem import Bounds, SitingProblem
from observatory.siting.what_limits import check

KEPT = 1e-8  # of what a solve found, what the next one may lose to rounding
LEAST = 1e-6  # places: less than that is no place


@dataclass(frozen=True)
class Solve:
    """One solve: what it sought, and how far a better choice may be (0 when there is none)."""

    sought: Literal["closed", "least_spent", "worst_off"]
    distance: float


@dataclass(frozen=True)
class BestSites:
    """The answer to a question of siting.

    Attributes
    ----------
    places : (m,) array
        Places of each site; 0 where none is opened.
    closed, bound : float
        Places that lack today and that these would bring, and what no choice can pass.
    distance : float
        How far a better choice may be, relative to the bound; 0 when there is none.
    short : float
        Places that lack today where a site could serve.
    least_before, least : float
        Least accessible supply, in places per child, where a site could serve, then afterwards.
    worst_off : int
        Rank of the demand place that has it afterwards.
    steps : tuple of Solve
        The solves that found something, in their order.
    seconds : float
        Time taken by all of them.
    """

    places: Numbers
    closed: float
    bound: float
    distance: float
    short: float
    least_before: float
    least: float
    worst_off: int
    steps: tuple[Solve, ...]
    seconds: float

    @property
    def opened(self) -> Indices:
        """Ranks of the sites to open."""
        return np.flatnonzero(self.places > LEAST)


def best_sites(
    problem: SitingProblem,
    bounds: Bounds,
    *,
    seconds: float = 60.0,
    relative: float = 0.0,
    progress: Progress | None = None,
) -> BestSites:
    """Choose the sites of a problem, within bounds.

    Parameters
    ----------
    problem, bounds
        What is asked.
    seconds : float
        Time of each solve at most: beyond it the best choice found is given, with how
        far a better one may be.
    relative : float
        Distance to the bound at which a choice is good enough.
    progress : callable, optional
        Told of each better choice: places closed, and the bound.

    Raises
    ------
    RequestError
        When the bounds cannot be held, with the one to loosen; when no choice was found in time.
    """
    check(problem, bounds)
    served = np.unique(problem.origin[problem.drawn[problem.site] > 0])
    served = served[problem.counted[served] & (problem.children[served] > 0)]
    if not len(served):
        raise RequestError(
            "aucun des sites candidats n'a d'enfants à portée",
            mend="Élargir le temps d'accès, ou proposer d'autres sites.",
        )
    short = float(problem.short[served].sum())
    program, opened, places, brought = _program(problem, bounds)
    steps: list[Solve] = []
    solved: list[Solved] = []

    def keep(sought: Literal["closed", "least_spent", "worst_off"], found: Solved | None) -> None:
        if found is not None:
            steps.append(Solve(sought, found.distance))
            solved.append(found)

    def spend_least() -> None:
        keep("least_spent", _least_spent(program, problem, opened, places, solved, seconds))

    first: Solved | None = None
    if short > LEAST:
        first = program.maximise(
            brought, 1.0, seconds=seconds, relative=relative, progress=progress
        )
        if first is None:
            raise RequestError(
                f"aucun choix de sites n'a été trouvé en {seconds:g} secondes",
                mend="Donner plus de temps, ou moins de sites candidats.",
            )
        if progress is not None:  # the proof may come after the last better choice
            progress(first.value, max(first.bound, first.value))
        keep("closed", first)
        program.sum_at_most(brought, -1.0, -_kept(first.value))
        spend_least()
    fairest = _fairest(program, problem, places, served, seconds)
    keep("worst_off", fairest)
    if first is None and fairest is not None:
        spend_least()
    if not solved:
        raise RequestError(
            f"aucun choix de sites n'a été trouvé en {seconds:g} secondes",
            mend="Donner plus de temps, ou moins de sites candidats.",
        )
    found = _given(solved[-1], opened, places)
    after = problem.reached + problem.gained(found)
    closed = problem.closed(found)
    return BestSites(
        places=found,
        closed=closed,
        bound=max(first.bound, closed) if first else 0.0,
        distance=first.distance if first else 0.0,
        short=short,
        least_before=float(problem.reached[served].min()),
        least=float(after[served].min()),
        worst_off=int(served[after[served].argmin()]),
        steps=tuple(steps),
        seconds=sum(one.seconds for one in solved),
    )


def _kept(value: float) -> float:
    """What of a value found the next solve may not go under."""
    return value - KEPT * max(1.0, abs(value))


def _program(problem: SitingProblem, bounds: Bounds) -> tuple[Program, Indices, Indices, Indices]:
    """The program of a problem: itself, then its columns (opened, places, places brought)."""
    program, count, reach = Program(), problem.sites, problem.drawn > 0
    must = problem.opened.astype(float)
    # A site that no child can reach closes nothing: it is opened when it must be.
    opened = program.columns(must, np.maximum(must, reach.astype(float)), whole=True)
    places = program.columns(np.zeros(count), problem.largest.copy(), whole=bounds.whole)
    each = np.arange(count)
    program.rows(-np.inf, 0.0, (each, places, 1.0), (each, opened, -problem.largest), count=count)
    program.rows(0.0, np.inf, (each, places, 1.0), (each, opened, -problem.smallest), count=count)
    lacking = np.flatnonzero(problem.short > LEAST)
    brought = program.columns(np.zeros(len(lacking)), problem.short[lacking])
    rank = np.full(len(problem.children), -1)
    rank[lacking] = np.arange(len(lacking))
    pair = np.flatnonzero(rank[problem.origin] >= 0)
    program.rows(
        -np.inf,
        0.0,
        (np.arange(len(lacking)), brought, 1.0),
        (rank[problem.origin[pair]], places[problem.site[pair]], -problem.share[pair]),
        count=len(lacking),
    )
    if bounds.sites is not None:
        program.sum_at_most(opened, 1.0, bounds.sites)
    if bounds.places is not None:
        program.sum_at_most(places, 1.0, bounds.places)
    if bounds.euros is not None:
        columns = np.concatenate([opened, places])
        cost = np.concatenate([problem.opening_euros, problem.place_euros])
        program.sum_at_most(columns, cost, bounds.euros)
    return program, opened, places, brought


def _least_spent(
    program: Program,
    problem: SitingProblem,
    opened: Indices,
    places: Indices,
    solved: list[Solved],
    seconds: float,
) -> Solved | None:
    """The same program with its euros made the least, and a euro more for each place.

    A place that costs nothing is none the less one place too many when it brings nothing.
    """
    columns = np.concatenate([opened, places])
    cost = np.concatenate([problem.opening_euros, problem.place_euros + 1.0])
    cost /= cost[len(opened) :].mean()
    found = program.maximise(columns, -cost, seconds=seconds, start=solved[-1])
    if found is not None:
        program.sum_at_most(columns, cost, -_kept(found.value))
    return found


def _fairest(
    program: Program, problem: SitingProblem, places: Indices, served: Indices, seconds: float
) -> Solved | None:
    """The same program with the least accessible supply made the greatest; it is kept."""
    (least,) = program.columns(np.zeros(1), np.full(1, np.inf))
    rank = np.full(len(problem.children), -1)
    rank[served] = np.arange(len(served))
    pair = np.flatnonzero((problem.drawn[problem.site] > 0) & (rank[problem.origin] >= 0))
    each = np.arange(len(served))
    program.rows(
        -problem.reached[served],
        np.inf,
        (
            rank[problem.origin[pair]],
            places[problem.site[pair]],
            problem.weight[pair] / problem.drawn[problem.site[pair]],
        ),
        (each, np.full(len(served), least), -1.0),
        count=len(served),
    )
    found = program.maximise(np.array([least]), 1.0, seconds=seconds)
    if found is not None:
        program.sum_at_most(np.array([least]), -1.0, -_kept(found.value))
    return found


def _given(found: Solved, opened: Indices, places: Indices) -> Numbers:
    """Places of each site, without the solver's own rounding; never more of them in all.

    Sites rounded up one by one would pass a bound, where another that stays took what they gave.
    """
    given = np.where(found.values[opened] > 0.5, found.values[places], 0.0)
    near = np.round(given)
    rounded = np.where(np.abs(given - near) < LEAST, near, given)
    return rounded if rounded.sum() <= given.sum() + LEAST / 10 else given
