"""A load of a plan stopped on its way: the plan before or the new one, whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from observatory.plan import plan_store
from tests.stopped import Bench, broken

LOAD = ["plan", "load", "plan.csv", "--no-refresh"]
MOST = 40  # operations on files that such a load begins at most


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("stopped")) as one:
        yield one


@pytest.mark.campaign
@pytest.mark.parametrize("how", ["KILL", "full"])
def test_a_load_stopped_at_any_operation_leaves_one_whole_plan(bench: Bench, how: str) -> None:
    first, seen = bench.copy(), set()
    (ran,) = bench.run(first, [LOAD])
    assert ran.status == 0, ran.said
    loaded = plan_store.read(first / "census")
    assert 5 < ran.begun < MOST
    for at in range(1, ran.begun + 1):
        place = bench.copy()
        (stopped,) = bench.run(place, [LOAD], {"how": how, "at": at})
        found = plan_store.read(place / "census")
        assert found in ({}, loaded), at
        assert broken(place, stopped) == [], at
        seen.add(bool(found))
        bench.forget(place)
    assert False in seen


@pytest.mark.campaign
def test_two_loads_at_once_are_one_after_the_other(bench: Bench) -> None:
    place = bench.copy()
    ran = bench.run(place, [LOAD, LOAD])
    assert [one.status for one in ran] == [0, 0], [one.said for one in ran]
    assert len(plan_store.plan_store(place / "census").history()) == 1
    assert broken(place) == []
