"""Stacked bars: one per day, one part per status, in plain HTML."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

import pandas as pd
import streamlit as st

from observatory.french import dates, numbers

ORDER = ("public", "total", "associatif", "prive", "inconnu")
"""Parts of a bar, from the bottom; together with the outline, four different greys in print."""
NAMED_DAYS = 8
CROWD = 72  # characters beyond which only named days bear their total

# The fills are those of the map's symbols; a slate for totals without a status. The outline is
# seen on white and on dark, and the ground is a grey between the two: neither a white nor a black
# part is ever the colour of the page.
STYLE = """
<style>
.obs-stacks { margin: 0; font-size: var(--observatory-small); line-height: 1.3;
  container-type: inline-size; }
.obs-stacks .key { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-bottom: 0.5rem; }
.obs-stacks .key span { display: flex; align-items: center; gap: 0.5rem; }
.obs-stacks .key i { width: 1rem; height: 1rem; }
.obs-stacks i { display: block; box-sizing: border-box; border: 1px solid #7d8794;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.obs-stacks .public { background: #12161c; }
.obs-stacks .total { background: #5f6b7a; }
.obs-stacks .associatif { background: #f2b01e; }
.obs-stacks .prive { background: #fff; }
.obs-stacks .inconnu { background: repeating-linear-gradient(45deg, #fff 0 3px, #7d8794 3px 5px); }
.obs-stacks .plot { position: relative; height: 18rem; box-sizing: border-box;
  margin: 0 0.5rem 0 3.5rem; padding-top: 1.5rem;
  background: color-mix(in srgb, currentColor 20%, transparent); }
.obs-stacks .tick { position: absolute; left: 0; right: 0;
  border-top: 1px solid color-mix(in srgb, currentColor 16%, transparent); }
.obs-stacks .tick span { position: absolute; right: 100%; width: 3.25rem; padding-right: 0.5rem;
  transform: translateY(-50%); text-align: right; font-variant-numeric: tabular-nums; }
.obs-stacks .field { position: relative; height: 100%; }
.obs-stacks .bars { position: absolute; inset: 0; display: flex; }
.obs-stacks .bar { flex: 1; min-width: 0; display: flex; flex-direction: column;
  justify-content: flex-end; align-items: center; }
.obs-stacks .bar:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
.obs-stacks .bar i { width: 75%; flex: none; }
.obs-stacks .bar i + i { border-top: 0; }
.obs-stacks .bar b { font-weight: 600; white-space: nowrap; font-variant-numeric: tabular-nums; }
.obs-stacks .days { display: flex; margin: 0 0.5rem 0 3.5rem; min-height: 2.25rem;
  padding-top: 0.25rem; }
.obs-stacks .days div { flex: 1; min-width: 0; display: flex; flex-direction: column;
  align-items: center; white-space: nowrap; }
.obs-stacks.crowd :is(.bar:not(.named) b, .days div:not(.named) span) { display: none; }
@container (max-width: 600px) {
  .bar:not(.named) b, .days div:not(.named) span { display: none; }
}
</style>
"""


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
    bars, words = [], []
    for day in days:
        figures = amounts[day]
        mark = " named" if day in named else ""
        said = ", ".join(
            f"{statuses[s].lower()} {numbers.number(v, decimals)}"
            for s, v in zip(parts, figures, strict=True)
        )
        total = numbers.number(sum(figures), decimals)
        title = f"Au {dates.long_date(day)} : {total} {unit} ({said})"
        stack = "".join(
            f'<i class="{s}" style="height:{100 * v / top:.3f}%"></i>'
            for s, v in reversed(list(zip(parts, figures, strict=True)))
            if v
        )
        bars.append(f'<div class="bar{mark}" title="{escape(title)}"><b>{total}</b>{stack}</div>')
        year = f"<span>{day.year}</span>" if mark else ""
        words.append(f'<div class="{mark.strip()}"><span>{_short(day)}</span>{year}</div>')
    ticks = "".join(
        f'<div class="tick" style="bottom:{100 * n * step / top:.3f}%">'
        f"<span>{numbers.short_number(n * step)}</span></div>"
        for n in range(math.floor(top / step + 1e-9) + 1)
    )
    legend = "".join(
        f'<span><i class="{s}"></i>{escape(statuses[s])}</span>' for s in reversed(parts)
    )
    longest = max(len(numbers.number(sum(a), decimals)) for a in amounts.values())
    crowd = " crowd" if len(days) * longest > CROWD else ""
    st.html(STYLE)
    st.html(
        f'<figure class="obs-stacks{crowd}" role="img" aria-label="{escape(alt)}">'
        f'<div class="key">{legend}</div>'
        f'<div class="plot"><div class="field">{ticks}'
        f'<div class="bars">{"".join(bars)}</div></div></div>'
        f'<div class="days">{"".join(words)}</div></figure>'
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
