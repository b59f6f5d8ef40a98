"""Whom the territory resembles: the nearest EPCI, why each is one, what moves the order."""

from __future__ import annotations

import streamlit as st

from observatory.answers.comparables import Comparables
from observatory.answers.comparables_in_words import (
    DISTANCE,
    NEEDED,
    TITLE,
    headings,
    in_one_sentence,
    known_on,
    moves,
    rows_of,
    sources_of,
    standing,
    why,
    with_dep,
)
from observatory.files.comparables_csv import comparables_csv
from observatory.french import dates, numbers
from observatory.knowledge.comparable_rules import comparable_rules
from observatory.ui.controls import visit
from observatory.ui.controls.rail import show_rail
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.tables.metadata_beside import offer_csv
from observatory.ui.tables.narrow import wide_table


def page() -> None:
    """Draw the page."""
    version, today = data.version_in_service(), dates.today()
    asked = visit.form()
    epcis = dict(data.own_epci(version))
    siren = next(iter(epcis), "")
    if len(epcis) > 1:
        siren = asked.menu("EPCI", list(epcis), "epci", lambda s: epcis[s])
    show_rail(asked, data.ground(version, today).files)
    found = data.comparables(version, siren)
    if found is None:
        st.title(TITLE, anchor=False)
        st.info(NEEDED)
        return
    _shown(version, found)


def _shown(version: Version, found: Comparables) -> None:
    first = found.nearest[0]
    total = len(comparable_rules().variable)
    blocks.figures(
        TITLE,
        [
            ("EPCI comparés", numbers.number(found.ranked), ""),
            ("Variables", numbers.number(len(found.used)), f"sur {total}"),
            ("Distance du plus proche", numbers.number(first.distance, 2), "écart type"),
        ],
    )
    blocks.prose(in_one_sentence(found))
    if told := standing(found, data.info(version)["territory"]):
        blocks.paragraph(told)
    blocks.paragraph(known_on(found))
    wide_table(f"{TITLE} : ce qui fait la demande", headings(), rows_of(found))
    st.header("Pourquoi chacun", anchor=False)
    blocks.bullets(f"{with_dep(one)} : {why(one)}" for one in found.nearest)
    st.header("Si l'on retire une variable", anchor=False)
    blocks.table(
        "Ce que devient l'ordre", ["Sans la variable", "Les mêmes, et ceux qui entrent"],
        moves(found), words=True,
    )  # fmt: skip
    blocks.paragraph(DISTANCE)
    blocks.paragraph(f"Sources : {sources_of(found)}.")
    today = dates.today()
    offer_csv(
        version,
        "Télécharger les territoires comparables (CSV)",
        lambda: comparables_csv(found),
        f"territoires-comparables-{found.siren}.csv",
        TITLE,
        today,
        key="comparables",
    )


answering(page)
