"""An intruder who subtracts one page from another, over dates and selections, learns nothing.

The pages are run as a visitor without a role finds them. What their tables and heads tell goes to
the intruder of the files; and a census whose masked figures are others sends the same pages, files
that they offer included, to the last letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from secret_ground import Ground, days, opened
from secret_holds import assert_holds, at_each_end, attacked, masked, one_secret, steady
from secret_pages import Asked, every_page, few_pages, pages
from secret_readers import AM, Tell, gap_files, of_masked

from observatory.secrecy.register import Register
from observatory.settings import Settings

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("ground"), 6)


def in_files(settings: Settings, name: str, folder: Path) -> list[Tell]:
    """What the table of every service tells of each commune: the pages are read beside it."""
    folder.mkdir(exist_ok=True)
    with opened(settings, name) as con:
        return [t for _, told in gap_files(con, DAY, folder, ["csv"]) for t in told]


def held_and_alike(ground: Ground, folder: Path, asked: list[Asked], ends: slice) -> None:
    """Nothing is told by the pages of a census, nor tells it from those with other figures."""
    world, true = one_secret(), ground.settings(f"true{len(asked)}")
    name, register = ground.publish(world, Register("key"), true)
    hidden = masked(true, name)
    read = list(pages(true, iter(asked)))
    beside = in_files(true, name, folder / "a")
    told = [t for _, tells in read for t in tells]
    assert {t.where for t in told if "+" in t.code}  # sums of selections were read
    assert any("Les communes qui bougent" in text for text, _ in read)  # scenarios too
    assert_holds([*beside, *told], hidden)
    first = steady(true, [text for text, _ in read])
    for n, other in list(enumerate(at_each_end(world, [*beside, *told], hidden)))[ends]:
        elsewhere = ground.settings(f"other{len(asked)}-{n}")
        again, _ = ground.publish(other, register, elsewhere)
        assert masked(elsewhere, again) == hidden
        second = steady(elsewhere, [text for text, _ in pages(elsewhere, iter(asked))])
        assert [a for a, x, y in zip(asked, first, second, strict=True) if x != y] == []


@pytest.mark.campaign
def test_pages_and_selections_that_differ_by_a_commune_tell_no_masked_figure(
    ground: Ground, tmp_path: Path
) -> None:
    held_and_alike(ground, tmp_path, list(few_pages(ground.codes, DAY)), slice(1, 2))


@pytest.mark.campaign
def test_no_page_of_any_service_with_any_selection_tells_a_masked_figure(
    ground: Ground, tmp_path: Path
) -> None:
    held_and_alike(ground, tmp_path, list(every_page(ground.codes, DAY)), slice(None))


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [0, 2, 6])
def test_nor_do_the_pages_of_many_dates_and_two_versions(
    ground: Ground, seed: int, tmp_path: Path
) -> None:
    settings, register = ground.settings(f"dated{seed}"), Register(f"key {seed}")
    for census in ground.world(seed):
        name, register = ground.publish(census, register, settings)
        hidden = masked(settings, name)
        for day in days(census):
            asked: Iterator[Asked] = chain(few_pages(ground.codes, day))
            told = [t for _, tells in pages(settings, asked) for t in tells]
            with opened(settings, name) as con:
                (tmp_path / "a").mkdir(exist_ok=True)
                files = gap_files(con, day, tmp_path / "a", ["csv"])
                told += [t for _, tells in files for t in tells]
            assert_holds(told, hidden)


def test_the_intruder_of_the_pages_sees_a_selection_that_tells(
    ground: Ground, tmp_path: Path
) -> None:
    """He is not blind: the sum of a selection that holds a masked commune would be enough."""
    settings = ground.settings("seen")
    name, _ = ground.publish(one_secret(), Register("key"), settings)
    hidden, beside = masked(settings, name), in_files(settings, name, tmp_path)
    shown = {t.code: t.value for t in beside if (t.service, t.what) == ("rpe", "public")}
    (other, persons), (code, *_) = next(i for i in shown.items() if i[0]), hidden[AM]
    leak = Tell("a selection", DAY, "rpe", f"{other}+{code}", "public", persons + 1)
    assert of_masked([leak], hidden) == [leak]
    assert any(not b.safe for b in attacked([leak, *beside], hidden))
