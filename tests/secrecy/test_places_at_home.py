"""Places at home are estimates: whoever takes them for whole numbers finds no more than anyone."""

from __future__ import annotations

import itertools

from secret_world import FIRST, HOME, Row, World, mask

from observatory.secrecy.mask_audit import audit, unsafe
from observatory.secrecy.register import Register

PLACES = {"62001": 25.0, "62002": 1.0, "62003": 2.0, "62004": 2.0, "62005": 40.0}


def tried(rest: float, communes: int, below: int) -> tuple[int, int]:
    """Bounds of one of some communes by trying every whole number of places, by the rule."""
    found = [
        one[0]
        for one in itertools.product([n for n in range(1, 40) if n != below], repeat=communes)
        if rest - 2 <= sum(one) <= rest + 2 and min(one) < below
    ]
    return min(found), max(found)


def test_whole_places_at_home_leave_the_room_that_the_rule_asks_for() -> None:
    """Five places in three communes: with halves one could have six, in whole numbers four."""
    assert tried(5, 3, 5) == (1, 4)
    rows: list[Row] = [(code, HOME, None, n, FIRST) for code, n in PLACES.items()]
    published, register = mask(World(tuple(PLACES), tuple(rows)), Register("a key of the tests"))
    assert published.hidden(HOME) > {"62002", "62003", "62004"}
    assert register.cells("companion")
    assert not unsafe(audit(published))
    (total,) = published.totals[HOME]
    hidden = published.hidden(HOME)
    shown = sum(n for code, n in PLACES.items() if code not in hidden)
    assert total.figures[1] is not None
    low, high = tried(total.figures[1] - 5 * ((shown + 2.5) // 5), len(hidden), 5)
    assert low == 1
    assert high >= 6
