"""The app: page set-up and navigation. Run it with ``make run``."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st

from observatory.errors import ObservatoryError
from observatory.ui import theme
from observatory.ui.access import is_planner

st.set_page_config(
    page_title="Observatoire des services aux familles",
    page_icon=str(Path(__file__).parent / "observatory" / "ui" / "icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
theme.apply()
chosen = st.navigation(
    [
        st.Page("observatory/ui/pages/carte.py", title="Carte", default=True),
        st.Page("observatory/ui/pages/deploiement.py", title="Déploiement de l'offre"),
        st.Page("observatory/ui/pages/rapprochement.py", title="Rapprochement"),
        st.Page("observatory/ui/pages/changements.py", title="Ce qui a changé"),
        *(
            [st.Page("observatory/ui/pages/recensement.py", title="Recensement")]
            if is_planner()
            else []
        ),
        st.Page("observatory/ui/pages/sources_et_methode.py", title="Sources et méthode"),
    ],
    position="top",
)
try:
    chosen.run()
except ObservatoryError as error:
    st.error(str(error))
except Exception:
    # A visitor reads a sentence; the operator finds the rest in the server's log.
    logging.getLogger("observatory").exception("page failed")
    st.error(
        "Cette page n'a pas pu être établie : une erreur inattendue est notée dans le journal du "
        "serveur. Recharger la page, ou choisir un autre service."
    )
