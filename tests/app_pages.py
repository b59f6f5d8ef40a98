"""A page of the app, run without a browser, and what it shows as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from unittest.mock import PropertyMock, patch

import pytest
import streamlit as st
from net.pages import DIRECT
from rail import nodes
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from told import as_typed

from observatory.settings import ROOT, Settings


def opened(settings: Settings, page: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page(f"observatory/ui/pages/{page}.py").run()
    assert not app.exception, app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def read(app: AppTest) -> str:
    bodies = "\n".join(str(block.proto.body) for block in app.get("html"))
    shown = as_typed(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", bodies, flags=re.S)))
    return shown + "\n".join(i.value for i in app.info)


def drawn(app: AppTest) -> Iterator[tuple[str, str]]:
    """Kind of element and text of whatever the page draws as markup, labels and help included.

    What a field holds is drawn as it is typed, and what a component is told is its own to write.
    """
    for node in nodes(app._tree):
        for field, value in getattr(getattr(node, "proto", None), "ListFields", list)():
            if field.name in ("body", "label", "help") and isinstance(value, str):
                yield type(node).__name__, value


@contextmanager
def unfolded() -> Iterator[None]:
    """What a visitor may open on a page is open: its folds, and the parts that its bar opens."""
    fold, bar = st.expander, st.pills

    def opened(words: str, **more: Any) -> Any:
        return fold(words, **{**more, "expanded": True})

    def every(label: str, options: list[str], **more: Any) -> list[str]:
        bar(label, options, **more)
        return options

    with patch.object(st, "expander", opened), patch.object(st, "pills", every):
        yield


@contextmanager
def at_the_machine() -> Iterator[None]:
    """Pages are opened by the person at this machine: a planner."""
    address = st.get_option("server.address")
    st.config.set_option("server.address", "localhost")
    with patch.object(ContextProxy, "headers", new_callable=PropertyMock, return_value=DIRECT):
        yield
    st.config.set_option("server.address", address)
