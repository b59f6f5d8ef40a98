"""Made-up censuses published one after the other, and the intruder who reads every version.

``python -m tests.campaign secrets``. For each census: a first version, the same again, then a
revised one, all kept. Prints the narrowest bounds left to a masked figure, and how many communes
are hidden beside the sensitive ones, against a plain secondary suppression of exact totals.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.secrecy import secrecy_rules
from observatory.secrecy.intruder import Group, Sum, System, bounds
from observatory.secrecy.mask_audit import Finding, audit, unsafe
from observatory.secrecy.published import Published
from observatory.secrecy.register import Register
from tests.secret_world import AM, World, made_up, mask, revised

TRIED = 200
SECONDS = 1_800.0
SEED = 62041
PROCESSES = 2


@dataclass
class Tally:
    """What a run has seen."""

    censuses: int = 0
    versions: int = 0
    failures: list[str] = field(default_factory=list)
    told_before: int = 0
    masked: Counter[str] = field(default_factory=Counter)
    plain: int = 0
    withheld: Counter[str] = field(default_factory=Counter)
    narrowest: dict[str, Finding] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """What another process has seen."""
        self.censuses += other.censuses
        self.versions += other.versions
        self.failures += other.failures
        self.told_before += other.told_before
        self.masked += other.masked
        self.plain += other.plain
        self.withheld += other.withheld
        for service, one in other.narrowest.items():
            if _narrower(one, self.narrowest.get(service)):
                self.narrowest[service] = one


def main() -> int:
    """Run the campaign within its time; return the number of failures."""
    whole, start = Tally(), time.perf_counter()
    with ProcessPoolExecutor(PROCESSES) as pool:
        lanes = [range(SEED + lane, SEED + TRIED, PROCESSES) for lane in range(PROCESSES)]
        for tally in pool.map(try_some, lanes):
            whole.add(tally)
    seconds = time.perf_counter() - start
    print(f"{whole.censuses} censuses of {TRIED}, {whole.versions} versions, {seconds:.0f} s")
    print(f"failures: {len(whole.failures)} {whole.failures[:5]}")
    for service, one in whole.narrowest.items():
        print(f"narrowest bounds of a masked figure, {service}: {one.low:g} to {one.high:g}")
    print(f"told by an older version already: {whole.told_before}")
    print(f"masked: {dict(whole.masked)}; withheld: {dict(whole.withheld)}")
    print(f"companions of a plain secondary suppression: {whole.plain}")
    return len(whole.failures)


def try_some(seeds: Sequence[int]) -> Tally:
    """Publish the made-up censuses of some seeds, one after the other, within the time."""
    tally, start = Tally(), time.perf_counter()
    for seed in seeds:
        if time.perf_counter() - start > SECONDS:
            break
        try_census(seed, tally)
        if tally.censuses % 20 == 0:
            print(f"{tally.censuses} censuses, {len(tally.failures)} failures", flush=True)
    return tally


def try_census(seed: int, tally: Tally) -> None:
    """Publish one made-up census three times; what goes wrong is added to the tally."""
    draw = random.Random(seed)
    world = made_up(draw)
    register = Register(f"key {seed}")
    kept: list[Published] = []
    masked_before: frozenset[tuple[str, str]] = frozenset()
    for n, census in enumerate((world, world, revised(world, draw))):
        published, register = mask(census, register, kept, f"{seed}-{n}")
        tally.versions += 1
        found = audit(published, kept)
        tally.failures += [f"{seed}-{n} {f.service} {f.code}" for f in unsafe(found)]
        if n == 1 and published.masked != masked_before:
            tally.failures.append(f"{seed}-{n}: other masks on unchanged figures")
        if lost := {c for c in masked_before - published.masked if not _withheld(register, c[1])}:
            tally.failures.append(f"{seed}-{n}: unmasked {sorted(lost)}")
        tally.told_before += sum(f.told_before and not f.safe for f in found)
        for one in found:
            if not one.told_before and _narrower(one, tally.narrowest.get(one.service)):
                tally.narrowest[one.service] = one
        if n == 0:
            _count(register, world, tally)
        masked_before = published.masked
        kept.append(published)
    tally.censuses += 1


def _withheld(register: Register, service: str) -> bool:
    return ("", service) in register.cells("service")


def _narrower(one: Finding, other: Finding | None) -> bool:
    return other is None or (one.high - one.low, one.high) < (other.high - other.low, other.high)


def _count(register: Register, world: World, tally: Tally) -> None:
    """Communes of the perimeter masked by the first version, and by a plain suppression."""
    for mask_ in register.masks:
        if mask_.code in world.perimeter:
            tally.masked[f"{mask_.service} {mask_.role}"] += 1
        elif not mask_.code:
            tally.withheld[f"{mask_.service} {mask_.role}"] += 1
    tally.plain += plain_companions(register, world)


def plain_companions(register: Register, world: World) -> int:
    """How many companions exact totals ask for, the smallest large enough ones first.

    The usual secondary suppression: totals stay exact, and the intruder knows which figures are
    the small ones; companions are added until the rest is open to doubt.
    """
    added = 0
    for service in (AM,):
        latest = {c: (h, p) for c, of, h, p, _ in world.rows if of == service and h is not None}
        small = [c for c, of in register.cells("primary") if of == service and c in world.perimeter]
        if not small or any(c not in latest for c in world.perimeter):
            continue
        least = nomenclature().services[service].masked_below
        others = sorted(
            (latest[c][0] or 0, c) for c in world.perimeter
            if c not in small and (latest[c][0] or 0) > least
        )  # fmt: skip
        hidden = list(small)
        for _, code in others:
            if _doubtful([latest[c] for c in hidden], least):
                break
            hidden.append(code)
            added += 1
    return added


def _doubtful(figures: Sequence[tuple[float | None, float | None]], least: int) -> bool:
    """Whether exact sums leave each masked figure room."""
    sums = tuple(
        Sum(kind, sum(f[n] or 0 for f in figures), sum(f[n] or 0 for f in figures))
        for n, kind in enumerate(("headcount", "places"))
    )
    rules = secrecy_rules()
    system = System(
        (Group(len(figures), (0, 1)),), sums, least, True, True,
        rules.most_places, rules.solve_seconds,
    )  # fmt: skip
    found = bounds(system, 0) or (0.0, float("inf"))
    return found[1] - found[0] >= rules.least_width and found[1] >= least
