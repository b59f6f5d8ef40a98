"""The files of the observatory: the atlas made here, and where to find the others."""

from __future__ import annotations

import streamlit as st

from observatory.french import dates, numbers
from observatory.french.csv import ZEROS_IN_CSV
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.report import atlas as reports
from observatory.report.request import ReportRequest
from observatory.settings import Settings
from observatory.ui.controls import visit
from observatory.ui.controls.rail import ask_day, show_rail
from observatory.ui.shell import blocks, committee_documents, data, open_data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name

LARGEST = 200
"""Communes beyond which an atlas is left to the command line: it would be a book."""
CATALOGUE = "catalogue.jsonld"
KEPT = "atlas_pdf"
"""Where a session keeps its last atlas: one at a time, given up with the session."""
MADE_BY_PLANNERS = (
    "les planificateurs l'établissent sur cette page, ou par « observatory report copil » et "
    "« observatory report schema »."
)
PURPOSES = (
    (
        "XLSX",
        "Travailler les chiffres dans Excel ou LibreOffice : cellules typées, définitions et "
        "sources. Page Tableau, « Télécharger ».",
    ),
    (
        "CSV",
        f"Le même tableau pour un programme, en français ou international. {ZEROS_IN_CSV}",
    ),
    ("GeoJSON", "Les communes et leurs chiffres pour une carte en ligne."),
    ("GeoPackage", "Les mêmes, pour un logiciel de cartographie (QGIS), en Lambert-93 au choix."),
    ("PNG", "L'image d'une carte, à coller dans une note ou un diaporama."),
    ("SVG", "La même image, à imprimer en grand ou à retoucher."),
    (
        "HTML",
        "La carte en un seul fichier, à ouvrir dans un navigateur sans connexion et à envoyer : "
        "mesures en calques, chiffres au survol. Page Carte, « Télécharger l'image ».",
    ),
    (
        "PDF",
        "L'atlas, établi en haut de cette page ; la fiche d'une commune, sur sa page ; les "
        "diapositives à imprimer.",
    ),
    ("PPTX", f"Les diapositives du comité de pilotage, à reprendre : {MADE_BY_PLANNERS}"),
    ("DOCX", f"Le schéma des services aux familles, à compléter : {MADE_BY_PLANNERS}"),
)
"""The formats, what each is for, and where it is made."""


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
    _offer(version)
    committee_documents.show(version, dates.today() if request is None else request.as_of)
    _open_data(version)
    st.header("À quoi sert chaque fichier", anchor=False)
    blocks.table("Les formats", ["Format", "Pour"], PURPOSES, words=True)
    with st.container(horizontal=True):
        st.page_link(
            "observatory/ui/pages/carte.py",
            label="Images d'une carte (PNG, SVG, HTML) : page Carte",
        )
        st.page_link(
            "observatory/ui/pages/tableau.py",
            label="XLSX, CSV, GeoJSON, GeoPackage : page Tableau",
        )
        st.page_link("observatory/ui/pages/sources_et_methode.py", label="Définitions et sources")


def _open_data(version: Version) -> None:
    """The folder of open data, where the operator said at which address it is."""
    settings, day = Settings.from_env(), dates.today()
    if not settings.open_data_url:
        return
    st.header("Les données ouvertes", anchor=False)
    if why := open_data.why_not_served(settings):
        blocks.paragraph(why)
        return
    blocks.paragraph(
        "Écarts, établissements et actions publiques, chacun avec son schéma, et leur catalogue "
        "DCAT-AP, que data.gouv.fr moissonne. Ce qui est masqué l'est aussi ici. Catalogue : "
        f"{settings.open_data_url.rstrip('/')}/{CATALOGUE}"
    )
    st.download_button(
        "Télécharger les données ouvertes (ZIP)",
        lambda: open_data.archive(settings, day),
        file_name=download_name(version, f"donnees-ouvertes-{day.isoformat()}.zip"),
        mime="application/zip",
        on_click="ignore",
        key="donnees_ouvertes",
    )


def _ask(version: Version) -> ReportRequest | None:
    """What the atlas is to hold; None while it cannot be made."""
    ground, services = data.ground(version, dates.today()), nomenclature().services
    names, asked = ground.communes, visit.form()
    communes = asked.communes("Communes de l'atlas", names, "communes")
    day = ask_day(asked)
    show_rail(asked, ground.files)
    chosen = st.multiselect(
        "Services de l'atlas",
        list(services),
        format_func=lambda id_: services[id_].label,
        placeholder="Tous les services",
        key="atlas_services",
        width=480,
    )
    blocks.paragraph(
        f"{numbers.plural(len(communes), 'commune choisie', 'communes choisies')} dans le volet, "
        f"offre au {dates.long_date(day)}."
        if communes
        else "Toutes les communes du territoire, ou celles que l'on choisit dans le volet ; offre "
        f"au {dates.long_date(day)}."
    )
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


def _offer(version: Version) -> None:
    kept = st.session_state.get(KEPT)
    if kept is None:
        return
    name, day, drawn = kept
    size = numbers.number(len(drawn) / 1e6, 1)
    st.success(f"L'atlas est prêt : {name}, offre au {dates.short_date(day)} ({size}\u202fMo).")
    st.download_button(
        "Télécharger l'atlas (PDF)",
        drawn,
        file_name=download_name(version, f"atlas-{day.isoformat()}.pdf"),
        mime="application/pdf",
        on_click="ignore",
    )


answering(page)
