"""Second opinions on where to build: the p-median and the maximal covering location problem.

Hakimi (1964) places facilities so that the people walk the least in all; Church and ReVelle (1974)
so that the most of them have one within reach. Neither knows how many places a facility has.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from observatory.errors import RequestError
from observatory.siting.program import Indices, Numbers, Program, Solved


def p_median(
    people: Numbers, minutes: Numbers, sites: int, *, seconds: float = 60.0
) -> tuple[Indices, Solved]:
    """The sites from which everyone is, in all, the nearest.

    Parameters
    ----------
    people : (n,) array
        People of each demand place.
    minutes : (n, m) array
        From each demand place to each candidate site; infinite when out of reach.
    sites : int
        How many are opened.
    seconds : float
        Time at most.

    Returns
    -------
    opened : array
        Ranks of the sites.
    found : Solved
        ``value`` is minus the sum of people × minutes.

    Raises
    ------
    RequestError
        When so many sites cannot serve everyone, or nothing was found in time.
    """
    count, candidates = minutes.shape
    _refuse(sites, candidates)
    program = Program()
    opened = program.columns(np.zeros(candidates), np.ones(candidates), whole=True)
    home, site = np.nonzero(np.isfinite(minutes))
    sent = program.columns(np.zeros(len(home)), np.ones(len(home)))
    program.rows(1.0, 1.0, (home, sent, 1.0), count=count)
    pair = np.arange(len(home))
    program.rows(-np.inf, 0.0, (pair, sent, 1.0), (pair, opened[site], -1.0), count=len(home))
    program.rows(sites, sites, (np.zeros(candidates, dtype=np.int64), opened, 1.0))
    walked = people[home] * minutes[home, site]
    return _told(program.maximise(sent, -walked, seconds=seconds), opened, seconds)


def maximal_coverage(
    people: Numbers, within: npt.NDArray[np.bool_], sites: int, *, seconds: float = 60.0
) -> tuple[Indices, Solved]:
    """The sites that the most people have within reach.

    Parameters
    ----------
    people : (n,) array
        People of each demand place.
    within : (n, m) array of bool
        Whether a site is within reach of a demand place.
    sites : int
        How many are opened.
    seconds : float
        Time at most.

    Returns
    -------
    opened : array
        Ranks of the sites.
    found : Solved
        ``value`` is the people who have one within reach.

    Raises
    ------
    RequestError
        When there are fewer candidates than sites, or nothing was found in time.
    """
    count, candidates = within.shape
    _refuse(sites, candidates)
    program = Program()
    opened = program.columns(np.zeros(candidates), np.ones(candidates), whole=True)
    covered = program.columns(np.zeros(count), np.ones(count))
    home, site = np.nonzero(within)
    program.rows(
        -np.inf,
        0.0,
        (np.arange(count), covered, 1.0),
        (home, opened[site], -1.0),
        count=count,
    )
    program.sum_at_most(opened, 1.0, sites)
    return _told(program.maximise(covered, people, seconds=seconds), opened, seconds)


def _refuse(sites: int, candidates: int) -> None:
    if not 0 < sites <= candidates:
        raise RequestError(
            f"{sites} sites demandés parmi {candidates} candidats",
            mend="Demander un nombre de sites entre 1 et celui des candidats.",
        )


def _told(found: Solved | None, opened: Indices, seconds: float) -> tuple[Indices, Solved]:
    if found is None:
        raise RequestError(
            f"aucun choix de sites qui serve tout le monde n'a été trouvé en {seconds:g} secondes",
            mend="Ouvrir plus de sites, élargir le temps d'accès ou donner plus de temps.",
        )
    return np.flatnonzero(found.values[opened] > 0.5), found
