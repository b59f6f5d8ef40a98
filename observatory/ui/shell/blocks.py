"""Building blocks of a page, made of escaped text: figures, tables, banners."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.masked_cells import is_masked
from observatory.errors import ObservatoryError
from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.markup import element, said


def figures_html(title: str, items: Iterable[tuple[str, str, str]], first: str = "") -> str:
    """A page's title and its key figures in one line: (label, figure, unit).

    Parameters
    ----------
    first : str
        The answer in a sentence; it takes the place of the title, which is then heard alone.
    """
    cells = (
        element(
            "div",
            said("dt", label),
            element("dd", said("strong", figure), " ", said("span", detail)),
            class_="obs-figure",
        )
        for label, figure, detail in items
    )
    figures = element("dl", *cells, class_="obs-figures")
    if not first:
        return element("div", said("h1", title), figures, class_="obs-head")
    head = said("h1", title, class_="obs-heard"), said("p", first, class_="obs-first")
    return element("div", *head, figures, class_="obs-head obs-answer")


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
    head = element("tr", *(said("th", h, scope="col") for h in headings))
    body = (
        element(
            "tr",
            said("th", first, scope="row"),
            *(
                said("td", cell, data_label=heading)
                for heading, cell in zip(headings[1:], rest, strict=True)
            ),
        )
        for first, *rest in rows
    )
    kind = "obs-table obs-words" if words else "obs-table"
    parts = said("caption", caption), element("thead", head), element("tbody", *body)
    whole = element("table", *parts, class_=kind)
    # Figures in many columns cannot narrow to a phone: they slide, by the keyboard too.
    return slides(caption, whole) if len(headings) > 3 and not words else whole


def table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = False
) -> None:
    """Show a small table."""
    st.html(table_html(caption, headings, rows, words=words))


def slides(name: str, body: str) -> str:
    """Put what may be wider than the screen in a part of the page that slides sideways."""
    return element("div", body, class_="obs-slides", role="region", tabindex="0", aria_label=name)


ADDRESSED = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.I)
"""Where an address would become a link, whatever is escaped in it."""


def as_label(text: str) -> str:
    """Text from a file, for a label that would otherwise read it as Markdown."""
    text = ADDRESSED.sub("\u2060", text)  # a joiner that nobody sees
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def fault(error: ObservatoryError, shown: Callable[[str], object] = st.error) -> None:
    """What went wrong, as it is written; a sentence that names no place begins as one."""
    told = str(error)
    shown(as_label(told if error.where else capital(told)))


def paragraph_html(text: str) -> str:
    """One paragraph of small text, as it is written."""
    return said("p", text, class_="obs-small")


def paragraph(text: str) -> None:
    """Show one paragraph of small text."""
    st.html(paragraph_html(text))


def prose(text: str) -> None:
    """One paragraph of text at reading size, shown as it is written."""
    st.html(said("p", text, class_="obs-prose"))


def bullets(items: Iterable[str]) -> None:
    """A list of sentences, shown as they are written."""
    st.html(element("ul", *(said("li", item) for item in items), class_="obs-prose"))


def notes(items: Iterable[str]) -> None:
    """A list of short sentences, in small text."""
    st.html(element("ul", *(said("li", item) for item in items), class_="obs-notes"))
