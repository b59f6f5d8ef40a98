"""What must hold of all that an intruder has read, and censuses that he cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from net.normalise import Normaliser
from secret_attack import Census, Told, extreme, told_of
from secret_ground import opened
from secret_readers import AM, HOME, Tell, of_masked
from secret_world import FIRST, Row, World, totals

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.secrecy import secrecy_rules
from observatory.settings import Settings
from observatory.versions import warehouse


def masked(settings: Settings, name: str) -> dict[str, list[str]]:
    """Masked communes by service, as any file says them."""
    with opened(settings, name) as con:
        found: dict[str, list[str]] = {AM: [], HOME: []}
        for code, service in con.execute(
            "SELECT code, service FROM masked WHERE code IS NOT NULL ORDER BY ALL"
        ).fetchall():
            found[service].append(code)
        return found


@dataclass(frozen=True)
class Bound:
    """Between what a masked figure is for who has read everything, and a census at each end."""

    service: str
    code: str
    low: float
    high: float
    least: Census
    greatest: Census

    @property
    def safe(self) -> bool:
        least = nomenclature().services[self.service].masked_below
        return self.high - self.low >= secrecy_rules().least_width and self.high >= least


def bounds_of(service: str, codes: Sequence[str], told: Sequence[Told]) -> list[Bound]:
    """Bounds of each masked commune, by every threshold that contradicts nothing.

    Places that are estimates are taken as they come, then for whole numbers.
    """
    one = nomenclature().services[service]
    found = []
    for whole in {True, one.whole}:
        for thresholds in (secrecy_rules().thresholds(one.masked_below), (0,)):
            before = len(found)
            for below, code in product(thresholds, codes):
                low = extreme(service, codes, told, code, below, highest=False, whole=whole)
                high = extreme(service, codes, told, code, below, highest=True, whole=whole)
                if low and high:
                    found.append(Bound(service, code, low[0], high[0], low[1], high[1]))
            if len(found) > before:
                break
    return found


def attacked(tells: Sequence[Tell], hidden: dict[str, list[str]]) -> list[Bound]:
    """The bounds of every masked figure, from what was read of one day."""
    return [
        bound
        for service, codes in hidden.items()
        if codes
        for bound in bounds_of(service, codes, told_of(service, tells, codes))
    ]


def steady(settings: Settings, texts: Sequence[str]) -> list[str]:
    """Texts without the moment and the name of the version that they are of."""
    stamps = [
        n.removeprefix("observatory-").removesuffix(".duckdb")
        for n in warehouse.versions(settings.processed_dir)
    ]
    normaliser = Normaliser.of_run(stamps, {})
    # Where a line of a page is cut depends on the digits of that moment.
    return [" ".join(normaliser.text(text).split()) for text in texts]


def assert_holds(tells: Sequence[Tell], hidden: dict[str, list[str]]) -> None:
    """Nothing is told of a masked commune, and what is told of others leaves it room."""
    assert tells
    told = of_masked(tells, hidden)
    assert not told, told[:5]
    narrow = [b for b in attacked(tells, hidden) if not b.safe]
    assert not narrow, narrow[:5]


def one_secret() -> World:
    """Six communes: one person, two persons, and larger ones; someone at home in a commune."""
    codes = ("62001", "62002", "62003", "62004", "62011", "62012")
    figures = ((40, 120), (1, 4), (2, 7), (9, 27), (15, 45), (6, 20))
    rows = totals({c: [f] for c, f in zip(codes, figures, strict=True)})
    home: list[Row] = [(c, HOME, None, float(n), FIRST) for c, n in zip(
        codes, (12, 3, 20, 9, 2, 30), strict=True
    )]  # fmt: skip
    return World(codes, (*rows, *home))


def with_figures(world: World, service: str, census: Census) -> World:
    """The same census, but for the masked communes of one service."""
    rows = []
    for code, of, persons, places, day in world.rows:
        if of == service and code in census.places:
            persons = float(census.persons[code]) if census.persons else None
            places = float(census.places[code])
        rows.append((code, of, persons, places, day))
    return replace(world, rows=tuple(rows))


def at_each_end(
    world: World, tells: Sequence[Tell], hidden: dict[str, list[str]]
) -> Iterator[World]:
    """The same census, its masked figures the least that he allows, then the greatest."""
    bounds = attacked(tells, hidden)
    for highest in (False, True):
        other = world
        for service in (AM, HOME):
            own = [b for b in bounds if b.service == service]
            end = max(own, key=lambda b: b.high) if highest else min(own, key=lambda b: b.low)
            other = with_figures(other, service, end.greatest if highest else end.least)
        yield other
