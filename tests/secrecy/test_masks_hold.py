"""What is masked stays so: unchanged data, new dates, new versions, and an intruder at each."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from generated import at_every_run, in_campaign
from secret_world import AM, FIRST, HOME, Row, World, made_up, mask, open_world, revised, totals

from observatory.knowledge.secrecy import secrecy_rules
from observatory.secrecy import register as registers
from observatory.secrecy.intruder import Group, Sum, System, bounds
from observatory.secrecy.mask_audit import audit, unsafe
from observatory.secrecy.published import Published
from observatory.secrecy.register import Register

KEY = Register("a key of the tests")
MONTAUBAN = [f"82{n:03}" for n in range(12)]


def montauban() -> World:
    """Twelve communes: one person, two persons, then 6 to 150."""
    sizes = (1, 2, 6, 8, 12, 15, 20, 30, 45, 60, 90, 150)
    counts = {c: [(n, 3 * n)] for c, n in zip(MONTAUBAN, sizes, strict=True)}
    return World(tuple(MONTAUBAN), tuple(totals(counts)))


@pytest.mark.campaign
def test_twenty_refreshes_of_the_same_figures_have_the_same_masks() -> None:
    kept: list[Published] = []
    register, seen = KEY, set()
    for n in range(20):
        published, register = mask(montauban(), register, kept[-5:], f"v{n}")
        kept.append(published)
        seen.add(published.masked)
    assert len(seen) == 1
    assert seen.pop() >= {(MONTAUBAN[0], AM), (MONTAUBAN[1], AM)}
    assert len(register.masks) < 4


def test_without_a_register_the_masks_of_the_kept_versions_do_not_grow() -> None:
    published, _ = mask(montauban(), KEY)
    again, register = mask(montauban(), Register("another key"), [published])
    assert again.masked == published.masked
    assert register.cells("primary") == {(MONTAUBAN[0], AM), (MONTAUBAN[1], AM)}


FOUR = ("62004", "62007", "62013", "62290")


def small_world(last: int, more: tuple[Row, ...] = ()) -> World:
    """Twenty, five and ten persons, and a fourth commune of ``last`` persons."""
    counts = {"62004": [(20, 60)], "62007": [(5, 15)], "62013": [(10, 30)]}
    return World(FOUR, (*totals({**counts, "62290": [(last, 4 * last)]}), *more))


def test_a_second_version_tells_nothing_more_of_what_it_masks() -> None:
    first, register = mask(small_world(0), KEY, (), "first")
    assert first.told("62290", AM, FIRST) == (0, 0)
    second, register = mask(small_world(1), register, [first], "second")
    assert ("62290", AM) in second.masked
    assert not unsafe(audit(second, [first]))
    one = next(t for t in first.totals[AM])
    for other in second.totals[AM]:  # no subtraction gives one person
        assert other.figures[0] is None or abs(other.figures[0] - one.figures[0]) != 1  # type: ignore[operator]


def test_no_date_moves_by_a_masked_commune_alone() -> None:
    later: Row = ("62290", AM, 1, 4, date(2025, 3, 1))
    published, _ = mask(small_world(0, (later,)), KEY)
    assert ("62290", AM) in published.masked
    assert {t.day for t in published.totals[AM]} == {FIRST}
    con = open_world(small_world(0, (later,)))
    with con:
        from pipelines.masks import decide

        decide(con, KEY, (), lambda line: None)
        rows = con.execute(
            "SELECT valid_from, valid_to, headcount, places, source, source_date "
            "FROM commune_total WHERE code = '62290'"
        ).fetchall()
    assert rows == [(FIRST, None, None, None, None, None)]


def test_a_total_that_holds_masked_communes_is_rounded_and_says_so() -> None:
    published, _ = mask(montauban(), KEY)
    (total,) = published.totals[AM]
    assert total.rounded
    headcount, places = total.figures
    assert headcount is not None
    assert places is not None
    assert headcount % 5 == places % 5 == 0
    assert abs(headcount - 439) <= 4
    assert abs(places - 3 * 439) <= 4


def test_open_communes_that_move_never_narrow_the_masked_ones() -> None:
    """Rounding the whole total would give its exact sum away after five dates."""
    counts = {c: [(n, 3 * n)] for c, n in zip(FOUR, (1, 2, 7, 9), strict=True)}
    rests = set()
    for step in range(10):
        counts["62290"] = [(9 + step, 3 * (9 + step))]
        published, _ = mask(World(FOUR, tuple(totals(counts))), KEY)
        (total,) = published.totals[AM]
        shown = sum(published.told(c, AM, FIRST)[0] for c in FOUR[2:])  # type: ignore[index, misc]
        rests.add(total.figures[0] - 5 * ((shown + 2) // 5))  # type: ignore[operator]
    assert rests == {5.0}


def test_a_lone_commune_of_one_person_is_not_published_at_all() -> None:
    published, register = mask(World(("62290",), tuple(totals({"62290": [(1, 4)]}))), KEY)
    assert not published.open
    assert not published.masked
    assert register.cells("service") == {("", AM)}


@pytest.mark.parametrize(
    ("source", "persons", "hidden"),
    [("Enquête", 3, False), ("Caf", 3, True), ("Cnaf 2024", 4, True), ("Caf", 5, False)],
)
def test_each_source_has_its_own_threshold(source: str, persons: int, hidden: bool) -> None:
    counts = {**{c: [(30, 90)] for c in FOUR[:3]}, FOUR[3]: [(persons, 3 * persons)]}
    published, _ = mask(replace(World(FOUR, tuple(totals(counts))), source=source), KEY)
    assert ((FOUR[3], AM) in published.masked) is hidden


@pytest.mark.parametrize(("places", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_places_at_home_are_masked(places: int, hidden: bool) -> None:
    rows = [(c, HOME, None, 20.0, FIRST) for c in FOUR[:3]]
    published, _ = mask(World(FOUR, (*rows, (FOUR[3], HOME, None, places, FIRST))), KEY)
    assert ((FOUR[3], HOME) in published.masked) is hidden


@pytest.mark.parametrize(
    ("headcount", "places", "hidden"), [(0, 4, True), (None, 12, True), (None, 13, False)]
)
def test_a_mask_does_not_trust_one_column(headcount: int | None, places: int, hidden: bool) -> None:
    rows = totals({c: [(20, 60)] for c in FOUR[:3]})
    published, _ = mask(World(FOUR, (*rows, (FOUR[3], AM, headcount, places, FIRST))), KEY)
    assert ((FOUR[3], AM) in published.masked) is hidden


def test_companions_are_drawn_with_the_key_among_the_large_enough() -> None:
    counts = {f"62{n:03}": [(n, 3 * n)] for n in (1, *range(5, 25))}
    drawn = set()
    for n in range(12 if in_campaign() else 6):
        register = Register(f"key {n}")
        _, register = mask(World(tuple(counts), tuple(totals(counts))), register)
        companions = register.cells("companion")
        assert len(companions) == 1
        drawn |= companions
    assert len(drawn) > 3


def test_a_companion_is_added_only_where_the_audit_asks_for_it() -> None:
    two_and_one = {"62001": [(1, 4)], "62002": [(2, 6)], "62003": [(30, 90)], "62004": [(9, 27)]}
    _, register = mask(World(tuple(two_and_one), tuple(totals(two_and_one))), KEY)
    assert not register.cells("companion")  # 3 to 7 persons in two communes: either has room
    ones = {**two_and_one, "62002": [(1, 3)]}
    _, register = mask(World(tuple(ones), tuple(totals(ones))), KEY)
    assert len(register.cells("companion")) == 1  # 0 to 2 persons in two communes: one each


def test_a_mask_goes_by_an_explicit_act_alone() -> None:
    published, register = mask(small_world(1), KEY)
    grown, register = mask(small_world(12), register, [published])
    assert ("62290", AM) in grown.masked
    lifted = register.lift("62290", AM)
    after, register = mask(small_world(12), lifted, [published, grown])
    assert ("62290", AM) not in after.masked
    assert ("62290", AM) not in mask(small_world(12), register, [published, after])[0].masked


def test_the_register_is_read_by_its_owner_alone_and_keeps_what_it_says(tmp_path: Path) -> None:
    _, register = mask(small_world(1), registers.new_register())
    registers.write(tmp_path, register)
    path = tmp_path / registers.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert registers.read(tmp_path) == register
    assert registers.read(tmp_path / "nowhere") is None


# --- the intruder himself


def enumerated(system: System) -> tuple[float, float] | None:
    """The bounds by trying every whole figure: slow, and without a solver."""
    (group,) = system.groups
    values = []
    ceiling = int(system.sums[0].most)
    for persons in itertools.product(range(ceiling + 1), repeat=group.count):
        small = [1 <= n < system.threshold for n in persons]
        if not any(small) or not all(
            s or n > system.threshold for s, n in zip(small, persons, strict=True)
        ):
            continue
        whole = sum(persons)
        first, second = system.sums
        if not first.least <= whole <= first.most:
            continue
        if whole > second.most or whole * system.most_places < second.least:
            continue
        values.append(persons[0])
    return (min(values), max(values)) if values else None


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("middle", [0, 5, 10, 15])
@pytest.mark.parametrize("places", [5, 20, 45])
def test_the_solver_finds_what_every_whole_figure_tried_finds(
    count: int, middle: int, places: int
) -> None:
    system = System(
        (Group(count, (0, 1)),),
        (Sum("headcount", max(0, middle - 2), middle + 2), Sum("places", places - 2, places + 2)),
        3, True, True, secrecy_rules().most_places, 5.0,
    )  # fmt: skip
    assert bounds(system, 0) == enumerated(system)


def test_the_intruder_sees_through_an_exact_total() -> None:
    """He is not blind: were the total exact and the companion known, he would find the person."""
    published, _ = mask(small_world(1), KEY)
    (total,) = published.totals[AM]
    naked = replace(
        published,
        masked=frozenset({("62290", AM)}),
        open={**published.open, **{(c, AM): ((FIRST, f),) for c, f in
              {"62004": (20.0, 60.0), "62007": (5.0, 15.0), "62013": (10.0, 30.0)}.items()}},
        totals={AM: (replace(total, figures=(36.0, 109.0), rounded=False),)},
    )  # fmt: skip
    found = unsafe(audit(naked))
    assert {(f.code, f.low, f.high) for f in found if f.low == f.high} == {("62290", 1, 1)}


# One commune, a service withheld, a companion or none, a threshold of the Caf, 46 communes.
@pytest.mark.parametrize("seed", at_every_run(8, [10, 11, 4, 3, 8, 2, 0, 1, 7, 9, 5, 6]))
def test_made_up_censuses_hold_against_the_intruder(seed: int) -> None:
    draw = random.Random(seed)
    world = made_up(draw)
    register, kept = Register(f"key {seed}"), list[Published]()
    for census in (world, world, revised(world, draw)):
        published, register = mask(census, register, kept, str(len(kept)))
        assert not unsafe(audit(published, kept))
        kept.append(published)
    assert kept[0].masked == kept[1].masked
