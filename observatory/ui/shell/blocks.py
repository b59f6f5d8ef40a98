"""Building blocks of a page, made of escaped text: figures, tables, banners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.masked_cells import is_masked
from observatory.french import balance, numbers, vocabulary
from observatory.knowledge.nomenclature import Service, nomenclature


def figures_html(title: str, items: Iterable[tuple[str, str, str]]) -> str:
    """A page's title and its key figures in one line: (label, figure, unit)."""
    cells = "".join(
        f'<div class="obs-figure"><dt>{escape(label)}</dt>'
        f"<dd><strong>{escape(figure)}</strong> <span>{escape(detail)}</span></dd></div>"
        for label, figure, detail in items
    )
    return (
        f'<div class="obs-head"><h1>{escape(title)}</h1><dl class="obs-figures">{cells}</dl></div>'
    )


def figures(title: str, items: Iterable[tuple[str, str, str]]) -> None:
    """Show a page's title and its key figures."""
    st.html(figures_html(title, items))


def offered(service: Service, row: pd.Series[Any]) -> list[tuple[str, str, str]]:
    """Need, supply and gap of a row of the gap table, for `figures`; no unit to what is unknown.

    Where the definition only shares out what there is, neither a need nor a gap.
    """
    shared = nomenclature().definitions[str(row["definition"])].shares_out
    told = [
        (
            label,
            vocabulary.MASKED
            if is_masked(row, column)
            else numbers.number(row[column], service.decimals),
            service.unit if pd.notna(row[column]) else "",
        )
        for label, column in (("Besoin", "need"), ("Offre", "supply"))
        if column == "supply" or not shared
    ]
    return told if shared else [*told, lack(service, row)]


def lack(service: Service, row: pd.Series[Any]) -> tuple[str, str, str]:
    """The gap of a row of the gap table, for `figures`: « Il manque 79 places »."""
    if is_masked(row, "gap"):
        return balance.LACK, vocabulary.MASKED, ""
    return balance.figure(row["gap"], service.unit, service.decimals)


def table_html(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = False
) -> str:
    """A small table; every column but the first is a figure, aligned to the right, or words."""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in headings)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(
            f'<td data-label="{escape(heading)}">{escape(cell)}</td>'
            for heading, cell in zip(headings[1:], rest, strict=True)
        )
        + "</tr>"
        for first, *rest in rows
    )
    kind = "obs-table obs-words" if words else "obs-table"
    whole = (
        f'<table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    # Figures in many columns cannot narrow to a phone: they slide, by the keyboard too.
    return slides(caption, whole) if len(headings) > 3 and not words else whole


def table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = False
) -> None:
    """Show a small table."""
    st.html(table_html(caption, headings, rows, words=words))


def slides(name: str, body: str) -> str:
    """Put what may be wider than the screen in a part of the page that slides sideways."""
    said = f'role="region" tabindex="0" aria-label="{escape(name)}"'
    return f'<div class="obs-slides" {said}>{body}</div>'


def as_label(text: str) -> str:
    """Text from a file, for a label that would otherwise read it as Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def paragraph_html(text: str) -> str:
    """One paragraph of small text, as it is written."""
    return f'<p class="obs-small">{escape(text)}</p>'


def paragraph(text: str) -> None:
    """Show one paragraph of small text."""
    st.html(paragraph_html(text))


def prose(text: str) -> None:
    """One paragraph of text at reading size, shown as it is written."""
    st.html(f'<p class="obs-prose">{escape(text)}</p>')


def bullets(items: Iterable[str]) -> None:
    """A list of sentences, shown as they are written."""
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    st.html(f'<ul class="obs-prose">{lines}</ul>')
