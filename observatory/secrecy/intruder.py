"""Intruder: between which bounds a masked figure lies for who reads only what is published.

A small mixed integer program. Headcounts are whole; places stand between the headcount and so many
per person; the intruder knows the rule: a masked commune is one or two persons, or was drawn among
larger ones to stand beside one, and at least one is of the first kind. Communes of which the same
is told are exchangeable: one of them is asked for all, and the others are added up, so that the
program is as small for a département as for four communes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import highspy

from observatory.solver import Solver

Kind = Literal["headcount", "places"]
Figures = tuple["highspy.highs.highs_var | None", "highspy.highs.highs_var"]
"""Variables of a headcount and of places."""
NEAR = 0.01  # of a threshold that a figure does not reach, or passes
MOST = 5_000.0  # persons or places of one commune that nothing else bounds


@dataclass(frozen=True)
class Sum:
    """A published sum over masked communes: what it lies between."""

    kind: Kind
    least: float
    most: float


@dataclass(frozen=True)
class Group:
    """Masked communes that nothing published tells apart.

    Attributes
    ----------
    sums : tuple of int
        The sums that hold them, by their place in the system.
    told : tuple or None
        Headcount and places that another version showed, held for unchanged.
    """

    count: int
    sums: tuple[int, ...]
    told: tuple[float | None, float | None] | None = None


@dataclass(frozen=True)
class System:
    """What is known of the masked communes of one service on one day.

    Attributes
    ----------
    threshold : int
        The least figure that is one nobody's own; 0 leaves the rule of the masks aside.
    persons : bool
        The service has headcounts; otherwise its places are what is secret.
    """

    groups: tuple[Group, ...]
    sums: tuple[Sum, ...]
    threshold: int
    persons: bool
    whole: bool
    most_places: int
    seconds: float


@lru_cache(maxsize=4096)  # dates and versions that change nothing ask the same question
def bounds(system: System, target: int) -> tuple[float, float] | None:
    """Least and greatest secret figure of one commune of a group; None: no solution at all.

    A question that the solver does not settle in its time is answered by its own outer bound,
    which is never narrower than what is true.
    """
    low = _solve(system, target, highest=False)
    if low is None:
        return None
    high = _solve(system, target, highest=True)
    return None if high is None else (low, high)


def _solve(system: System, target: int, *, highest: bool) -> float | None:
    solver = Solver()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", system.seconds)
    solver.setOptionValue("mip_rel_gap", 0.0)
    ceiling = max([MOST, *(s.most for s in system.sums)])
    whole = highspy.HighsVarType.kInteger if system.whole else highspy.HighsVarType.kContinuous
    held: dict[int, list[Figures]] = {n: [] for n in range(len(system.sums))}
    small: list[highspy.highs.highs_var] = []
    asked: highspy.highs.highs_var | None = None
    for n, group in enumerate(system.groups):
        count = group.count
        alone = 1 if n == target else 0
        if not _adds_up(system, group, count - alone):
            alone = count
        for at in range(alone):
            figures = _communes(solver, system, group, 1, ceiling, whole)
            secret = figures[0] if figures[0] is not None else figures[1]
            asked = secret if n == target and not at else asked
            for place in group.sums:
                held[place].append(figures)
            if system.threshold:
                small.append(_rule(solver, secret, system, ceiling))
        if count > alone:
            figures = _communes(solver, system, group, count - alone, ceiling, whole)
            for place in group.sums:
                held[place].append(figures)
    together = sum(g.count for g in system.groups) > len(small)
    for n, total in enumerate(system.sums):
        terms = [h if total.kind == "headcount" else p for h, p in held[n]]
        known = [t for t in terms if t is not None]
        if known:
            expression = solver.qsum(known)
            solver.addConstr(expression >= total.least)
            solver.addConstr(expression <= total.most)
    if small and not together:  # communes added up always leave one of them room to be small
        solver.addConstr(solver.qsum(small) >= 1)
    if asked is None:
        return None
    (solver.maximize if highest else solver.minimize)(asked)
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    info = solver.getInfo()
    if status == highspy.HighsModelStatus.kOptimal:
        found = info.objective_function_value
    else:
        found = info.mip_dual_bound
        if not math.isfinite(found):
            found = ceiling if highest else 0.0
    return float(round(found)) if system.whole else float(found)


def _adds_up(system: System, group: Group, count: int) -> bool:
    """Whether communes may be replaced by their sum, and nothing be lost.

    Two figures that are each small, or above the threshold, add up to every amount there is from
    their least on, one of them small: as many communes more as there are, so do they.
    """
    return count > 1 and group.told is None and (not system.threshold or system.threshold > 2)


def _communes(
    solver: highspy.Highs,
    system: System,
    group: Group,
    count: int,
    ceiling: float,
    whole: highspy.HighsVarType,
) -> Figures:
    """The variables of communes added up: their persons, if the service has any, and places."""
    headcount, amount = group.told or (None, None)
    most = ceiling * count
    # By the rule a masked figure is one at least; alone, its own variable says so.
    least = float(count) if system.threshold and system.whole and count > 1 else 0.0
    if not system.persons:
        low, high = (least, most) if amount is None else (amount, amount)
        return None, solver.addVariable(lb=low, ub=high, type=whole)
    low, high = (least, most) if headcount is None else (headcount, headcount)
    persons = solver.addVariable(lb=low, ub=high, type=whole)
    low, high = (0.0, most * system.most_places) if amount is None else (amount, amount)
    places = solver.addVariable(lb=low, ub=high)
    solver.addConstr(places >= persons)
    solver.addConstr(places <= system.most_places * persons)
    return persons, places


def _rule(
    solver: highspy.Highs,
    secret: highspy.highs.highs_var,
    system: System,
    ceiling: float,
) -> highspy.highs.highs_var:
    """One for a commune that is one or two persons; zero for one drawn among the larger ones.

    What is not whole may be as near to the threshold as files write it, on either side.
    """
    integer = highspy.HighsVarType.kInteger
    one: highspy.highs.highs_var = solver.addVariable(lb=0, ub=1, type=integer)
    next_to = 1 if system.whole else NEAR
    solver.addConstr(secret <= ceiling - (ceiling - (system.threshold - next_to)) * one)
    larger = system.threshold + next_to
    least = 1 if system.whole else 0
    solver.addConstr(secret >= larger - (larger - least) * one)
    return one
