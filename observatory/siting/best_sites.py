"""The sites and places that close most of the gap, then serve the worst-off best.

First the places that lack and would be brought are made the most of: ``Σ_i min(P_i g_i, short_i)``,
where ``g_i`` is what a child of place ``i`` gains. Then, that sum being kept, the least accessible
supply of all places in reach of a site is made the greatest. Where nothing lacks, the second alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from observatory.errors import RequestError
from observatory.french.numbers import number
from observatory.siting.program import Indices, Numbers, Program, Progress, Solved
from observatory.siting.siting_problem import Bounds, SitingProblem

KEPT = 1e-8  # of the places closed first, what the second solve may lose to rounding
LEAST = 1e-6  # places: less than that is no place


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
    least : float
        Least accessible supply, in places per child, where a site could serve, afterwards.
    fair : bool
        Whether the second solve ended: otherwise the sites of the first one are given.
    seconds : float
        Time taken by both.
    """

    places: Numbers
    closed: float
    bound: float
    distance: float
    short: float
    least: float
    fair: bool
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
        Time of each of the two solves at most: beyond it the best choice found is given, with how
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
    short = float(problem.short[served].sum())
    program, opened, places, brought = _program(problem, bounds)
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
        kept = first.value - KEPT * max(1.0, first.value)
        program.sum_at_most(brought, -1.0, -kept)
    second = _fairest(program, problem, places, served, seconds) if len(served) else None
    chosen = second or first
    if chosen is None:
        raise RequestError(
            "aucun des sites candidats n'a d'enfants à portée",
            mend="Élargir le temps d'accès, ou proposer d'autres sites.",
        )
    found = _given(chosen, opened, places)
    after = problem.reached + problem.gained(found)
    closed = problem.closed(found)
    return BestSites(
        places=found,
        closed=closed,
        bound=max(first.bound, closed) if first else 0.0,
        distance=first.distance if first else 0.0,
        short=short,
        least=float(after[served].min()),
        fair=second is not None,
        seconds=sum(one.seconds for one in (first, second) if one is not None),
    )


def check(problem: SitingProblem, bounds: Bounds) -> None:
    """Refuse bounds that what must be opened cannot hold, saying which one to loosen.

    Raises
    ------
    RequestError
        When one cannot be held.
    """
    must = problem.opened
    places = float(problem.smallest[must].sum())
    euros = float((problem.opening_euros + problem.place_euros * problem.smallest)[must].sum())
    asked = (
        ("sites", int(must.sum()), bounds.sites, "des sites"),
        ("places", places, bounds.places, "des places"),
        ("euros", euros, bounds.euros, "du budget"),
    )
    for unit, least, most, whose in asked:
        if most is not None and least > most:
            raise RequestError(
                f"les sites imposés demandent au moins {number(least)} {unit}, et la limite est de "
                f"{number(most)}",
                mend=f"Relever la limite {whose}, ou imposer moins de sites.",
            )
    if bounds.whole and (np.floor(problem.largest) < np.ceil(problem.smallest)).any():
        raise RequestError(
            "un site n'a aucun nombre entier de places entre son minimum et son maximum",
            mend="Écrire des nombres entiers.",
        )


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


def _fairest(
    program: Program, problem: SitingProblem, places: Indices, served: Indices, seconds: float
) -> Solved | None:
    """The same program with the least accessible supply made the greatest."""
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
    return program.maximise(np.array([least]), 1.0, seconds=seconds)


def _given(found: Solved, opened: Indices, places: Indices) -> Numbers:
    """Places of each site, without the solver's own rounding."""
    given = np.where(found.values[opened] > 0.5, found.values[places], 0.0)
    near = np.round(given)
    return np.where(np.abs(given - near) < 1e-6, near, given)
