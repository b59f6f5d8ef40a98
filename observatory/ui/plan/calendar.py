"""The calendar of the plan: by axis, one bar an action, its steps, today as a line; plain HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import pandas as pd

from observatory.french import dates
from observatory.markup import element, said

STATES = {
    "open": "en cours ou à venir", "done": "réalisée", "late": "en retard", "still": "arrêtée",
}  # fmt: skip
STEPS = {"done": "étape faite", "late": "étape en retard", "open": "étape à faire"}


@dataclass(frozen=True)
class Milestone:
    """One step of an action on its day; ``state``: ``done``, ``late`` or ``open``."""

    day: date
    state: str
    words: str


@dataclass(frozen=True)
class Bar:
    """One action in the calendar: its words, its days (None: not said), how it stands, its steps.

    Attributes
    ----------
    state : str
        ``done``, ``late``, ``open`` or ``still`` (paused, given up).
    """

    axis: str
    title: str
    first: date | None
    last: date | None
    state: str
    words: str
    steps: Sequence[Milestone] = ()


def calendar(bars: Sequence[Bar], today: date, caption: str) -> str:
    """The calendar as HTML; an action without any day keeps its line and says so.

    Parameters
    ----------
    bars : sequence of Bar
        The actions of an axis follow one another.
    caption : str
        What the calendar is of, for those who do not see it.
    """
    days = [d for bar in bars for d in (bar.first, bar.last, *(s.day for s in bar.steps)) if d]
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
    now = element("u", style=f"left:{at(today)}%")
    lines = []
    for axis, own in groupby(bars, key=lambda bar: bar.axis):
        lines.append(_line(said("b", axis), now, "axis"))
        for bar in own:
            start = at(bar.first) if bar.first else 0.0
            end = at(bar.last) if bar.last else 100.0
            drawn = ""
            if bar.first or bar.last:
                open_ = "" if bar.first and bar.last else " unended"
                style = f"left:{start}%;width:{max(end - start, 0.5):.2f}%"
                drawn = element("i", class_=f"{bar.state}{open_}", style=style)
            elif not bar.steps:
                drawn = said("em", "dates non précisées")
            marks = (
                element("s", class_=s.state, style=f"left:{at(s.day)}%", title=s.words)
                for s in bar.steps
            )
            track = drawn + "".join(marks) + now
            late = "late" if bar.state == "late" else None
            lines.append(_line(said("span", bar.title), track, late, bar.words))
    alt = f"{caption} Aujourd'hui : {dates.long_date(today)}. " + " ; ".join(
        f"{bar.title} : {', '.join([bar.words, *(s.words for s in bar.steps)])}" for bar in bars
    )
    edge = "right" if at(today) > 85 else None
    named = said("em", "aujourd'hui", class_=edge, style=f"left:{at(today)}%")
    head = element("div", said("span", ""), element("div", *years, class_="years"), class_="line")
    foot = element("div", said("span", ""), element("div", named, class_="now"), class_="line")
    whole = element("div", head, *lines, foot, role="img", aria_label=f"{alt}.")
    return element("div", whole, _key(bars), class_="obs-calendar")


def _line(title: str, track: str, kind: str | None, words: str | None = None) -> str:
    classes = " ".join(filter(None, ("line", kind)))
    return element("div", title, element("div", track, class_="track"), class_=classes, title=words)


def _key(bars: Sequence[Bar]) -> str:
    """What the signs that are drawn mean."""
    states = [s for s in STATES if any(b.state == s and (b.first or b.last) for b in bars)]
    steps = [s for s in STEPS if any(step.state == s for b in bars for step in b.steps)]
    signs = [element("span", element("i", class_=s), STATES[s]) for s in states]
    signs += [element("span", element("s", class_=s), STEPS[s]) for s in steps]
    return element("div", *signs, class_="key")


def day_of(value: object) -> date | None:
    """A day of a table; None when it is not said."""
    return None if pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]
