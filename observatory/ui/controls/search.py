"""Commune search by first letters, accents or not, for a page that asks for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from observatory.french.spelling import plain
from observatory.ui.messages import SearchMessage
from observatory.ui.shell.loader import heard, loader, message
from observatory.ui.shell.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


def search(
    communes: Collection[str],
    files: StaticFiles,
    on_select: Callable[[str], None],
    *,
    key: str,
    label: str,
) -> None:
    """Draw the search.

    Parameters
    ----------
    communes : collection of str
        INSEE codes of the territory.
    files : StaticFiles
        Given by `observatory.ui.shell.static.prepare`: the browser finds the names there.
    on_select : callable
        Called with the chosen code before the page runs again.
    """

    def picked(code: str) -> None:
        if code in communes:
            on_select(code)

    data: SearchMessage = {
        "files": {
            "script": "search.js",
            "communes": files.communes,
            "texts": files.texts,
        },
        "label": label,
    }
    _renderer(files.folder)(
        key=key, data=message(data), on_picked_change=heard(key, "picked", str, picked)
    )


def in_order(communes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Code and name of each commune, in the order of a dictionary: accents do not count."""
    return sorted(communes.items(), key=lambda item: (plain(item[1]), item[0]))


@cache
def _renderer(folder: str) -> ComponentRenderer:
    return st.components.v2.component("observatory_search", js=loader(folder))
