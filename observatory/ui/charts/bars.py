"""Ranked bars in plain HTML: one line per commune, zero in the middle for gaps."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from observatory.french import balance, numbers
from observatory.markup import element, said


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
    told: Sequence[str] | None = None,
    total: int | None = None,
    whole: float | None = None,
    sentences: bool = False,
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
    told : sequence of str, optional
        The figures in words, where the values alone do not say why one is missing.
    total : int, optional
        The line that the others are compared with.
    whole : float, optional
        What a full line stands for; the greatest value by default.
    sentences : bool
        The names are sentences: they wrap rather than being cut.
    """
    known = [v for v in values if v is not None and numbers.is_known(v)]
    marked = reference if reference is not None and numbers.is_known(reference) else None
    reach = whole or max([abs(v) for v in [*known, marked] if v is not None], default=0)
    zero = 50.0 if diverging else 0.0
    each = (50.0 if diverging else 100.0) / reach if reach else 0.0
    mark = element("u", style=f"left:{zero + marked * each:.2f}%") if marked is not None else ""
    write = balance.cell if diverging else numbers.number
    texts = told or [write(value, decimals) for value in values]
    lines = []
    for n, (name, value, text) in enumerate(zip(names, values, texts, strict=True)):
        bar = ""
        if value is not None and numbers.is_known(value) and value:
            width = abs(value) * each
            start = zero - width if value < 0 else zero
            kind = ("short" if value < 0 else "more") if diverging else "rate"
            bar = element("i", class_=kind, style=f"left:{start:.2f}%;width:{width:.2f}%")
        track = element("div", bar, mark, class_="track", style=f"--zero:{zero:g}%")
        parts = said("span", name), track, said("b", text)
        kind = "line total" if n == total else "line"
        lines.append(element("div", *parts, class_=kind, title=name))
    # « Places manquantes » says its unit already.
    told_unit = f" (en {unit})" if title.endswith("?") else f", en {unit}"
    caption = title if unit.split()[0] in title.lower() else f"{title}{told_unit}"
    note = f"{reference_label} : {numbers.number(marked, decimals)}" if marked is not None else ""
    alt = f"{caption}. {note}. " if note else f"{caption}. "
    alt += "; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    st.html(
        element(
            "figure",
            said("figcaption", caption),
            said("p", f"Trait pointillé : {note}.", class_="obs-small") if note else "",
            element("div", *lines, class_="lines", tabindex="0", role="img", aria_label=alt),
            class_="obs-bars obs-sentences" if sentences else "obs-bars",
        )
    )
