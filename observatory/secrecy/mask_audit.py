"""Audit of a version before it is published: what an intruder would learn of each masked figure.

He knows the rule and reads every kept version beside the new one. Two readings are tried. By the
rule: what is masked is one or two persons or was drawn beside them. By comparison: a commune that
an older version showed has not changed, so a total less what was shown bounds the others. Where the
places of a service are estimates, he also takes them for whole numbers, since most of them are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.secrecy import secrecy_rules
from observatory.secrecy.intruder import Group, Kind, Sum, System, bounds
from observatory.secrecy.published import Figures, Published

KINDS: tuple[Kind, Kind] = ("headcount", "places")
Bounds = tuple[float, float]
Told = Mapping[str, Figures]


@dataclass(frozen=True)
class Finding:
    """A masked figure, and the bounds that what is published leaves it.

    Attributes
    ----------
    day : date or None
        Of the total that bounds it; None when no total is published.
    comparison : bool
        Found by comparing versions, not by the rule.
    told_before : bool
        The kept versions alone already leave it no more room.
    """

    service: str
    code: str
    day: date | None
    low: float
    high: float
    comparison: bool
    told_before: bool = False

    @property
    def safe(self) -> bool:
        """Whether the figure may still be what no single person's is."""
        least = nomenclature().services[self.service].masked_below
        return self.high - self.low >= secrecy_rules().least_width and self.high >= least


def audit(candidate: Published, kept: Sequence[Published] = ()) -> list[Finding]:
    """Bounds of every masked figure, at every date of a total, by both readings."""
    found: list[Finding] = []
    for service in sorted({service for _, service in candidate.masked}):
        days: list[date | None] = [t.day for t in candidate.totals.get(service, ())]
        for day in days or [None]:
            found += _by_rule(candidate, kept, service, day)
            if day is not None:
                found += _by_comparison(candidate, kept, service, day)
    return found


