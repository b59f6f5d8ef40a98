"""The calendar of the plan: one bar an action, the years above, today as a line; plain HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from observatory.french import dates
from observatory.markup import element, said


@dataclass(frozen=True)
class Bar:
    """One action in the calendar: its words, its days (None: not said), how it stands.

    Attributes
    ----------
    state : str
        ``done``, ``late``, ``open`` or ``still`` (paused, given up).
    """

    title: str
    first: date | None
    last: date | None
    state: str
    words: str


def calendar(bars: Sequence[Bar], today: date, caption: str) -> str:
    """The calendar as HTML; an action without any day keeps its line and says so.

    Parameters
    ----------
    caption : str
        What the calendar is of, for those who do not see it.
    """
    days = [d for bar in bars for d in (bar.first, bar.last) if d]
    if not days:
        return ""
    first = date(min([*days, today]).year, 1, 1)
    last = date(max([*days, today]).year, 12, 31)
    span = (last - first).days + 1

    def at(day: date) -> float:
        return round(100 * (day - first).days / span, 2)

    years = (
        said("span", str(year), style=f"left:{at(date(year, 1, 1))}%")
        for year in range(first.year, last.year + 1)
    )
    lines = []
    for bar in bars:
        start = at(bar.first) if bar.first else 0.0
        end = at(bar.last) if bar.last else 100.0
        known = bar.first or bar.last
        open_ = "" if bar.first and bar.last else " open"
        drawn = (
            element(
                "i",
                class_=f"{bar.state}{open_}",
                style=f"left:{start}%;width:{max(end - start, 0.5):.2f}%",
            )
            if known
            else said("em", "dates non précisées")
        )
        track = element("div", drawn, element("u", style=f"left:{at(today)}%"), class_="track")
        lines.append(element("div", said("span", bar.title), track, class_="line", title=bar.words))
    alt = f"{caption} Aujourd'hui : {dates.long_date(today)}. " + " ; ".join(
        f"{bar.title} : {bar.words}" for bar in bars
    )
    head = element("div", said("span", ""), element("div", *years, class_="years"), class_="line")
    return element("figure", head, *lines, class_="obs-calendar", role="img", aria_label=f"{alt}.")


def day_of(value: object) -> date | None:
    """A day of a table; None when it is not said."""
    return None if pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]
