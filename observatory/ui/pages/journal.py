"""Who changed what in the census, for planners: by function, when, why, and which rows."""

from __future__ import annotations

import streamlit as st

from observatory.census import census_store
from observatory.settings import Settings
from observatory.stores.audit import audit, in_service
from observatory.stores.generation import StoreError
from observatory.ui.controls.draft import show_published
from observatory.ui.controls.journal import journal_table, show_cells, signature, undo_button
from observatory.ui.shell import blocks
from observatory.ui.shell.access import require_planner
from observatory.ui.tables.plain_table import show_frame

SHOWN = 100  # generations, the latest


def page() -> None:
    """Draw the page."""
    require_planner()
    st.title("Qui a changé quoi", anchor=False)
    show_published()
    store = census_store.census_store(Settings.from_env().census_dir)
    try:
        entries = store.history()[::-1]
        served = in_service(store)
    except StoreError as error:
        blocks.fault(error)
        return
    if not entries:
        st.info("Aucun recensement n'a été chargé : il n'y a pas encore d'histoire.")
        return
    blocks.paragraph(
        "Chaque changement du recensement, du plus récent au plus ancien, à l'heure de Paris. Une "
        "personne y est dite par sa fonction ; son compte est gardé pour qui doit en répondre, et "
        "effacé au terme de sa durée de conservation."
    )
    shown = entries[:SHOWN]
    show_frame(
        "Changements du recensement : quand, qui, quoi, pourquoi",
        journal_table(store, shown, served),
        key="journal",
    )
    if len(entries) > SHOWN:
        blocks.paragraph(f"Les {SHOWN} derniers ; tous : observatory census history.")
    by_number = {e.sequence: e for e in shown}
    chosen = st.selectbox(
        "Lignes changées par", list(by_number), format_func=lambda n: signature(by_number[n])
    )
    entry = by_number[chosen]
    show_cells(store, entry)
    undo_button(store, entry, "journal")
    for fault in audit(store):
        st.warning(blocks.as_label(fault))


page()
