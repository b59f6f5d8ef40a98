"""Small curve in plain HTML: from a baseline, through what was seen, to a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from observatory.markup import element, said

EDGE = 14.0  # per cent of the width within which a label would leave the chart
THICK = 1  # pixels above and below a line
YEARS_NAMED = 6


@dataclass(frozen=True)
class CoursePoint:
    """A value on a day; None is masked or unknown, and stops the line.

    Attributes
    ----------
    broken : bool
        Computed by another method than the value before: no line joins the two.
    """

    day: date
    value: float | None
    broken: bool = False


def course(
    title: str,
    points: Sequence[CoursePoint],
    target: CoursePoint | None,
    alt: str,
    write: Callable[[float], str],
    foot: str = "",
) -> str:
    """The curve as HTML; nothing with fewer than two values to join.

    Parameters
    ----------
    points : sequence of CoursePoint
        The baseline and what was seen since, oldest first.
    target : CoursePoint, optional
        Where it is to be on its day.
    alt : str
        What the figure shows, for those who do not see it.
    write : callable
        A value as it reads.
    foot : str
        Where the indicator stands, in words.
    """
    known = [p for p in points if p.value is not None]
    aims = [target] if target and target.value is not None else []
    if not known or len({p.day for p in [*known, *aims]}) < 2:
        return ""
    days = [p.day for p in [*points, *aims]]
    values = [p.value for p in [*known, *aims] if p.value is not None]
    first, days_long = min(days), (max(days) - min(days)).days
    low, high = min(values), max(values)

    def across(day: date) -> float:
        return 100 * (day - first).days / days_long

    def down(value: float) -> float:
        return 100 * (high - value) / (high - low) if high > low else 50.0

    def place(point: CoursePoint) -> tuple[float, float]:
        assert point.value is not None
        return across(point.day), down(point.value)

    last = known[-1]
    drawn = [_line([place(p) for p in run], "line") for run in _runs(points) if len(run) > 1]
    drawn += [_line([place(last), place(t)], "way") for t in aims if t.day > last.day]
    drawn += [
        element("u", style=f"left:{across(p.day):.2f}%", class_="break") for p in points if p.broken
    ]
    drawn += [_dot(place(p), "dot") for p in known]
    drawn += [_dot(place(t), "target") for t in aims]
    # Where it goes up the aim reads above and today's value below; the reverse where it goes down.
    rises = not aims or down(aims[0].value or 0.0) <= down(last.value or 0.0)
    labels = [(last, "b", not rises)]
    labels += [(t, "em", rises) for t in aims]
    if known[0] is not last:
        labels.append((known[0], "span", rises))
    drawn += [
        said(
            name,
            write(p.value or 0.0),
            class_=_side(across(p.day), above=above),
            style=_at(place(p)),
        )
        for p, name, above in labels
    ]
    return element(
        "figure",
        said("figcaption", title),
        element(
            "div",
            element("div", *drawn, class_="plot"),
            element("div", *_years(first, max(days), across), class_="feet"),
            role="img",
            aria_label=alt,
        ),
        said("p", foot, class_="obs-small") if foot else "",
        class_="obs-course",
    )


def _runs(points: Sequence[CoursePoint]) -> list[list[CoursePoint]]:
    """The values that a line may join."""
    runs: list[list[CoursePoint]] = [[]]
    for point in points:
        if point.broken or point.value is None:
            runs.append([])
        if point.value is not None:
            runs[-1].append(point)
    return runs


def _at(place: tuple[float, float]) -> str:
    return f"left:{place[0]:.2f}%;top:{place[1]:.2f}%"


def _dot(place: tuple[float, float], kind: str) -> str:
    return element("i", class_=kind, style=_at(place))


def _line(places: Sequence[tuple[float, float]], kind: str) -> str:
    """A line as the outline of a thin strip: there and back."""

    def corner(x: float, y: float, off: int) -> str:
        return f"{x:.2f}% calc({y:.2f}% + {off}px)"

    there = [corner(x, y, -THICK) for x, y in places]
    back = [corner(x, y, THICK) for x, y in reversed(places)]
    return element("i", class_=kind, style=f"clip-path:polygon({','.join([*there, *back])})")


def _side(across: float, *, above: bool) -> str:
    edge = " left" if across < EDGE else " right" if across > 100 - EDGE else ""
    return ("above" if above else "below") + edge


def _years(first: date, last: date, across: Callable[[date], float]) -> list[str]:
    """The years that begin within the chart; its two days where none does."""
    years = range(first.year + 1, last.year + 1)
    step = -(-len(years) // YEARS_NAMED) or 1
    found = [
        said("span", str(y), style=f"left:{across(date(y, 1, 1)):.2f}%") for y in years[::step]
    ]
    return found or [said("span", str(first.year), style="left:0%")]
