"""Scenarios put aside in the visit, kept by planners, read from a file; and their downloads."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from observatory.errors import ObservatoryError
from observatory.files.scenario_results import results_csv, results_xlsx
from observatory.knowledge.question import Question
from observatory.scenario import scenario_store
from observatory.scenario.compared_scenarios import MOST, compared
from observatory.scenario.scenario_change import Scenario
from observatory.scenario.scenario_file import read_scenarios, rows_of
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.what_if import WhatIf
from observatory.settings import Settings
from observatory.stores.author import author
from observatory.stores.generation import StoreError
from observatory.ui.charts.bars import show_bars
from observatory.ui.scenario import scenario_of_visit as own
from observatory.ui.shell import blocks, data
from observatory.ui.shell.access import account_id, is_planner, require_planner
from observatory.ui.shell.actions import PLANNER
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name
from observatory.ui.shell.own_download import XLSX
from observatory.ui.tables.metadata_beside import offer_csv
from observatory.workbook.template import workbook

CHARTED = ("Écart du territoire", "Communes où il manque dans les")


def offer_scenario(
    version: Version, scenario: Scenario, words: str, name: str, *, key: str
) -> None:
    """Offer a scenario as the workbook that the page, the command and a planner read back."""
    st.download_button(
        words,
        lambda: workbook(scenario_contract(), rows_of([scenario])),
        file_name=download_name(version, f"{name}.xlsx"),
        mime=XLSX,
        on_click="ignore",
        key=key,
    )


def show_downloads(version: Version, found: WhatIf) -> None:
    """The scenario as a file, and its results."""
    scenario, con = found.scenario, data.cursor(version)
    st.header("Emporter", anchor=False)
    name = f"scenario-{found.question.as_of.isoformat()}"
    with st.container(horizontal=True):
        offer_scenario(version, scenario, "Télécharger le scénario (XLSX)", name, key="si_fichier")
        st.download_button(
            "Télécharger les résultats (XLSX)",
            lambda: results_xlsx(con, [found], own.toponyms(version)),
            file_name=download_name(version, f"{name}-resultats.xlsx"),
            mime=XLSX,
            on_click="ignore",
            key="si_resultats",
        )
        offer_csv(
            version,
            "Télécharger les résultats (CSV)",
            lambda: results_csv([found]),
            f"{name}-resultats.csv",
            "Résultats d'un scénario",
            found.question.as_of,
            key="si_csv",
        )


def ask_file(version: Version) -> None:
    """A scenario from a file, checked as the command line does."""
    with st.expander("Ouvrir un fichier de scénario"):
        sent = st.file_uploader("Fichier .xlsx ou .csv", ["xlsx", "csv"], key="si_envoi")
        if sent is None:
            return
        with tempfile.TemporaryDirectory(prefix="observatory-") as folder:
            path = Path(folder) / f"scenario{Path(sent.name).suffix.lower()}"
            path.write_bytes(sent.getvalue())
            try:
                read = read_scenarios([path], own.known(version))
            except ObservatoryError as error:
                blocks.fault(error)
                return
        _open(read, "si_ouvrir_fichier")


def show_kept(scenario: Scenario | None) -> None:
    """What planners keep: open one, keep the one in view, show it to the committee, forget it."""
    if not is_planner():
        return
    folder = Settings.from_env().census_dir
    with st.expander("Scénarios gardés (planificateurs)"):
        try:
            kept = scenario_store.read(folder)
        except StoreError as error:
            blocks.fault(error)
            return
        if scenario and scenario not in kept and st.button("Garder ce scénario", key="si_garder"):
            require_planner()
            scenario_store.keep(folder, [scenario], _who())
            own.again()
        if not kept:
            blocks.paragraph("Aucun scénario n'est gardé.")
            return
        _open(kept, "si_ouvrir_garde")
        by_name = {s.name: s for s in kept}
        name: str = st.selectbox("Scénario gardé", list(by_name), key="si_garde")
        one = by_name[name]
        with st.container(horizontal=True):
            words = "Ne plus montrer au comité" if one.committee else "Montrer au comité"
            if st.button(words, key="si_comite"):
                require_planner()
                scenario_store.show_committee(folder, name, shown=not one.committee, who=_who())
                own.again()
            if st.button("Oublier", key="si_oublier"):
                require_planner()
                scenario_store.forget(folder, name, _who())
                own.again()


def show_comparison(version: Version, scenario: Scenario | None, question: Question) -> None:
    """Two or three scenarios in a table and charts, for the question in view."""
    others = [s for s in own.aside(version) if s != scenario]
    every = [*others, *([scenario] if scenario else [])][-MOST:]
    with st.container(horizontal=True):
        if scenario and scenario not in own.aside(version):
            st.button(
                "Mettre de côté pour comparer",
                on_click=own.put_aside,
                args=(scenario,),
                key="si_cote",
            )
        if others:
            st.button("Vider la comparaison", on_click=own.empty_aside, key="si_vider")
    if len(every) < 2:
        return
    st.header("Scénarios comparés", anchor=False)
    results = [own.found(version, s, question) for s in every]
    lines, heads = compared(results), ["Sans scénario", *(s.name for s in every)]
    blocks.table(
        "Les mêmes indicateurs, sans scénario puis avec chacun",
        ["Indicateur", *heads],
        [[line.label, *line.cells] for line in lines],
        words=True,
    )
    for line in lines:
        if line.label.startswith(CHARTED) and any(f is not None for f in line.figures):
            gap = line.label == CHARTED[0]
            show_bars(
                line.label,
                heads,
                line.figures,
                unit="places" if gap else "communes",
                decimals=0,
                diverging=gap,
            )
    st.download_button(
        "Télécharger la comparaison (XLSX)",
        lambda: results_xlsx(data.cursor(version), results, own.toponyms(version)),
        file_name=download_name(version, f"scenarios-{question.as_of.isoformat()}.xlsx"),
        mime=XLSX,
        on_click="ignore",
        key="si_comparaison",
    )


def _open(some: list[Scenario], key: str) -> None:
    """Buttons that open scenarios, or put them aside to be compared."""
    for n, one in enumerate(some):
        with st.container(horizontal=True, vertical_alignment="center"):
            label = blocks.as_label(one.name)
            st.button(f"Ouvrir « {label} »", key=f"{key}_{n}", on_click=own.put, args=(one,))
            st.button(
                f"Comparer « {label} »",
                key=f"{key}_cote_{n}",
                type="tertiary",
                on_click=own.put_aside,
                args=(one,),
            )


def _who() -> str:
    return author(st.session_state.get("fonction", PLANNER), account_id())
