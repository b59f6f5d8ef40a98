"""A page with a table of 2,500 lines, for a browser: it is sorted, turned and chosen from."""

from __future__ import annotations

import streamlit as st

from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.paging import page_of

LINES = 2_500

state = st.session_state
falling, chosen = state.get("falling", False), state.get("chosen")
codes = [f"{n:05d}" for n in range(LINES)]
if falling:
    codes.reverse()
page = page_of("longue", falling, codes, chosen)
show_grid(
    "Longue table",
    [Heading("Commune", key="nom", words=True), Heading("Rang")],
    [GridRow((f"Commune {code}", str(int(code))), code) for code in codes[page.lines]],
    key="longue",
    page=page,
    selected=chosen,
    on_sort=lambda key: state.update(falling=not falling),
    on_select=lambda code: state.update(chosen=code),
)
st.button("Choisir l'avant-dernière", on_click=lambda: state.update(chosen=f"{LINES - 2:05d}"))
st.write(f"Choisie : {chosen}")
