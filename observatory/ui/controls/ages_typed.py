"""The ages of the assistants maternels of a territory, typed in by who knows them.

The visit alone keeps them: neither an address, nor the answers that every visitor shares.
"""

from __future__ import annotations

import streamlit as st

from observatory.errors import RequestError
from observatory.knowledge.outlook_rules import outlook_rules
from observatory.outlook.age_pyramid import HEADINGS, AgeClass, pyramid_of
from observatory.ui.shell import blocks

KEPT = "ages_des_assistants_maternels"
FIELD = "ages_saisis"
LONGEST = 2_000
FIRST_LINE = ";".join(HEADINGS)
WHERE = "âges saisis"


def ages_of_visit() -> tuple[AgeClass, ...]:
    """The classes that this visit typed in; none at first."""
    found: tuple[AgeClass, ...] = st.session_state.get(KEPT, ())
    return found


def ask_ages() -> None:
    """The field, what is wrong with it, and what takes the ages back."""
    least = outlook_rules().pyramid.least
    known = ages_of_visit()
    with st.expander("Âges des assistants maternels du territoire", expanded=bool(known)):
        blocks.paragraph(
            "À la place d'un taux de départ : les âges que la Caf ou la PMI donne, pour tout le "
            f"territoire, par classes de {least} personnes au moins : « 55-59;38 », par exemple. "
            "Ils restent dans cette visite et ne sont gardés nulle part."
        )
        text = st.text_area(
            "Une classe par ligne : âges, puis nombre de personnes",
            value="\n".join([FIRST_LINE, *(_line(one) for one in known)]),
            max_chars=LONGEST,
            placeholder=f"{FIRST_LINE}\n45-49;32\n50-54;41\n55-59;38\n60-64;27",
            height=170,
            key=FIELD,
        )
        with st.container(horizontal=True):
            taken = st.button("Simuler avec ces âges", type="primary", key="ages_prendre")
            if known:
                st.button("Oublier ces âges", on_click=_forget, key="ages_oublier")
        if taken:
            try:
                st.session_state[KEPT] = pyramid_of(text, WHERE)
            except RequestError as error:
                blocks.fault(error)
                return
            st.rerun()


def _line(one: AgeClass) -> str:
    return f"{one.first}-{one.beyond - 1};{one.persons}"


def _forget() -> None:
    st.session_state.pop(KEPT, None)
    st.session_state.pop(FIELD, None)
