"""The scenario itself on the page: its changes, its name, its amounts of money."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from observatory.french.spelling import capital
from observatory.french.vocabulary import UNKNOWN
from observatory.scenario.money_of_scenario import amounts
from observatory.scenario.scenario_change import Amount, Scenario
from observatory.scenario.scenario_in_words import Toponyms, change_words
from observatory.scenario.what_if import WhatIf
from observatory.ui.scenario.scenario_of_visit import again, put, with_amount, without_change
from observatory.ui.shell import blocks

NAME_LENGTH = 80


def show_changes(scenario: Scenario, names: Toponyms, found: WhatIf | None) -> None:
    """Each change in words, and what takes it back."""
    places = found.establishments if found else {}
    for n, change in enumerate(scenario.changes):
        with st.container(horizontal=True, vertical_alignment="center", key=f"si-changement-{n}"):
            told = capital(change_words(change, names, places))
            funded = " (cofinancé)" if change.cofinance else ""
            st.markdown(blocks.as_label(f"{told}{funded}"))
            st.button(
                "Retirer",
                key=f"si_retirer_{n}_{len(scenario.changes)}",
                type="tertiary",
                on_click=lambda n=n: put(without_change(scenario, n)),
                help=blocks.as_label(f"Retirer : {told}"),
            )


def ask_name(scenario: Scenario) -> None:
    """The name under which it is compared, downloaded and kept."""
    key = f"si_nom_{scenario.name}"

    def named() -> None:
        name = str(st.session_state.get(key, "")).strip()[:NAME_LENGTH]
        if name and name != scenario.name:
            put(replace(scenario, name=name))

    st.text_input("Nom du scénario", scenario.name, key=key, on_change=named)


def ask_amounts(scenario: Scenario, found: WhatIf) -> None:
    """Amounts of money with their year and source; the published ones where none is given."""
    used = list(dict.fromkeys(m.amount for m in found.money if m.low is not None))
    if not used:
        return
    given = {a.montant: a for a in scenario.amounts}
    with st.expander("Montants : mettre ceux du projet"):
        name: str = st.selectbox(
            "Montant", used, format_func=lambda a: amounts()[a].label, key="si_montant"
        )
        usual, own = amounts()[name], given.get(name)
        blocks.paragraph(
            f"Publié : {usual.low:g} à {usual.high:g} € par place ({usual.source}, {usual.year})."
            if usual.low != usual.high
            else f"Publié : {usual.low:g} € par place ({usual.source}, {usual.year})."
        )
        key = f"si_{name}_"
        first, second, third = st.columns(3)
        with first:
            euros = st.number_input(
                "Euros par place", 0.0, 1e7, own.euros if own else usual.low, key=f"{key}euros"
            )
        with second:
            year = st.text_input("Année", own.annee if own else "", key=f"{key}annee")
        with third:
            source = st.text_input("Source", own.source if own else "", key=f"{key}source")
        with st.container(horizontal=True):
            if st.button("Prendre ce montant", key=f"{key}prendre"):
                if not year.strip().isdigit() or not source.strip():
                    st.error("Un montant se donne avec son année et sa source.")
                else:
                    one = Amount(name, float(euros), year.strip(), source.strip())
                    put(with_amount(scenario, one, name))
                    again()
            if own and st.button("Revenir au montant publié", key=f"{key}rendre"):
                put(with_amount(scenario, None, name))
                again()


def described(scenario: Scenario) -> str:
    """A scenario in a list: its name, and of when it is."""
    return f"{scenario.name} ({scenario.last_day:%m/%Y})" if scenario.changes else UNKNOWN
