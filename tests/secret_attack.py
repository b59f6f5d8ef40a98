"""The intruder of the files: whole persons and places that everything he has read allows.

His own program, apart from the one that audits a version: one variable a masked commune and unit,
and each figure he has read is a constraint, whatever page or file told it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import highspy
from secret_readers import AM, HOME, Tell

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.secrecy import secrecy_rules

TOLD_TO = 0.051
"""Files write one decimal."""
CEILING = 2_000
Cell = tuple[str, str]
"""Code and unit (``persons``, ``places``)."""
UNIT = {(AM, "supply"): "places", (HOME, "supply"): "places", ("rpe", "public"): "persons"}


@dataclass(frozen=True)
class Told:
    """Bounds of a sum over masked communes, and what told it."""

    cells: frozenset[Cell]
    least: float
    most: float
    where: str


def told_of(service: str, tells: Sequence[Tell], codes: Iterable[str]) -> list[Told]:
    """What has been read of the masked communes of a service on one day, one constraint each."""
    found: list[Told] = []
    figures, whole = _figures(tells), nomenclature().services[service].whole
    persons = ("rpe", "public") if service == AM else None
    for of, what in [(service, "supply"), *([persons] if persons else [])]:
        unit = UNIT[of, what]
        shown = {c: v for (s, c, w), v, _ in figures if (s, w) == (of, what) and "+" not in c}
        hidden = frozenset((c, unit) for c in codes)
        for (s, code, w), value, where in figures:
            if (s, w) != (of, what):
                continue
            if not code:
                opened = [v for c, v in shown.items() if c and c not in codes]
                found.append(_rounded(hidden, value, sum(opened), where, whole=whole))
            elif code in codes:
                found.append(_exact(frozenset({(code, unit)}), value, where))
            elif "+" in code:
                found += _of_selection(code.split("+"), codes, shown, (unit, value, where))
    found += _by_parts(service, figures, frozenset(codes))
    return found


def _of_selection(
    group: Sequence[str],
    codes: Iterable[str],
    shown: Mapping[str, float],
    told: tuple[str, float, str],
) -> Iterator[Told]:
    """The sum of a selection: less what is shown of its communes, what the masked ones hold."""
    unit, value, where = told
    hidden = set(codes).intersection(group)
    others = [shown.get(c) for c in group if c not in hidden]
    if hidden and None not in others:
        rest = value - sum(o for o in others if o is not None)
        yield _exact(frozenset((c, unit) for c in hidden), rest, where)


def _figures(tells: Sequence[Tell]) -> list[tuple[tuple[str, str, str], float, str]]:
    """Each figure once, and the supplies that a gap and a need, or a rate, give away."""
    known: dict[tuple[str, str, str], tuple[float, str]] = {}
    for t in tells:
        known.setdefault((t.service, t.code, t.what), (t.value, t.where))
    for service, code, _ in list(known):
        if (service, code, "supply") in known:
            continue
        gap, need = known.get((service, code, "gap")), known.get((service, code, "need"))
        rate, public = known.get((service, code, "rate")), known.get((service, code, "public"))
        if gap and need:
            known[service, code, "supply"] = gap[0] + need[0], f"{gap[1]}, gap and need"
        elif rate and public:
            known[service, code, "supply"] = rate[0] * public[0] / 100, f"{rate[1]}, rate"
    return [(key, value, where) for key, (value, where) in known.items()]


def _exact(cells: frozenset[Cell], value: float, where: str) -> Told:
    return Told(cells, value - 2 * TOLD_TO, value + 2 * TOLD_TO, where)


def _rounded(
    cells: frozenset[Cell], value: float, opened: float, where: str, *, whole: bool
) -> Told:
    """A total of the territory: the rule says that masked and open are rounded apart."""
    step = secrecy_rules().rounding
    rest = value - step * math.floor((opened + step / 2) / step)
    if abs(rest - step * round(rest / step)) > TOLD_TO:  # not what the rule says: exact
        return _exact(cells, value - opened, where)
    doubt = (step - 1) // 2 if whole else step / 2 - 0.1
    return Told(cells, rest - doubt, rest + doubt, where)


def _by_parts(
    service: str,
    figures: Sequence[tuple[tuple[str, str, str], float, str]],
    codes: frozenset[str],
) -> list[Told]:
    """A composite less the parts that are shown, where it leaves the masked one alone."""
    supplies = {(s, c): (v, w) for (s, c, what), v, w in figures if what == "supply"}
    found = []
    for whole, one in nomenclature().services.items():
        if service not in one.parts:
            continue
        for code in {c for s, c in supplies if s == whole}:
            others = [supplies.get((p, code)) for p in one.parts if p != service]
            if any(o is None for o in others) or (code and code not in codes):
                continue
            rest = supplies[whole, code][0] - sum(o[0] for o in others if o is not None)
            own = supplies.get((service, code))
            if own and abs(own[0] - rest) < len(others) * TOLD_TO + 0.1:
                continue  # it tells what the part itself tells
            where = f"{supplies[whole, code][1]} less its parts"
            if code:
                found.append(_exact(frozenset({(code, "places")}), rest, where))
            else:
                opened = [
                    v for (s, c), (v, _) in supplies.items() if s == service and c and "+" not in c
                ]
                cells = frozenset((c, "places") for c in codes)
                found.append(_exact(cells, rest - sum(opened), where))
    return found


@dataclass(frozen=True)
class Census:
    """Figures of the masked communes that what is told allows: one way they may be."""

    persons: Mapping[str, float]
    places: Mapping[str, float]


def extreme(
    service: str,
    codes: Sequence[str],
    told: Sequence[Told],
    target: str,
    below: int,
    *,
    highest: bool,
    whole: bool = True,
) -> tuple[float, Census] | None:
    """The least or the greatest secret of one masked commune, and a census in which it is that.

    None when nothing is possible: what was told supposes another threshold, or has moved.
    """
    counted, most = service == AM, secrecy_rules().most_places
    solver = highspy.Highs()
    solver.silent()
    integer = highspy.HighsVarType.kInteger
    kind = integer if whole else highspy.HighsVarType.kContinuous
    known: dict[Cell, highspy.highs.highs_var] = {}
    small = []
    for code in codes:
        places = known[code, "places"] = solver.addVariable(ub=CEILING, type=kind)
        secret = places
        if counted:
            secret = known[code, "persons"] = solver.addVariable(ub=CEILING, type=integer)
            solver.addConstr(places >= secret)
            solver.addConstr(places <= most * secret)
        if below:
            one = solver.addVariable(ub=1, type=integer)
            least, near = (1, 1) if whole else (0, 0.1)
            # A companion is above the threshold.
            solver.addConstr(secret >= least + (below + near - least) * (1 - one))
            solver.addConstr(secret <= below - near + CEILING * (1 - one))
            small.append(one)
    if small:
        solver.addConstr(solver.qsum(small) >= 1)
    for t in told:
        terms = [known[cell] for cell in sorted(t.cells) if cell in known]
        if terms:
            solver.addConstr(solver.qsum(terms) >= t.least)
            solver.addConstr(solver.qsum(terms) <= t.most)
    asked = known[target, "persons" if counted else "places"]
    (solver.maximize if highest else solver.minimize)(asked)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = {cell: round(solver.val(v), 1) for cell, v in known.items()}
    return found[target, "persons" if counted else "places"], Census(
        {c: v for (c, unit), v in found.items() if unit == "persons"},
        {c: v for (c, unit), v in found.items() if unit == "places"},
    )
