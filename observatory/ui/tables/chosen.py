"""What a click in a table leads to: a line that is always there, so that nothing moves."""

from __future__ import annotations

import streamlit as st

from observatory.french.spelling import of
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version

PAGES = {
    "commune": "Fiche {of}",
    "carte": "La voir sur la carte",
    "comparer": "La comparer",
}


def show_chosen(version: Version, code: str | None, *, here: str, table: str = "") -> None:
    """Name the commune that was chosen in a table, and lead to its pages.

    Parameters
    ----------
    code : str, optional
        INSEE code; without one the line says how to choose.
    here : str
        The page in view: no link leads to it.
    table : str
        Tells apart two tables of one page.
    """
    facts = data.commune_facts(version)
    chosen = facts[facts["code"] == code]
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        height=48,
        border=False,
        key=f"ecran-choisie-{table}",
    ):
        if chosen.empty:
            blocks.paragraph("Choisir une commune dans le tableau montre ici où la retrouver.")
            return
        name, type_of_name = chosen[["name", "tncc"]].iloc[0]
        for page, label in PAGES.items():
            if page != here:
                st.page_link(
                    f"observatory/ui/pages/{page}.py",
                    label=label.format(of=of(blocks.as_label(name), type_of_name)),
                )
        if here == "carte":
            blocks.paragraph("Sa fiche courte est ouverte avec la carte, en haut de la page.")
