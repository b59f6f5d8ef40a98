"""Small charts in plain HTML: an amount per year as columns, a weight by minutes as steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import streamlit as st

from observatory.french import numbers

NAMED = 8
"""Columns that bear their figure and their year, at most; the table beside gives all of them."""

STYLE = """
<style>
.obs-years { margin: 0; padding-inline: 0.5rem;
  font-size: var(--observatory-small); line-height: 1.3; }
.obs-years :is(.bars, .feet) { display: flex; gap: 2px; max-width: 32rem; }
.obs-years .bars { height: 8rem; border-bottom: 1px solid currentColor; padding-top: 1.25rem; }
.obs-years .bars div { flex: 1; min-width: 0; max-width: 4rem; display: flex;
  flex-direction: column; justify-content: flex-end; align-items: center; }
.obs-years .bars b { font-weight: 400; white-space: nowrap; font-variant-numeric: tabular-nums; }
.obs-years .bars i { display: block; width: 72%; box-sizing: border-box; flex: none;
  background: color-mix(in srgb, #2b7bba 70%, currentColor); print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.obs-years .feet span { flex: 1; min-width: 0; max-width: 4rem; text-align: center;
  white-space: nowrap; }
.obs-steps { margin: 0; font-size: var(--observatory-small); line-height: 1.3; max-width: 28rem; }
.obs-steps .field { display: flex; align-items: flex-end; height: 6rem; padding-top: 1.25rem;
  border-bottom: 1px solid currentColor; }
.obs-steps .field div { position: relative; box-sizing: border-box; height: 100%; display: flex;
  flex-direction: column; justify-content: flex-end; text-align: center; }
.obs-steps .field i { display: block; border: solid currentColor; border-width: 2px 1px 0;
  background: color-mix(in srgb, #2b7bba 35%, transparent); print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.obs-steps .feet { display: flex; }
.obs-steps .feet span { text-align: right; }
</style>
"""


def show_years(title: str, amounts: Sequence[tuple[int, float | None]], alt: str) -> None:
    """Draw one column per year, from zero; a year whose amount is unknown keeps its empty place.

    Parameters
    ----------
    amounts : sequence of (int, float or None)
        Year and amount, oldest first; years without a row are left empty too.
    alt : str
        What the figure shows, for those who do not see it.
    """
    st.html(STYLE + years(title, amounts, alt))


def years(title: str, amounts: Sequence[tuple[int, float | None]], alt: str) -> str:
    """The columns as HTML; see ``show_years``."""
    known = dict(amounts)
    every = range(min(known), max(known) + 1)
    top = max((v for v in known.values() if v is not None), default=0.0) or 1.0
    # Counted from the last year, so that the latest figure is always written.
    written = [year for year in reversed(every) if known.get(year) is not None]
    named = set(written[:: math.ceil(len(written) / NAMED) or 1])
    bars = "".join(
        f'<div title="{year} : {numbers.number(known.get(year))}">'
        + (f"<b>{numbers.number(known.get(year))}</b>" if year in named else "")
        + f'<i style="height:{100 * (known.get(year) or 0.0) / top:.2f}%"></i></div>'
        for year in every
    )
    feet = "".join(f"<span>{year if year in named else ''}</span>" for year in every)
    return (
        f'<figure class="obs-years" role="img" aria-label="{escape(alt)}">'
        f"<div>{escape(title)}</div>"
        f'<div class="bars">{bars}</div><div class="feet">{feet}</div></figure>'
    )


def show_steps(bounds: Sequence[float], weights: Sequence[float], alt: str) -> None:
    """Draw a weight that falls by steps: each holds from the bound before to its own.

    Parameters
    ----------
    bounds : sequence of float
        Where each step ends, in minutes.
    weights : sequence of float
        Height of each step, 0 to 1.
    """
    st.html(STYLE + steps(bounds, weights, alt))


def steps(bounds: Sequence[float], weights: Sequence[float], alt: str) -> str:
    """The steps as HTML; see ``show_steps``."""
    starts = [0.0, *bounds[:-1]]
    widths = [100 * (b - a) / bounds[-1] for a, b in zip(starts, bounds, strict=True)]
    field = "".join(
        f'<div style="width:{width:.2f}%"><b>{numbers.short_number(weight)}</b>'
        f'<i style="height:{100 * weight:.2f}%"></i></div>'
        for width, weight in zip(widths, weights, strict=True)
    )
    feet = "".join(
        f'<span style="width:{width:.2f}%">{numbers.short_number(bound)} min</span>'
        for width, bound in zip(widths, bounds, strict=True)
    )
    return (
        f'<figure class="obs-steps" role="img" aria-label="{escape(alt)}">'
        f'<div class="field">{field}</div><div class="feet">{feet}</div></figure>'
    )
