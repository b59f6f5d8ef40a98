"""When Python looks for garbage in the server: seldom."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from streamlit.starlette import App

THRESHOLDS = (5_000, 20, 15)
"""Objects made from a search to the next, then searches of the young that lead to one of the older.

A search through all that fifty visitors have open stops each of them for a third of a second, and
Python's own thresholds made one every seven seconds. What is found later is tens of megabytes.
"""


@asynccontextmanager
async def seldom_sought(app: App) -> AsyncIterator[None]:
    """Look seldom, for the life of the server; what stands when it starts is looked at no more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    yield
