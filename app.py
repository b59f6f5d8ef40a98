"""The app: page set-up and navigation. Run it with ``make run``."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from observatory.errors import ObservatoryError, VersionError
from observatory.ui.controls.rail import keep_view
from observatory.ui.shell import data, everyone, theme
from observatory.ui.shell.access import has_accounts, is_planner

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


st.set_page_config(
    page_title=NAME,
    page_icon=str(Path(__file__).parent / "observatory" / "ui" / "shell" / "icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
theme.apply()
everyone.apply()
try:
    chosen = st.navigation(listed(), position="top")
    st.set_page_config(page_title=f"{chosen.title} – {NAME}")
    keep_view()
    chosen.run()
    if state := data.degraded():
        st.warning(f"État dégradé : {state.operator if is_planner() else state.public}")
except VersionError as error:
    # It names folders of the server: for who stands at it, not for a visitor.
    logging.getLogger("observatory").error("%s", error)
    st.error(
        str(error)
        if is_planner()
        else "L'observatoire n'a pas encore de données à montrer. Prévenir la personne qui "
        "l'exploite."
    )
except ObservatoryError as error:
    st.error(str(error))
except Exception:
    # A visitor reads a sentence; the operator finds the rest in the server's log.
    logging.getLogger("observatory").exception("page failed")
    st.error(
        "Cette page n'a pas pu être établie : une erreur inattendue est notée dans le journal du "
        "serveur. Recharger la page, ou choisir un autre service."
    )
