"""What every component of ours shares: its loader, its message, what it tells the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
LOADER = """
export default async function (component) {
  const data = JSON.parse(new TextDecoder().decode(component.data));
  const code = await import(new URL(data.files.script, document.baseURI).href);
  return code.render(component, data);
}
"""
"""It only finds the real code, whose address the message names: the browser keeps that file."""


def written(told: Mapping[str, Any]) -> bytes:
    """A message, or a part of one, as the browser reads it."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


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
