"""Commands stopped in the middle: the short part of ``make campaign NAME=kills``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign.kills import COMMANDS, Command, try_stop
from tests.generated import at_every_run
from tests.stopped import Bench, Tally, broken
from tests.tiny import SIREN

BY_NAME = {" ".join(c.argv): c for c in COMMANDS}
# Where it hurts: the last operations of a change, and a few on the way there.
STOPS = (
    ("census load two.csv --complete --no-refresh", (("TERM", 12), ("full", 14), ("KILL", 17))),
    ("export gaps --service rpe --out e.csv", (("KILL", 9), ("full", 5), ("full-for-good", 13))),
    ("convention load convention.toml", (("KILL", 10), ("full", 12), ("full-for-good", 14))),
    ("census template --out t.csv", (("KILL", 10), ("KILL", 18), ("full", 17), ("TERM", 19))),
    ("static", (("KILL", 9), ("full", 20), ("full-for-good", 61))),
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("stopped")) as one:
        yield one


@pytest.mark.campaign
@pytest.mark.parametrize(("name", "stops"), at_every_run(1, STOPS))
def test_a_command_stopped_on_its_way_leaves_all_whole(
    bench: Bench, name: str, stops: tuple[tuple[str, int], ...]
) -> None:
    tally = Tally()
    ran = [
        try_stop(bench, BY_NAME[name], {"how": how, "at": at}, tally, again=False)
        for how, at in stops
    ]
    assert (tally.failures, tally.lost) == ([], [])
    assert tally.tried == len(stops)
    reached = [one.status < 0 or one.begun >= at for one, (_, at) in zip(ran, stops, strict=True)]
    assert all(reached), "each of the operations was begun"


@pytest.mark.parametrize("stop", [{"how": "TERM", "after": 0.4}, {"how": "full", "largest": 9_999}])
def test_a_load_that_cannot_publish_is_taken_back(bench: Bench, stop: dict[str, object]) -> None:
    tally = Tally()
    command = Command(("census", "load", "two.csv"), frozenset({"TROIS"}))
    assert try_stop(bench, command, stop, tally, again=False).status
    assert (tally.failures, tally.lost) == ([], [])


@pytest.mark.campaign
def test_a_refresh_killed_as_it_publishes_is_followed_by_one_that_works(bench: Bench) -> None:
    tally = Tally()
    refresh = Command(("refresh", "--territory", SIREN))
    assert try_stop(bench, refresh, {"how": "KILL", "at": 20}, tally, again=True).status
    assert (tally.failures, tally.lost) == ([], [])


def test_what_stops_a_command_is_seen(bench: Bench, tmp_path: Path) -> None:
    """The looking itself: a file that is cut, a census that is not there any more."""
    place = bench.copy()
    (place / "e.csv").write_text("cut in the mid")
    (place / "census" / "HEAD").unlink()
    tally = Tally()
    told = broken(place)
    assert any("e.csv" in line for line in told)
    assert any("HEAD" in line for line in told)
    assert str(tally) == "0 tried, 0 failures, 0 lost"
