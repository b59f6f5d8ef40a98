"""The files of the observatory: the atlas made here, and where to find the others."""

from __future__ import annotations

from datetime import date

import streamlit as st

from observatory.french import dates, numbers
from observatory.french.spelling import plain
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.report import atlas as reports
from observatory.report.request import ReportRequest
from observatory.ui.controls import visit
from observatory.ui.controls.rail import FIRST_DAY, LAST_DAY
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version

LARGEST = 200
"""Communes beyond which an atlas is left to the command line: it would be a book."""
KEPT = "atlas_pdf"
"""Where a session keeps its last atlas: one at a time, given up with the session."""
PURPOSES = (
    ("XLSX", "Travailler les chiffres dans Excel : cellules typées, définitions et sources."),
    ("CSV", "Le même tableau pour tout tableur ou tout programme, en français ou international."),
    ("GeoJSON", "Les communes et leurs chiffres pour une carte en ligne."),
    ("GeoPackage", "Les mêmes, pour un logiciel de cartographie (QGIS), en Lambert-93 au choix."),
    ("PNG", "L'image d'une carte, à coller dans une note ou un diaporama."),
    ("SVG", "La même image, à imprimer en grand ou à retoucher."),
    ("PDF", "L'atlas à remettre au comité de pilotage, établi sur cette page."),
)


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    st.title("Fichiers", anchor=False)
    st.header("L'atlas (PDF)", anchor=False)
    blocks.paragraph(
        "Un document à imprimer : synthèse, parties dans l'ordre de l'article D.214-10-1 du code "
        "de l'action sociale et des familles, une carte et un tableau par service, une fiche par "
        "commune, méthode et sources. Ce que l'observatoire ne peut pas savoir y est laissé à "
        "compléter."
    )
    request = _ask(version)
    if request is not None and st.button("Établir l'atlas (PDF)", type="primary"):
        _make(version, request)
    _offer()
    st.header("À quoi sert chaque fichier", anchor=False)
    blocks.table("Les formats", ["Format", "Pour"], PURPOSES, words=True)
    with st.container(horizontal=True):
        st.page_link(
            "observatory/ui/pages/carte.py", label="Images d'une carte (PNG, SVG) : page Carte"
        )
        st.page_link(
            "observatory/ui/pages/tableau.py",
            label="XLSX, CSV, GeoJSON, GeoPackage : page Tableau",
        )
        st.page_link("observatory/ui/pages/sources_et_methode.py", label="Définitions et sources")


def _ask(version: Version) -> ReportRequest | None:
    """What the atlas is to hold; None while it cannot be made."""
    facts = data.commune_facts(version)
    pairs = zip(facts["code"], facts["name"], strict=True)
    names: dict[str, str] = dict(sorted(pairs, key=lambda pair: plain(pair[1])))
    services = nomenclature().services
    where, what, when = st.columns([2, 2, 1])
    communes = where.multiselect(
        "Communes",
        list(names),
        format_func=lambda code: f"{names[code]} ({code})",
        placeholder="Toutes les communes du territoire",
        key="atlas_communes",
    )
    chosen = what.multiselect(
        "Services",
        list(services),
        format_func=lambda id_: services[id_].label,
        placeholder="Tous les services",
        key="atlas_services",
    )
    with when:
        day = _ask_day()
    count = len(communes) or len(names)
    if count > LARGEST:
        st.warning(
            f"{count} communes : au-delà de {LARGEST}, choisir des communes, ou établir l'atlas "
            "par la commande « observatory report atlas »."
        )
        return None
    return ReportRequest(
        Question(as_of=day), communes=tuple(communes) or None, services=tuple(chosen) or None
    )


def _ask_day() -> date:
    """The date of the supply: that of the other pages, until another is chosen here."""
    usual = visit.form().day("", "date", dates.today(), FIRST_DAY, LAST_DAY)
    day = st.date_input(
        "Date de l'offre",
        usual,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="DD/MM/YYYY",
        key="atlas_date",
    )
    return day if isinstance(day, date) else usual


def _make(version: Version, request: ReportRequest) -> None:
    """Make the atlas, step by step on the screen; the layout holds up no other session."""
    st.session_state.pop(KEPT, None)
    bar = st.progress(0.0, "Lecture des chiffres")

    def progress(step: str, share: float) -> None:
        bar.progress(min(share, 1.0), step)

    document = reports.atlas(data.cursor(version), request, progress)
    drawn = reports.to_pdf(document, progress)
    bar.empty()
    st.session_state[KEPT] = (document.header, request.as_of, drawn)


def _offer() -> None:
    kept = st.session_state.get(KEPT)
    if kept is None:
        return
    name, day, drawn = kept
    size = numbers.number(len(drawn) / 1e6, 1)
    st.success(f"L'atlas est prêt : {name}, offre au {dates.short_date(day)} ({size}\u202fMo).")
    st.download_button(
        "Télécharger l'atlas (PDF)",
        drawn,
        file_name=f"atlas-{day.isoformat()}.pdf",
        mime="application/pdf",
        on_click="ignore",
    )


page()