def unsafe(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that forbid publication: told too narrowly, and not told before."""
    return [f for f in findings if not f.safe and not f.told_before]


def _by_rule(
    candidate: Published, kept: Sequence[Published], service: str, day: date | None
) -> list[Finding]:
    codes = candidate.hidden(service)
    own = _sums(candidate, candidate, service, day)
    before = [s for v in kept for s in _sums(v, candidate, service, day)]
    found = []
    thresholds = secrecy_rules().thresholds(nomenclature().services[service].masked_below)
    for threshold, whole in product(thresholds, _taken_for_whole(service)):
        read = _first_solved(codes, service, [(own + before, threshold), (own, threshold)], whole)
        if read is None:
            read = _first_solved(codes, service, [(own + before, 0), (own, 0)], whole) or {}
        only: Callable[[], Mapping[str, Bounds]] = _once(codes, service, before, threshold, whole)
        for code, (low, high) in sorted(read.items()):
            finding = Finding(service, code, day, low, high, comparison=False)
            if not finding.safe and before and only().get(code) == (low, high):
                finding = Finding(service, code, day, low, high, False, told_before=True)
            found.append(finding)
    return found


def _by_comparison(
    candidate: Published, kept: Sequence[Published], service: str, day: date
) -> list[Finding]:
    """Bounds when every other commune that an older version showed has stayed as it was."""
    codes = candidate.hidden(service)
    told = {
        code: figures
        for version in kept
        for code in codes
        if (figures := version.told(code, service, day)) is not None and any(map(_given, figures))
    }
    if not told:
        return []
    sums = [s for v in (candidate, *kept) for s in _sums(v, candidate, service, day)]
    before = [s for v in kept for s in _sums(v, candidate, service, day)]
    found = []
    for code, whole in product(sorted(codes), _taken_for_whole(service)):
        others = {c: f for c, f in told.items() if c != code}
        read = _solved({code}, codes, service, sums, 0, others, whole)
        if read is None:
            continue
        low, high = read[code]
        finding = Finding(service, code, day, low, high, comparison=True)
        if not finding.safe:
            alone = _solved({code}, codes, service, before, 0, others, whole)
            same = alone is not None and alone[code] == (low, high)
            finding = Finding(service, code, day, low, high, True, told_before=same)
        found.append(finding)
    return found


def _taken_for_whole(service: str) -> tuple[bool, ...]:
    """Whether the intruder takes the secret figures for whole numbers: where he may, both ways."""
    return (True,) if nomenclature().services[service].whole else (False, True)


def _given(figure: float | None) -> bool:
    return figure is not None


def _once(
    codes: frozenset[str],
    service: str,
    sums: list[tuple[frozenset[str], Sum]],
    threshold: int,
    whole: bool,
) -> Callable[[], Mapping[str, Bounds]]:
    """What the kept versions alone tell, asked only if it matters."""
    return lambda: _solved(codes, codes, service, sums, threshold, {}, whole) or {}


def _first_solved(
    codes: frozenset[str],
    service: str,
    systems: Sequence[tuple[list[tuple[frozenset[str], Sum]], int]],
    whole: bool,
) -> Mapping[str, Bounds] | None:
    """The first reading that contradicts nothing."""
    for sums, threshold in systems:
        found = _solved(codes, codes, service, sums, threshold, {}, whole)
        if found is not None:
            return found
    return None


def _solved(
    asked: Iterable[str],
    masked: frozenset[str],
    service: str,
    sums: list[tuple[frozenset[str], Sum]],
    threshold: int,
    told: Told,
    whole: bool,
) -> Mapping[str, Bounds] | None:
    """Bounds of the masked communes asked for; None when what is supposed cannot be."""
    rules = secrecy_rules()
    persons = service in nomenclature().publics
    exact = {c: f for c, f in told.items() if _given(f[1]) and (_given(f[0]) or not persons)}
    sums = _less(sums, exact)
    if any(not members and not s.least <= 0 <= s.most for members, s in sums):
        return None
    alike: dict[tuple[tuple[int, ...], Figures | None], list[str]] = defaultdict(list)
    for code in sorted(masked.union(*(members for members, _ in sums)).difference(exact)):
        inside = tuple(n for n, (members, _) in enumerate(sums) if code in members)
        alike[inside, told.get(code)].append(code)
    groups = tuple(Group(len(found), inside, of) for (inside, of), found in alike.items())
    system = System(
        groups,
        tuple(s for _, s in sums),
        threshold,
        persons,
        whole,
        rules.most_places,
        rules.solve_seconds,
    )
    wanted, answer = frozenset(asked), {}
    for n, found in enumerate(alike.values()):
        if wanted.isdisjoint(found):
            continue
        read = bounds(system, n)
        if read is None:
            return None
        answer.update(dict.fromkeys(wanted.intersection(found), read))
    return answer


def _less(sums: list[tuple[frozenset[str], Sum]], exact: Told) -> list[tuple[frozenset[str], Sum]]:
    """The sums over the communes of which no figure is known."""
    found = []
    for members, total in sums:
        shown = [exact[c][KINDS.index(total.kind)] or 0.0 for c in members.intersection(exact)]
        amount = sum(shown)
        left = Sum(total.kind, total.least - amount, total.most - amount)
        found.append((members.difference(exact), left))
    return found


def _sums(
    version: Published, candidate: Published, service: str, day: date | None
) -> list[tuple[frozenset[str], Sum]]:
    """What a version's total of a day leaves to the communes that the candidate masks."""
    total = next((t for t in version.totals.get(service, ()) if t.day == day), None)
    members = version.hidden(service) & version.perimeter
    if day is None or total is None or not members:
        return []
    step = secrecy_rules().rounding
    found: list[tuple[frozenset[str], Sum]] = []
    for n, kind in enumerate(KINDS):
        amount = total.figures[n]
        shown = [version.told(c, service, day) for c in version.perimeter - members]
        known = [f[n] for f in shown if f is not None]
        if amount is None or len(known) < len(shown) or None in known:
            continue
        rest = amount - sum(x for x in known if x is not None)
        doubt = 0.0
        if total.rounded:
            opened = sum(x for x in known if x is not None)
            rest = amount - step * math.floor((opened + step / 2) / step)
            doubt = (step - 1) // 2 if nomenclature().services[service].whole else step / 2
        # What was masked then and is shown now is taken away.
        since = [(c, candidate.told(c, service, day)) for c in members - candidate.hidden(service)]
        if any(f is None or f[n] is None for _, f in since):
            continue
        rest -= sum(f[n] or 0.0 for _, f in since if f is not None)
        inside = frozenset(members & candidate.hidden(service))
        if inside:
            found.append((inside, Sum(kind, max(0.0, rest - doubt), rest + doubt)))
    return found
