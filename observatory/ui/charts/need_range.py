"""Chart of the need range: every definition on one axis, the supply as a line across them.

Plain HTML, so that it follows the theme, prints, and needs no script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from observatory.answers.masked_cells import is_masked
from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import is_short
from observatory.maps.view import View
from observatory.ui.charts.stacks import scale
from observatory.ui.shell import blocks

EDGE = 18.0  # per cent of the axis below which no figure fits left of its mark
# Blue and red as on the map, mixed with the colour of the text to hold on white and on dark. A full
# mark is a shortfall, a hollow one is covered: colour is never alone.
STYLE = """
<style>
.obs-range { margin: 0; font-size: var(--observatory-small); line-height: 1.3;
  --lack: color-mix(in srgb, #c4303c 82%, currentColor);
  --more: color-mix(in srgb, #2b7bba 82%, currentColor);
  --faint: color-mix(in srgb, currentColor 18%, transparent); }
.obs-range .line { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; column-gap: 1rem;
  align-items: stretch; }
.obs-range .line > span { padding: 0.25rem 0; align-self: center; }
.obs-range .line > div { position: relative; min-height: 1.75rem; margin-right: 3.5rem; }
.obs-range .line.mark > div { border-bottom: 1px dotted var(--faint);
  border-left: 1px solid var(--faint); }
.obs-range :is(i, b) { position: absolute; top: 50%; font-style: normal; white-space: nowrap;
  font-variant-numeric: tabular-nums; print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.obs-range .mark b { transform: translateY(-50%); font-weight: 600; padding: 0 0.5rem 0 0.75rem; }
.obs-range .mark b.left { transform: translate(-100%, -50%); padding: 0 0.75rem 0 0.5rem; }
.obs-range .span { height: 0.375rem; transform: translateY(-50%); opacity: 0.55; }
.obs-range .span.lack { background: repeating-linear-gradient(90deg, var(--lack) 0 4px,
  transparent 4px 7px); }
.obs-range .span.more { background: var(--more); }
.obs-range .dot { width: 0.75rem; height: 0.75rem; border-radius: 50%; box-sizing: border-box;
  transform: translate(-50%, -50%); border: 3px solid var(--more); }
.obs-range .dot.lack { background: var(--lack); border-color: var(--lack); }
.obs-range .dot.alone { border-color: currentColor; }
.obs-range .supply { top: 0; bottom: 0; border-left: 2px solid currentColor;
  transform: translateX(-1px); }
.obs-range .head .supply { top: 60%; }
.obs-range .head .diamond { width: 0.75rem; height: 0.75rem; top: 60%; background: currentColor;
  transform: translate(-50%, -50%) rotate(45deg); }
.obs-range .head b { top: 0; transform: translateX(-50%); font-weight: 600; }
.obs-range .head b.low { transform: none; }
.obs-range .head b.high { transform: translateX(-100%); }
.obs-range .head > div { min-height: 2.5rem; }
.obs-range .foot i { top: 0.25rem; transform: translateX(-50%); }
.obs-range .foot i:first-child { transform: none; }
.obs-range .key { display: flex; flex-wrap: wrap; gap: 0 1.5rem; padding-top: 0.25rem; }
.obs-range .key span { display: inline-flex; align-items: center; gap: 0.5rem; }
.obs-range .key i { position: static; transform: none; flex: none; }
.obs-range .key .diamond { width: 0.625rem; height: 0.625rem; background: currentColor;
  transform: rotate(45deg); }
@media screen and (max-width: 640px) {
  .obs-range .line { grid-template-columns: 1fr; }
  .obs-range .line > span { padding: 0.25rem 0 0; }
  .obs-range .line > span:empty { display: none; }
}
</style>
"""
KEY = (
    '<span><i class="diamond"></i>offre</span>'
    '<span><i class="dot lack"></i>besoin au-delà de l’offre : il manque</span>'
    '<span><i class="dot"></i>besoin couvert</span>'
)
KEY_ALONE = '<span><i class="dot alone"></i>besoin, sans offre connue à quoi le comparer</span>'


@dataclass(frozen=True)
class Mark:
    """One definition of the need: its words, its amount and its gap (None: unknown)."""

    label: str
    need: float | None
    gap: float | None


def marks_of(rows: pd.DataFrame) -> list[Mark]:
    """The marks of a commune's rows of the gap table, in their order.

    A target nobody has typed in is left out.
    """
    names = nomenclature().definitions
    return [
        Mark(
            names[str(r["definition"])].label.replace(" %", "\u202f%")
            + (f" ({int(r['target_year'])})" if pd.notna(r["target_year"]) else ""),
            None if pd.isna(r["need"]) else float(r["need"]),
            None if pd.isna(r["gap"]) else float(r["gap"]),
        )
        for r in rows.to_dict("records")
        if names[str(r["definition"])].kind != "custom" or pd.notna(r["need"])
    ]


def show_need_range(view: View, rows: pd.DataFrame, *, folded: bool = False) -> None:
    """Show the range of the need and the supply, as a picture, as a table and in one sentence.

    Parameters
    ----------
    rows : DataFrame
        The rows of one commune in the gap table: one a definition.
    folded : bool
        Keep the table one press away, where the picture is: a sheet beside a map is short.
    """
    if rows.empty:
        return
    decimals, unit = view.service.decimals, view.service.unit
    marks = marks_of(rows)
    first = rows.iloc[0]
    supply = None if pd.isna(first["supply"]) else float(first["supply"])
    hidden = is_masked(first, "supply")
    counted, short = int(first["definition_count"]), int(first["deficit_count"])
    said = (
        f"En déficit selon {numbers.quantity(short, 'définition', 'définitions')} sur {counted}."
        if counted
        else ""
    )
    known = [m for m in marks if m.need is not None]
    if known:
        st.html(STYLE + picture(marks, supply, view.service.unit, decimals, said, hidden))
    if said:
        blocks.paragraph(said)
    with st.expander("Besoin et manque en tableau") if folded and known else st.container():
        blocks.table(
            "Besoin selon ses définitions",
            [
                "Définition",
                f"Besoin ({unit})",
                f"{balance.LACK} ({unit})",
            ],
            [
                [
                    m.label,
                    numbers.number(m.need, decimals),
                    vocabulary.MASKED if hidden else balance.cell(m.gap, decimals),
                ]
                for m in marks
            ],
        )


def picture(
    marks: Sequence[Mark],
    supply: float | None,
    unit: str,
    decimals: int,
    said: str,
    hidden: bool = False,
) -> str:
    """The picture as HTML; at least one mark must be known. A supply may be ``hidden``."""
    needs = [m.need for m in marks if m.need is not None]
    step, top = scale(max([*needs, supply or 0.0]) or 1.0)

    def at(value: float) -> float:
        return round(100 * value / top, 2)

    across = "" if supply is None else f'<i class="supply" style="left:{at(supply)}%"></i>'
    lines = "".join(
        f'<div class="line mark"><span>{escape(m.label)}</span>'
        f"<div>{across}{_mark(m, supply, decimals, at)}</div></div>"
        for m in marks
    )
    ticks = "".join(
        f'<i style="left:{at(n * step)}%">{numbers.short_number(n * step)}</i>'
        for n in range(math.floor(top / step) + 1)
    )
    alt = (
        f"Besoin selon {numbers.quantity(len(needs), 'définition', 'définitions')}, de "
        f"{numbers.number(min(needs), decimals)} à {numbers.number(max(needs), decimals)} {unit} ; "
        f"offre : {vocabulary.MASKED if hidden else numbers.number(supply, decimals)}. {said} "
        "Les chiffres sont dans le tableau."
    )
    return (
        f'<figure class="obs-range" role="img" aria-label="{escape(alt)}">'
        f"{_supply_line(supply, decimals, at, hidden)}{lines}"
        f'<div class="line foot"><span>{escape(unit)}</span><div>{ticks}</div></div>'
        f'<div class="key">{KEY if supply is not None else KEY_ALONE}</div></figure>'
    )


def _supply_line(
    supply: float | None, decimals: int, at: Callable[[float], float], hidden: bool
) -> str:
    if supply is None:
        words = vocabulary.SUPPLY_MASKED if hidden else vocabulary.SUPPLY_UNKNOWN
        return f'<div class="line"><span>{capital(words)}</span><div></div></div>'
    place = at(supply)
    side = " low" if place < 15 else " high" if place > 85 else ""
    return (
        '<div class="line head"><span></span><div>'
        f'<b class="{side.strip()}" style="left:{place}%">'
        f"Offre : {numbers.number(supply, decimals)}</b>"
        f'<i class="supply" style="left:{place}%"></i>'
        f'<i class="diamond" style="left:{place}%"></i></div></div>'
    )


def _mark(mark: Mark, supply: float | None, decimals: int, at: Callable[[float], float]) -> str:
    if mark.need is None:
        return f'<b style="left:0">{numbers.UNKNOWN}</b>'
    place = at(mark.need)
    kind = " lack" if mark.gap is not None and is_short(mark.gap, decimals) else ""
    kind = " alone" if supply is None else kind
    between = ""
    if supply is not None:
        low, high = sorted((at(supply), place))
        between = (
            f'<i class="span {kind.strip() or "more"}" style="left:{low}%;'
            f'width:{high - low:.2f}%"></i>'
        )
    # The figure stands away from the line that leads to the supply, unless the edge is too near.
    left = supply is not None and supply > mark.need and place > EDGE
    side = ' class="left"' if left else ""
    return (
        f'{between}<i class="dot{kind}" style="left:{place}%"></i>'
        f'<b{side} style="left:{place}%">{numbers.number(mark.need, decimals)}</b>'
    )
