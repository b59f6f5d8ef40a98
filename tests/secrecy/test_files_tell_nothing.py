"""An intruder who reads every file and page payload, and no table, learns no masked figure.

Two proofs. He makes constraints of each figure he reads, and his own program says between what each
masked figure may be. And the censuses in which that figure is at its least and at its greatest are
published in their turn: nothing that can be read, to the last letter or pixel, tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from generated import at_every_run, in_campaign
from secret_ground import Ground, days, opened
from secret_holds import assert_holds, at_each_end, attacked, masked, one_secret, steady
from secret_readers import (
    AM,
    Read,
    Tell,
    comparisons,
    documents,
    explanations,
    gap_files,
    map_documents,
    messages,
    of_masked,
    open_data,
    parts,
    pictures,
    projections,
)
from secret_world import FIRST

from observatory.secrecy.register import Register
from observatory.settings import Settings

FILES = ("xlsx", "geojson", "gpkg", "")
"""What is read of gaps each turn beside the CSV; the pictures where it is none."""
MANY = 8
"""Censuses of which the campaign reads all."""


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Ground]:
    return {n: Ground(tmp_path_factory.mktemp(f"ground{n}"), n) for n in (4, 6)}


def read(settings: Settings, name: str, day: date, folder: Path) -> Iterator[Read]:
    """Every file and payload of a version on a day, but the documents and pictures of points."""
    folder.mkdir(exist_ok=True)
    with opened(settings, name) as con:
        yield from gap_files(con, day, folder)
        yield from open_data(con, day, folder)
        yield from parts(con, day)
        yield from pictures(con, day)
        yield from map_documents(con, day)
        yield from messages(con, day)
        yield from explanations(con, day)
        yield from projections(con, day)
        yield from comparisons(con, settings, day)


def read_some(
    settings: Settings, name: str, day: date, folder: Path, turn: int | None
) -> Iterator[Read]:
    """One file that holds every service, and one half of the other kinds each turn, if any."""
    folder.mkdir(exist_ok=True)
    with opened(settings, name) as con:
        yield from gap_files(con, day, folder, ["csv"])
        yield from parts(con, day)
        if turn is None:
            return
        of_turn = FILES[turn // 2 % len(FILES)]
        if turn % 2:  # with what a former version told
            yield from explanations(con, day)
            yield from projections(con, day)
            yield from comparisons(con, settings, day)
        else:
            yield from gap_files(con, day, folder, [of_turn]) if of_turn else pictures(con, day)
            yield from open_data(con, day, folder)
            yield from map_documents(con, day)
            yield from messages(con, day)


# Four communes, whose assistants maternels and places at home are both masked, at every run; what
# explanations, projections and comparisons of the first census tell is read by the campaign.
@pytest.mark.parametrize("seed", at_every_run(1, [1, 0, 2, 3, 6]))
def test_no_file_and_no_page_tells_a_masked_figure(
    grounds: dict[int, Ground], seed: int, tmp_path: Path
) -> None:
    ground = grounds[4 if seed % 2 else 6]
    settings, register = ground.settings(f"some{seed}"), Register(f"key {seed}")
    for n, census in enumerate(ground.world(seed)):
        name, register = ground.publish(census, register, settings)
        turn = seed + n if n or in_campaign() else None
        found = read_some(settings, name, days(census)[-1], tmp_path / "read", turn)
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


def everything(settings: Settings, name: str, folder: Path) -> list[str]:
    """Whatever can be read of a version, documents and pictures included."""
    day = date(2026, 1, 1)
    texts = [text for text, _ in read(settings, name, day, folder)]
    with opened(settings, name) as con:
        texts += [text for text, _ in pictures(con, FIRST, png=True)]
        texts += [text for text, _ in documents(con, day, folder)]
    return steady(settings, texts)


@pytest.mark.campaign
def test_nothing_tells_a_census_from_those_where_masked_figures_are_least_or_greatest(
    grounds: dict[int, Ground], tmp_path: Path
) -> None:
    world, ground = one_secret(), grounds[6]
    true = ground.settings("true")
    name, register = ground.publish(world, Register("key"), true)
    found = [t for _, tells in read(true, name, FIRST, tmp_path / "a") for t in tells]
    hidden = masked(true, name)
    assert_holds(found, hidden)
    one = everything(true, name, tmp_path / "a")
    for n, other in enumerate(at_each_end(world, found, hidden)):
        assert sum(a != b for a, b in zip(world.rows, other.rows, strict=True)) >= 2
        elsewhere = ground.settings(f"other{n}")
        again, _ = ground.publish(other, register, elsewhere)
        assert masked(elsewhere, again) == hidden
        two = everything(elsewhere, again, tmp_path / f"b{n}")
        assert len(one) == len(two) > 40
        assert [n for n, (a, b) in enumerate(zip(one, two, strict=True)) if a != b] == []


@pytest.mark.campaign
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
