"""What every component of ours shares: how it is loaded, its message, what it tells the page."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
PACKED_FROM = 4_096
"""Bytes from which what is kept is compressed: below, it would hardly save a packet."""


def loader(folder: str) -> str:
    """Script that every message of a component carries: it finds the code that the browser keeps.

    Parameters
    ----------
    folder : str
        Address of the folder of our code (`observatory.ui.shell.static`).
    """
    address = json.dumps(f"{folder}/loader.js")
    found = f"await import(new URL({address}, document.baseURI).href)"
    # Streamlit takes a text of one line for the name of a file.
    return f"export default async (component) =>\n({found}).default(component);"


def written(told: Mapping[str, Any]) -> bytes:
    """A message, or a part of one, as the browser reads it."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def packed(text: bytes) -> bytes:
    """What is made once and sent often, compressed when it is long."""
    return gzip.compress(text, mtime=0) if len(text) > PACKED_FROM else text


def message(own: Mapping[str, Any], ready: bytes = b"") -> bytes:
    """What a component is told: a line of its own, then what was made ready for everybody."""
    return written(own) + b"\n" + ready if ready else written(own)


def digest(text: bytes) -> str:
    """A name that a content gives: the browser keeps what it was sent under it."""
    return hashlib.sha256(text).hexdigest()[:12]


def heard(key: str, name: str, kind: type[T], then: Callable[[T], None]) -> Callable[[], None]:
    """What a component calls before the page runs again: it hands on what the browser told.

    Parameters
    ----------
    key, name : str
        The component, and the value of its state.
    kind : type
        What that value must be: a browser may send anything.
    then : callable
        Called with it.
    """

    def called() -> None:
        state = st.session_state.get(key)
        told = state.get(name) if state else None
        if isinstance(told, kind):
            then(told)

    return called
