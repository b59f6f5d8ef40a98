"""An intruder who reads every file and page payload, and no table, learns no masked figure.

Two proofs. He makes constraints of each figure he reads, and his own program says between what each
masked figure may be. And a census in which that figure is at its greatest is published in its turn:
nothing that can be read, to the last letter or pixel, tells the two censuses apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from net.normalise import Normaliser
from secret_attack import Census, Told, extreme, told_of
from secret_ground import Ground, days, opened
from secret_readers import (
    AM,
    HOME,
    Read,
    Tell,
    comparisons,
    documents,
    gap_files,
    messages,
    of_masked,
    pictures,
)
from secret_world import FIRST, Row, World, totals

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.secrecy import secrecy_rules
from observatory.secrecy.register import Register
from observatory.settings import Settings
from observatory.versions import warehouse

FEW, MANY = 4, 8
"""Censuses tried in every run, and in a campaign."""


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Ground]:
    return {n: Ground(tmp_path_factory.mktemp(f"ground{n}"), n) for n in (4, 6)}


def read(settings: Settings, name: str, day: date, folder: Path) -> Iterator[Read]:
    """Every file and payload of a version on a day, but the documents and pictures of points."""
    folder.mkdir(exist_ok=True)
    with opened(settings, name) as con:
        yield from gap_files(con, day, folder)
        yield from pictures(con, day)
        yield from messages(con, day)
        yield from comparisons(con, settings, day)


def read_some(settings: Settings, name: str, day: date, folder: Path, turn: int) -> Iterator[Read]:
    """One file that holds every service, and another kind of thing each turn."""
    folder.mkdir(exist_ok=True)
    with opened(settings, name) as con:
        yield from gap_files(con, day, folder, ["csv"])
        others = (
            *(lambda f=f: gap_files(con, day, folder, [f]) for f in ("xlsx", "geojson", "gpkg")),
            lambda: pictures(con, day),
            lambda: messages(con, day),
        )
        yield from others[turn % len(others)]()
        yield from comparisons(con, settings, day)


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
    """Between what a masked figure is for who has read everything, and a census at its greatest."""

    service: str
    code: str
    low: float
    high: float
    census: Census

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
                    found.append(Bound(service, code, low[0], high[0], high[1]))
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
    assert of_masked(tells, hidden) == []
    assert [b for b in attacked(tells, hidden) if not b.safe] == []


@pytest.mark.parametrize("seed", range(FEW))
def test_no_file_and_no_page_tells_a_masked_figure(
    grounds: dict[int, Ground], seed: int, tmp_path: Path
) -> None:
    ground = grounds[4 if seed % 2 else 6]
    settings, register = ground.settings(f"some{seed}"), Register(f"key {seed}")
    for census in ground.world(seed)[: 2 if seed % 4 == 0 else 1]:
        name, register = ground.publish(census, register, settings)
        found = read_some(settings, name, days(census)[-1], tmp_path / "read", seed)
        assert_holds([t for _, tells in found for t in tells], masked(settings, name))


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(MANY))
def test_nor_do_all_files_of_many_censuses(
    grounds: dict[int, Ground], seed: int, tmp_path: Path
) -> None:
    ground = grounds[4 if seed % 2 else 6]
    settings, register = ground.settings(f"all{seed}"), Register(f"key {seed}")
    first, later = ground.world(seed)
    for census in (first, first, later):
        name, register = ground.publish(census, register, settings)
        for day in days(census):
            found = read(settings, name, day, tmp_path / "read")
            assert_holds([t for _, of in found for t in of], masked(settings, name))


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


def everything(settings: Settings, name: str, folder: Path) -> list[str]:
    """Whatever can be read of a version, documents and pictures included."""
    day = date(2026, 1, 1)
    texts = [text for text, _ in read(settings, name, day, folder)]
    with opened(settings, name) as con:
        texts += [text for text, _ in pictures(con, FIRST, png=True)]
        texts += [text for text, _ in documents(con, day, folder)]
    return steady(settings, texts)


@pytest.mark.campaign
def test_nothing_tells_a_census_from_the_one_where_masked_figures_are_greatest(
    grounds: dict[int, Ground], tmp_path: Path
) -> None:
    world, ground = one_secret(), grounds[6]
    true = ground.settings("true")
    name, register = ground.publish(world, Register("key"), true)
    found = [t for _, tells in read(true, name, FIRST, tmp_path / "a") for t in tells]
    hidden = masked(true, name)
    assert_holds(found, hidden)
    other = world
    for service in (AM, HOME):
        bounds = [b for b in attacked(found, hidden) if b.service == service]
        other = with_figures(other, service, max(bounds, key=lambda b: b.high).census)
    assert sum(a != b for a, b in zip(world.rows, other.rows, strict=True)) >= 4
    elsewhere = ground.settings("other")
    again, _ = ground.publish(other, register, elsewhere)
    assert masked(elsewhere, again) == hidden
    one, two = everything(true, name, tmp_path / "a"), everything(elsewhere, again, tmp_path / "b")
    assert len(one) == len(two) > 40
    assert [n for n, (a, b) in enumerate(zip(one, two, strict=True)) if a != b] == []


def test_the_intruder_of_the_files_sees_a_figure_that_is_told(
    grounds: dict[int, Ground], tmp_path: Path
) -> None:
    """He is not blind: a gap, a public, a sum of modes of care or an exact total is enough."""
    settings, ground = grounds[6].settings("seen"), grounds[6]
    name, _ = ground.publish(one_secret(), Register("key"), settings)
    hidden = masked(settings, name)
    (code, *_), day = hidden[AM], FIRST
    found = read_some(settings, name, day, tmp_path / "a", 0)
    tells = [t for _, told in found for t in told]
    assert_holds(tells, hidden)
    for leak in (
        Tell("leak", day, AM, code, "gap", 2),
        Tell("leak", day, "rpe", code, "public", 1),
        Tell("leak", day, "accueil_0_2", code, "supply", 4),
    ):
        assert {*of_masked([leak], hidden)} == {leak}
    persons = {r[0]: r[2] or 0 for r in one_secret().rows if r[1] == AM}
    exact = Tell("leak", day, "rpe", "", "public", sum(persons.values()))
    assert any(not b.safe for b in attacked([exact, *tells], hidden))
