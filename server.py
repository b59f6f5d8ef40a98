"""The served app: its pages, and its health address. Run it with ``observatory serve``."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import Route
from streamlit.starlette import App

from observatory.ui.shell.health import ADDRESS, answer

app = App(Path(__file__).with_name("app.py"), routes=[Route(ADDRESS, answer)])
