"""List of the communes with the largest shortfall, each leading to its sheet."""

from __future__ import annotations

import streamlit as st

from observatory.french import numbers
from observatory.maps.view import View
from observatory.ui.controls.rail import select_commune
from observatory.ui.map.answer import MapAnswer
from observatory.ui.shell import blocks


def show_shortfalls(view: View, answer: MapAnswer) -> None:
    """Show the list as buttons; each opens the sheet of its commune."""
    found = answer.shortfalls
    if found is None:
        return
    first, *rest = view.service.unit.split(" ", 1)
    one = " ".join([first.rstrip("s"), *rest])
    with st.container(key="manques", horizontal=True, vertical_alignment="center", gap="small"):
        if not found:
            blocks.paragraph("Aucune commune ne manque d'offre pour cette définition du besoin.")
            return
        st.html('<p class="obs-small">Où il manque le plus</p>', width="content")
        for code, name, gap in found:
            amount = numbers.quantity(
                gap, one, view.service.unit, view.service.decimals, signed=True
            )
            st.button(
                f"{blocks.as_label(str(name))} **{amount}**",
                key=f"manque_{code}",
                on_click=select_commune,
                args=(code,),
            )
