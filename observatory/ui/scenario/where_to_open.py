"""« Où ouvrir ? »: so many places, sites or euros, and where they would close most of the gap."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from observatory.errors import RequestError
from observatory.knowledge.question import Question
from observatory.scenario.scenario_change import Scenario
from observatory.scenario.sited_scenario import scenario_of_sites
from observatory.siting.siting_in_words import AnswerPart, Siting, as_text, in_parts
from observatory.ui.controls import visit
from observatory.ui.controls.form import Form
from observatory.ui.scenario import scenario_of_visit as own
from observatory.ui.scenario.scenario_kept import offer_scenario
from observatory.ui.scenario.sites_asked import FIELDS, KEY, LONGEST, USUAL, ask_sites, sites_of
from observatory.ui.scenario.siting_work import follow, search
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name


def ask_where(asked: Form) -> str:
    """The question of the address; empty when nobody asks where to open."""
    return asked.held("Où ouvrir", KEY, LONGEST)


def show_where(version: Version, scenario: Scenario | None, question: Question, text: str) -> None:
    """The fields, the search at work, its answer."""
    fault: RequestError | None = None
    try:
        known = sites_of(text) if text else None
    except RequestError as error:
        known, fault = None, error
    with st.expander("Où ouvrir ?", expanded=bool(text)):
        blocks.paragraph(
            "Tant de places, de sites ou d'euros : les mairies auprès desquelles ils combleraient "
            "le plus de ce qui manque, et la preuve qu'aucun autre choix ne fait mieux. Pour le "
            "service, le besoin et le jour du volet."
        )
        typed = ask_sites(known or USUAL)
    if typed is not None and typed.text != text:
        visit.pick(KEY, typed.text)
        own.again()
    if fault:
        blocks.fault(fault, st.warning)
    if known is None:
        return
    try:
        asked = known.request(question)
        work = search(version, asked)
        follow(work, asked.seconds)
        answer = work.answer()
    except RequestError as error:
        blocks.fault(error)
        return
    st.header("Où ouvrir", anchor=False)
    _show(answer)
    _take(version, scenario, answer)


def _show(answer: Siting) -> None:
    """What is found, then how."""
    question, verdict, sites, *others = in_parts(answer, FIELDS)
    blocks.prose(verdict.head)
    _part(sites)
    _part(replace(verdict, head=""))
    _part(question)
    with st.expander("Ce que gagnent les communes, les calculs, ce qui est laissé de côté"):
        for part in others:
            _part(part)


def _part(part: AnswerPart) -> None:
    if part.head and part.items:
        blocks.prose(part.head)
    elif part.head:
        blocks.paragraph(part.head)
    if part.items:
        blocks.bullets(part.items)
    for line in part.after:
        blocks.paragraph(line)


def _take(version: Version, scenario: Scenario | None, answer: Siting) -> None:
    """Put the sites in the scenario of the visit, or take them away as files."""
    if answer.opened.empty:
        return
    con, question = data.cursor(version), answer.question
    sited = scenario_of_sites(con, question, answer.opened)
    if scenario:
        blocks.paragraph(
            "Ces lieux sont cherchés dans la situation connue, sans les autres changements du "
            "scénario."
        )
    name = f"ou-ouvrir-{question.as_of.isoformat()}"
    with st.container(horizontal=True):
        if st.button("Mettre ces sites dans le scénario", type="primary", key="ou_prendre"):
            _put(version, scenario, sited, question)
        offer_scenario(
            version, sited, "Télécharger ces sites en scénario (XLSX)", name, key="ou_fichier"
        )
        st.download_button(
            "Télécharger la réponse (TXT)",
            lambda: as_text(answer, FIELDS),
            file_name=download_name(version, f"{name}.txt"),
            mime="text/plain",
            on_click="ignore",
            key="ou_texte",
        )


def _put(version: Version, scenario: Scenario | None, sited: Scenario, question: Question) -> None:
    every = (*scenario.changes, *sited.changes) if scenario else sited.changes
    made = replace(scenario or sited, changes=every)
    try:
        own.found(version, made, question)
    except RequestError as error:
        blocks.fault(error)
        return
    own.put(made)
    visit.pick(KEY, "")
    own.again()
