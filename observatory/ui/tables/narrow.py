"""Narrow-screen style of a table: each row becomes a short list of « heading : cell »."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

import streamlit as st

STYLE = """
<style>
.obs-table.obs-wide :is(td, thead th:not(:first-child)).words { text-align: left; }
.obs-wide td:not(.words) { min-width: 4rem; }
.obs-wide :is(td, th):not(.words) + .words { padding-left: 1rem; }
/* A long table stands under a heading of the page that says the same. */
.obs-wide.dense caption { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
  overflow: hidden; }
.obs-wide.dense td:nth-child(2).words { min-width: 7.5rem; }
[data-testid="stHtml"]:has(> .obs-wide) { container-type: inline-size; }
@media screen { @container (max-width: 48rem) {
  .obs-wide thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
    overflow: hidden; }
  .obs-wide tbody :is(tr, th, td) { display: block; border: 0; padding: 0; }
  .obs-wide tbody tr { padding: 0.5rem 0;
    border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
  .obs-wide tbody th { font-weight: 600; }
  .obs-wide tbody td { display: flex; justify-content: space-between; gap: 1rem;
    text-align: right; }
  .obs-wide tbody td::before { content: attr(data-label); text-align: left; flex: none;
    max-width: 50%; }
  .obs-wide tbody td.words { text-align: right; padding-left: 0; }
  .obs-wide.dense tbody td, .obs-wide.dense tbody td.words { display: inline; text-align: left; }
  .obs-wide.dense tbody td::before { content: attr(data-label) "\\00a0: "; }
  .obs-wide.dense tbody td:not(:last-child)::after { content: " · "; }
} }
/* On paper too the rows of a table of words run on: two lines each, not seven. */
@media print {
  .obs-wide.runs, .obs-wide.runs :is(tbody, caption) { display: block; }
  .obs-wide.runs thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
    overflow: hidden; }
  .obs-wide.runs tbody tr { display: block; padding: 0.1mm 0; line-height: 1.1;
    border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
  .obs-wide.runs tbody :is(th, td, td.words) { display: inline; border: 0; padding: 0;
    text-align: left; }
  .obs-wide.runs tbody th { font-weight: 600; }
  .obs-wide.runs tbody th::after { content: ". "; }
  .obs-wide.runs tbody td::before { content: attr(data-label) "\\00a0: "; }
  .obs-wide.runs tbody td:not(:last-child)::after { content: " · "; }
}
</style>
"""


def wide_table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    words: Collection[int] = (),
    note: Sequence[str] | None = None,
    dense: bool = False,
) -> None:
    """Show a table whose columns are figures, but for the first and those named ``words``.

    Parameters
    ----------
    words : collection of int
        Positions of the columns that hold words; the first one always does.
    note : sequence of str, optional
        A last row in words, one cell per column: where each column comes from.
    dense : bool
        On a phone, run the cells of a row on one after the other: for many rows. On paper every
        table with columns of words does.
    """
    kinds = [' class="words"' if n in words else "" for n in range(len(headings))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(h)}</th>' for h, kind in zip(headings, kinds, strict=True)
    )

    def line(cells: Sequence[str], row: str = "") -> str:
        first, *rest = cells
        marked = [' class="words"'] * len(rest) if row else kinds[1:]
        return (
            f'<tr{row}><th scope="row">{escape(first)}</th>'
            + "".join(
                f'<td{kind} data-label="{escape(heading)}"><span>{escape(cell)}</span></td>'
                for heading, cell, kind in zip(headings[1:], rest, marked, strict=True)
            )
            + "</tr>"
        )

    body = "".join(line(cells) for cells in rows)
    body += line(note, ' class="note"') if note else ""
    kind = f"obs-table obs-wide{' dense' * dense}{' runs' * bool(words)}"
    st.html(
        f'{STYLE}<table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
