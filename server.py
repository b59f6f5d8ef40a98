"""The served app: its pages, health address and open data. Run it with ``observatory serve``."""

from __future__ import annotations

from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.runtime import get_instance
from streamlit.starlette import App

from observatory.settings import Settings
from observatory.ui.shell import base_address, garbage, health, open_data
from observatory.ui.shell.entrance import Entrance


def is_open(session: str) -> bool:
    """Whether a visit is open in this process."""
    return get_instance().is_active_session(session)


app = App(
    Path(__file__).with_name("app.py"),
    lifespan=garbage.seldom_sought,
    routes=[
        Route(health.ADDRESS, health.answer),
        Route(base_address.ADDRESS, base_address.answer),
        Route(open_data.ADDRESS, open_data.answer),
    ],
    middleware=[
        Middleware(Entrance, is_open=is_open, behind_proxy=Settings.from_env().public),
        Middleware(base_address.BaseAddress),
    ],
)
