"""The app: page set-up and navigation. Run it with ``make run``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from observatory.errors import VersionError
from observatory.ui.controls import visit
from observatory.ui.shell import data, everyone, theme
from observatory.ui.shell.access import has_accounts, is_planner
from observatory.ui.shell.answering import faults_told
from observatory.ui.shell.embedding import is_embedded

NAME = "Observatoire des services aux familles"
PAGES = Path("observatory") / "ui" / "pages"
# Section → file and title; the first page is the home page.
SECTIONS = {
    "": {
        "carte": "Carte",
        "commune": "Commune",
        "tableau": "Tableau",
        "comparer": "Comparer",
        "deploiement": "Déploiement de l'offre",
        "fichiers": "Fichiers",
    },
    "Décider": {
        "priorites": "Priorités",
        "comparables": "Territoires comparables",
        "et_si": "Et si…",
        "demain": "Demain",
        "plan": "Plan d'actions",
        "habitants": "Parole des habitants",
    },
    "Données": {
        "rapprochement": "Rapprochement",
        "changements": "Ce qui a changé",
        "recensement": "Recensement",
        "modifier": "Modifier le recensement",
        "journal": "Qui a changé quoi",
        "connexion": "Connexion",
    },
    "Méthode": {
        "sources_et_methode": "Sources et méthode",
        "accessibilite": "Accessibilité",
    },
}
FOR_PLANNERS = {"recensement", "modifier", "journal"}
WITH_ACCOUNTS = {"connexion"}  # an address with nothing behind it when nobody can log in


def refused() -> None:
    """What a visitor reads at a planner's address: none of that page's code runs."""
    st.title("Page réservée aux planificateurs", anchor=False)
    st.info(
        "Charger un recensement ou actualiser les données demande un compte de planificateur, ou "
        "d'agir depuis la machine qui sert l'observatoire. Ici, tout se consulte et rien ne se "
        "modifie."
    )


def listed() -> dict[str, list[StreamlitPage]]:
    """The pages of this visit, by section."""
    planner, accounts = is_planner(), has_accounts()
    return {
        section: [
            st.Page(refused, title=title, url_path=name, visibility="hidden")
            if name in FOR_PLANNERS and not planner
            else st.Page(PAGES / f"{name}.py", title=title, default=name == "carte")
            for name, title in pages.items()
            if accounts or name not in WITH_ACCOUNTS
        ]
        for section, pages in SECTIONS.items()
    }


def territory() -> str:
    """The name of the territory in service; empty before anything was published."""
    try:
        return str(data.info(data.version_in_service())["territory"]["name"])
    except VersionError:
        return ""


st.set_page_config(
    page_title=NAME,
    page_icon=str(Path(__file__).parent / "observatory" / "ui" / "shell" / "icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
theme.apply(NAME, territory())
everyone.apply()
with faults_told():
    chosen = st.navigation(listed(), position="hidden" if is_embedded() else "top")
    st.set_page_config(page_title=f"{chosen.title} – {NAME}")
    visit.arrive(chosen.url_path)
    chosen.run()
    with suppress(VersionError):  # the page has told it
        if state := data.degraded():
            st.warning(f"État dégradé : {state.operator if is_planner() else state.public}")
