"""The sheet of one commune: everything known of it, on a screen, on a phone, on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from observatory.french import dates
from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.view import View
from observatory.report import atlas as reports
from observatory.report.request import ReportRequest
from observatory.ui.charts.need_range import show_need_range
from observatory.ui.commune.around import show_around
from observatory.ui.commune.duties_table import show_duties
from observatory.ui.commune.families import show_families
from observatory.ui.commune.gap_card import show_gap_card
from observatory.ui.commune.levels import show_levels
from observatory.ui.commune.planned import show_planned
from observatory.ui.commune.reach import show_reach
from observatory.ui.commune.sheet import facts_of, place_line, record, sources_line
from observatory.ui.commune.since import show_since
from observatory.ui.commune.supply import show_at_a_glance, show_establishments, show_supply
from observatory.ui.controls import visit
from observatory.ui.controls.form import commune_label
from observatory.ui.controls.rail import ask_view, select_commune, show_rail
from observatory.ui.controls.search import in_order, search
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name
from observatory.ui.shell.fold import chapter
from observatory.ui.shell.said_first import first_sentence, first_sentence_html
from observatory.ui.tables.how_made import offer_how_made

LISTED = 400  # communes shown as buttons; beyond, the search alone


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    ground = data.ground(version, dates.today())
    communes = ground.communes
    asked = visit.form()
    view = ask_view(
        asked, communes, voted=ground.voted, known=ground.known, groups=ground.groups, measure=False
    )
    show_rail(asked, ground.files)
    # Of a territory of one commune there is nothing to choose.
    code = view.commune or (next(iter(communes)) if len(communes) == 1 else None)
    if code is None:
        _choose(version, communes)
    else:
        _sheet(version, replace(view, commune=code), code)


def _choose(version: Version, communes: dict[str, str]) -> None:
    """Ask for a commune: by its first letters, or in the list."""
    st.title("Choisir une commune", anchor=False)
    with st.container(width=480):
        search(
            communes,
            data.static_files(version),
            select_commune,
            key="recherche-page",
            label="Nom de la commune",
        )
    if len(communes) > LISTED:
        blocks.paragraph(f"{len(communes)} communes : taper les premières lettres d'un nom.")
        return
    with st.container(horizontal=True, key="ecran-liste"):
        for code, name in in_order(communes):
            st.button(
                commune_label(code, name),
                key=f"ouvrir-{code}",
                type="tertiary",
                on_click=select_commune,
                args=(code,),
            )


def _sheet(version: Version, view: View, code: str) -> None:
    table = data.gap_table(version, view.question.for_every_need())
    rows = table[table["code"] == code]
    chosen = table[table["definition"] == view.definition]
    row = record(chosen[chosen["code"] == code])
    total = record(chosen[chosen["code"].isna()])
    facts = facts_of(version, code)

    st.title(str(facts["name"]), anchor=False)
    st.html(first_sentence_html(first_sentence(version, view, table, code)))
    blocks.paragraph(f"{place_line(code, facts)}. {_question(view)}")
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_gap_card(view, rows)
        show_since(version, view, code, row)
    with right:
        around = show_around(version, view, table, code)
        _neighbours(version, around)
    _tools(version, view, code)
    _details(version, view, rows, row, total, facts)
    blocks.paragraph(f"{view.service.short} : {row['reliability']}. {sources_line(facts, row)}")


def _neighbours(version: Version, codes: tuple[str, ...]) -> None:
    """One press away: the sheet of each neighbour."""
    if not codes:
        return
    names = data.ground(version, dates.today()).communes
    with st.container(horizontal=True, key="ecran-voisines"):
        for code in codes:
            st.button(
                names[code],
                key=f"voisine-{code}",
                type="tertiary",
                on_click=select_commune,
                args=(code,),
            )


def _details(
    version: Version,
    view: View,
    rows: pd.DataFrame,
    row: dict[str, Any],
    total: dict[str, Any],
    facts: dict[str, Any],
) -> None:
    """What the answer rests on and all else that is known, each in a part that opens."""
    code, territory = str(facts["code"]), str(data.info(version)["territory"]["name"])
    with st.container(key="parties"):
        offer_how_made(version, view, code)
        with chapter("Chaque façon de compter le besoin", "besoin"):
            show_need_range(view, rows)
        with chapter("Chiffres clés, comparés", "chiffres"):
            show_levels(
                view,
                data.levels(version, code, view.service_id, view.as_of),
                facts,
                {"commune": row, "territory": total},
                territory,
                alone=len(data.commune_facts(version)) == 1,
            )
        with chapter("L'offre par service et par statut", "offre"):
            show_supply(version, view, code, every=True, known=pd.notna(row["supply"]))
        with chapter("Ce que les familles atteignent", "portee"):
            show_reach(version, view)
        with chapter("Naissances et population", "naissances"):
            show_families(version, code)
    with chapter("Tous les services", "services"):
        show_at_a_glance(version, view, code)
    with chapter("Établissements", "etablissements"):
        show_establishments(version, view, code)
    with chapter("Compétences de la commune", "competences"):
        show_duties(version, code, view.as_of)
    if not data.planned(version, code).empty:
        with chapter("Ce que prévoit le plan d'actions", "plan"):
            show_planned(version, code)


def _question(view: View) -> str:
    """The service, the date and the need in view, in one sentence."""
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    return (
        f"{view.service.label}{day}, au {dates.long_date(view.as_of)}. "
        f"Besoin : {inside(view.definition_label)}."
    )


def _tools(version: Version, view: View, code: str) -> None:
    """What the sheet can become: another commune, the map, paper, a file."""

    def drawn() -> bytes:
        # A target typed here is nobody's definition: the file keeps each service's first one.
        definition = view.definition if view.custom is None else None
        request = ReportRequest(Question(definition=definition, as_of=view.as_of), (code,))
        return reports.to_pdf(reports.commune_sheet(data.cursor(version), code, request))

    with st.container(horizontal=True, key="ecran-outils", vertical_alignment="center"):
        st.button("Choisir une autre commune", on_click=select_commune, args=("",))
        st.page_link("observatory/ui/pages/carte.py", label="Voir sur la carte")
        st.page_link("observatory/ui/pages/et_si.py", label="Et si on ouvrait ici ?")
        st.download_button(
            "Télécharger la fiche (PDF)",
            drawn,
            file_name=download_name(version, f"fiche-{code}-{view.as_of.isoformat()}.pdf"),
            mime="application/pdf",
            on_click="ignore",
        )
        blocks.paragraph("Imprimer la fiche : Ctrl + P (⌘ P sur Mac), format A4.")


answering(page)
