"""Who may change the data: the planner, on this machine; a public deployment only shows."""

from __future__ import annotations

import streamlit as st

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip")


def is_planner() -> bool:
    """Whether this visit comes from the machine itself, straight to the server.

    A server that listens beyond this machine, or a visit that a proxy brought, is public.
    """
    if (st.get_option("server.address") or "") not in LOOPBACK:
        return False
    headers = st.context.headers
    if any(headers.get(name) for name in FORWARDED):
        return False
    host = (headers.get("Host") or "localhost").rsplit(":", 1)[0].strip("[]")
    return host in LOOPBACK
