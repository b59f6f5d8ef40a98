"""What stands beside a map, in the same component: where it lacks most, and a line of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pandas as pd

from observatory.french import dates, numbers
from observatory.french.balance import singular
from observatory.maps.view import View
from observatory.report.openings import CLOSED, OPENED, moved_words
from observatory.ui.map.answer import MapAnswer
from observatory.ui.messages import MovesMessage, ShortfallsMessage, StopsMessage
from observatory.ui.shell.loader import digest, written

KINDS = (OPENED, CLOSED)


@dataclass(frozen=True)
class Timeline:
    """The days that a line of dates stops at, and the one in view among them."""

    days: tuple[date, ...]
    at: date

    @property
    def stop(self) -> int:
        """Place of the day in view."""
        return self.days.index(self.at)

    def message(self) -> StopsMessage:
        """What the browser is sent once: the stops, whatever the day in view."""
        return _stops(self.days)


@lru_cache(maxsize=30)
def _stops(days: tuple[date, ...]) -> StopsMessage:
    told: StopsMessage = {
        "days": [day.isoformat() for day in days],
        "words": [dates.long_date(day) for day in days],
    }
    told["digest"] = digest(written(told))
    return told


@dataclass(frozen=True)
class BesideMap:
    """What stands beside a map.

    Attributes
    ----------
    shortfalls : ShortfallsMessage or None
        The communes that lack most.
    timeline : Timeline
        The line of dates.
    moves : MovesMessage or None
        What opened and closed between two of its stops.
    """

    shortfalls: ShortfallsMessage | None
    timeline: Timeline
    moves: MovesMessage | None = None


def moves_told(days: Sequence[date], movements: pd.DataFrame) -> MovesMessage | None:
    """What opened and closed between the stops of a line of dates; None where nothing did.

    Parameters
    ----------
    days : sequence of date
        The stops, in order.
    movements : DataFrame
        Given by `observatory.answers.deployment.movements`, for the service in view.
    """
    kept = movements[movements["kind"].isin(KINDS)].drop_duplicates(["id", "day", "kind"])
    stops = pd.Index(pd.to_datetime(list(days)))
    # A movement belongs to the first stop that shows it.
    place = stops.searchsorted(pd.to_datetime(kept["day"]), side="left")
    kept = kept.assign(place=place)[(place > 0) & (place < len(stops))]
    if kept.empty:
        return None
    told: MovesMessage = {"at": [], "opened": [], "closed": [], "words": []}
    for at in sorted(set(kept["place"].tolist())):
        moved = kept[kept["place"] == at]
        told["at"].append(at)
        for name, kind in zip(("opened", "closed"), KINDS, strict=True):
            told[name].append(int((moved["kind"] == kind).sum()))  # type: ignore[literal-required]
        told["words"].append(moved_words(moved))
    told["digest"] = digest(written(told))
    return told


def timeline(days: Sequence[date], as_of: date) -> Timeline:
    """A line of dates: today and the day in view are stops too, so that it shows no other day."""
    return Timeline(tuple(sorted({*days, dates.today(), as_of})), as_of)


def shortfalls_told(view: View, answer: MapAnswer) -> ShortfallsMessage | None:
    """The communes that lack most, for the browser; None when none is asked."""
    found = answer.shortfalls
    if found is None:
        return None
    unit, decimals = view.service.unit, view.service.decimals
    return {
        "codes": [code for code, _, _ in found],
        "names": [str(name) for _, name, _ in found],
        "amounts": [numbers.quantity(-gap, singular(unit), unit, decimals) for *_, gap in found],
    }
