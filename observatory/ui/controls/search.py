"""Commune search by first letters, accents or not.

Streamlit's menu compares letters as they are typed: « etrun » does not find « Étrun », nor
« saint laurent » « Saint-Laurent-Blangy ».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from observatory.french.spelling import plain

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SCRIPT = Path(__file__).with_name("search.js")
STYLE = """
.box { position: relative; font-family: var(--st-font); color: var(--st-text-color); }
label { display: block; font-size: 0.875rem; margin-bottom: 0.25rem; line-height: 1.6; }
input { width: 100%; box-sizing: border-box; height: 2.5rem; padding: 0 0.75rem; font: inherit;
  font-size: 0.875rem; color: inherit; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); }
input::placeholder { color: inherit; opacity: 0.8; }
input:focus { outline: 2px solid var(--st-primary-color); outline-offset: -1px; }
ul { list-style: none; margin: 0.25rem 0 0; padding: 0.25rem; max-height: min(20rem, 45vh);
  overflow-y: auto; background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); }
ul[hidden] { display: none; }
li { padding: 0.375rem 0.5rem; font-size: 0.875rem; line-height: 1.4; cursor: pointer;
  border-radius: var(--st-base-radius); }
li:hover, li[aria-selected="true"] { background: var(--st-secondary-background-color); }
li[aria-selected="true"] { box-shadow: inset 3px 0 0 var(--st-primary-color); }
p { margin: 0.25rem 0 0; font-size: 0.8125rem; }
p:empty { margin: 0; }
"""
WHOLE = "*"  # what the browser sends for the whole territory: an empty answer would be no answer


def search(
    communes: Mapping[str, str],
    chosen: str,
    on_select: Callable[[str], None],
    *,
    key: str,
    label: str = "Commune",
    whole: str | None = None,
    confirm: bool = False,
) -> None:
    """Draw the search.

    Parameters
    ----------
    communes : mapping
        Name by INSEE code; the list is in the order of the dictionary, where É follows E.
    chosen : str
        Code of the commune in view; empty for the whole territory.
    on_select : callable
        Called with the chosen code (empty for the whole territory) before the page runs again.
    whole : str, optional
        Words of the choice of the whole territory; without them it is not offered.
    confirm : bool
        Have the browser choose ``chosen`` as if it were typed: the menu that keeps the address bar
        drops an address written otherwise than it does, and writes its own after a choice.
    """

    def picked() -> None:
        state: Any = st.session_state.get(key)
        code = state.get("picked") if state else None
        if code == WHOLE and whole is not None:
            on_select("")
        elif isinstance(code, str) and code in communes:
            on_select(code)

    first = [("", whole)] if whole is not None else []
    _renderer()(
        key=key,
        data={
            "options": [*first, *in_order(communes)],
            "chosen": chosen,
            "confirm": confirm,
            "label": label,
            "hint": "Premières lettres ou code INSEE",
            "none": "Aucune commune du territoire ne porte ce nom.",
            "more": "Et {n} autres : taper d'autres lettres.",
        },
        on_picked_change=picked,
    )


def in_order(communes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Code and name of each commune, in the order of a dictionary: accents do not count."""
    return sorted(communes.items(), key=lambda item: (plain(item[1]), item[0]))


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(
        "observatory_search", css=STYLE, js=SCRIPT.read_text(encoding="utf-8")
    )
