"""Stacked bars: one per day, one part per status, in plain HTML."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from observatory.french import dates, numbers
from observatory.markup import element, said, words

ORDER = ("public", "total", "associatif", "prive", "inconnu")
"""Parts of a bar, from the bottom; together with the outline, four different greys in print."""
NAMED_DAYS = 8
CROWD = 72  # characters beyond which only named days bear their total

# The fills are those of the map's symbols; a slate for totals without a status. The outline is
# seen on white and on dark, and the ground is a grey between the two: neither a white nor a black
# part is ever the colour of the page.


def show_stacks(
    places: pd.DataFrame,
    statuses: Mapping[str, str],
    *,
    unit: str,
    decimals: int,
    alt: str,
) -> None:
    """Draw one bar per day, one part per status.

    Parameters
    ----------
    places : DataFrame
        day (date), status, amount (in ``unit``, never negative); one row per day × status.
    statuses : mapping
        Words of each status.
    alt : str
        What the figure shows, for those who do not see it.
    """
    parts = [s for s in ORDER if s in set(places["status"])]
    wide = places.pivot_table(index="day", columns="status", values="amount", aggfunc="sum")
    amounts = {day: [float(line[s]) for s in parts] for day, line in wide.fillna(0.0).iterrows()}
    days: list[date] = sorted(amounts)  # type: ignore[arg-type]
    named = named_days(days)
    step, top = scale(max(sum(a) for a in amounts.values()))
    bars, feet = [], []
    for day in days:
        figures = amounts[day]
        mark = "named" if day in named else ""
        each = ", ".join(
            f"{statuses[s].lower()} {numbers.number(v, decimals)}"
            for s, v in zip(parts, figures, strict=True)
        )
        total = numbers.number(sum(figures), decimals)
        title = f"Au {dates.long_date(day)} : {total} {unit} ({each})"
        stack = (
            element("i", class_=s, style=f"height:{100 * v / top:.3f}%")
            for s, v in reversed(list(zip(parts, figures, strict=True)))
            if v
        )
        kind = f"bar {mark}".strip()
        bars.append(element("div", said("b", total), *stack, class_=kind, title=title))
        year = said("span", str(day.year)) if mark else ""
        feet.append(element("div", said("span", _short(day)), year, class_=mark))
    ticks = (
        element(
            "div",
            said("span", numbers.short_number(n * step)),
            class_="tick",
            style=f"bottom:{100 * n * step / top:.3f}%",
        )
        for n in range(math.floor(top / step + 1e-9) + 1)
    )
    legend = (element("span", element("i", class_=s), words(statuses[s])) for s in reversed(parts))
    longest = max(len(numbers.number(sum(a), decimals)) for a in amounts.values())
    crowd = " crowd" if len(days) * longest > CROWD else ""
    field = element("div", *ticks, element("div", *bars, class_="bars"), class_="field")
    st.html(
        element(
            "figure",
            element("div", *legend, class_="key"),
            element("div", field, class_="plot"),
            element("div", *feet, class_="days"),
            class_=f"obs-stacks{crowd}",
            role="img",
            aria_label=alt,
        )
    )


def scale(greatest: float) -> tuple[float, float]:
    """The step of the ticks (1, 2 or 5 × a power of ten, five steps at most) and the top."""
    if greatest <= 0:
        return 1.0, 1.0
    power = 10.0 ** math.floor(math.log10(greatest / 5))
    step = next(f * power for f in (1, 2, 5, 10) if f * power * 5 >= greatest * (1 - 1e-9))
    return step, max(greatest, step)


def named_days(days: Sequence[date]) -> set[date]:
    """The days that bear their year and, in a narrow room, the only ones that bear a total."""
    ends = [d for d in days if (d.month, d.day) == (12, 31)] or [days[0], days[-1]]
    return set(ends[:: math.ceil(len(ends) / NAMED_DAYS)])


def _short(day: date) -> str:
    """``déc.`` for the last day of a month, ``14/03`` for another."""
    ends_month = (day + timedelta(days=1)).day == 1
    return dates.short_month(day) if ends_month else dates.day_and_month(day)
