"""Ranked bars in plain HTML: one line per commune, zero in the middle for gaps."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from observatory.french import balance, numbers

# Red is short, blue is more than needed, as on the map; the outline shows on white and on dark.
STYLE = """
<style>
.obs-bars { margin: 0; font-size: var(--observatory-small); line-height: 1.3; }
.obs-bars figcaption { font-weight: 600; padding-bottom: 0.5rem; }
.obs-bars .lines { max-height: max(20rem, calc(100vh - 23rem)); overflow-y: auto; }
.obs-bars .line { display: grid; grid-template-columns: minmax(5rem, 10rem) 1fr 6.5rem;
  gap: 0.5rem; align-items: center; min-height: 1.5rem; }
.obs-bars .line span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.obs-bars .line b { text-align: right; font-weight: 400; font-variant-numeric: tabular-nums; }
.obs-bars .track { position: relative; height: 0.875rem; }
.obs-bars .track::before { content: ""; position: absolute; top: -0.3125rem; bottom: -0.3125rem;
  left: var(--zero); border-left: 1px solid color-mix(in srgb, currentColor 55%, transparent); }
.obs-bars i { position: absolute; top: 0; bottom: 0; box-sizing: border-box; min-width: 1px;
  border: 1px solid #7d8794; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.obs-bars .short { background: #d6604d; }
.obs-bars .more { background: #4393c3; }
.obs-bars .rate { background: #41b6c4; }
.obs-bars .track u { position: absolute; top: -0.3125rem; bottom: -0.3125rem;
  border-left: 2px dashed currentColor; }
.obs-bars .total { font-weight: 600; }
.obs-bars .total b { font-weight: 600; }
@media print { .obs-bars .lines { max-height: none; overflow: visible; } }
</style>
"""


def show_bars(
    title: str,
    names: Sequence[str],
    values: Sequence[float | None],
    *,
    unit: str,
    decimals: int,
    diverging: bool,
    reference: float | None = None,
    reference_label: str = "",
) -> None:
    """Draw one bar per line, in the order given.

    Parameters
    ----------
    title : str
        What the figure shows.
    names, values : sequence
        One a line; None or NaN is unknown and has no bar.
    unit : str
        Unit of the values, in the plural.
    diverging : bool
        Put zero in the middle, both sides at one scale; else bars start at the left, from zero.
    reference, reference_label
        A value marked on every line, and its name.
    """
    known = [v for v in values if v is not None and numbers.is_known(v)]
    marked = reference if reference is not None and numbers.is_known(reference) else None
    reach = (
        max([abs(v) for v in known] + ([abs(marked)] if marked is not None else [])) if known else 0
    )
    zero = 50.0 if diverging else 0.0
    each = (50.0 if diverging else 100.0) / reach if reach else 0.0
    mark = f'<u style="left:{zero + marked * each:.2f}%"></u>' if marked is not None else ""
    lines, said = [], []
    for name, value in zip(names, values, strict=True):
        text = (balance.cell if diverging else numbers.number)(value, decimals)
        said.append(f"{name} {text}")
        bar = ""
        if value is not None and numbers.is_known(value) and value:
            width = abs(value) * each
            start = zero - width if value < 0 else zero
            kind = ("short" if value < 0 else "more") if diverging else "rate"
            bar = f'<i class="{kind}" style="left:{start:.2f}%;width:{width:.2f}%"></i>'
        lines.append(
            f'<div class="line" title="{escape(name)}"><span>{escape(name)}</span>'
            f'<div class="track" style="--zero:{zero:g}%">{bar}{mark}</div>'
            f"<b>{escape(text)}</b></div>"
        )
    # « Places manquantes » says its unit already.
    caption = title if unit.split()[0] in title.lower() else f"{title}, en {unit}"
    note = f"{reference_label} : {numbers.number(marked, decimals)}" if marked is not None else ""
    alt = f"{caption}. {note}. " if note else f"{caption}. "
    alt += "; ".join(said)
    st.html(STYLE)
    st.html(
        f'<figure class="obs-bars"><figcaption>{escape(caption)}</figcaption>'
        + (f'<p class="obs-small">Trait pointillé : {escape(note)}.</p>' if note else "")
        + f'<div class="lines" tabindex="0" role="img" aria-label="{escape(alt)}">'
        f"{''.join(lines)}</div></figure>"
    )
