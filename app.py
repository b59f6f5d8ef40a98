"""The app: page set-up and navigation. Run it with ``make run``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from observatory.errors import ObservatoryError
from observatory.ui import theme

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
        st.Page("observatory/ui/pages/sources_et_methode.py", title="Sources et méthode"),
    ],
    position="top",
)
try:
    chosen.run()
except ObservatoryError as error:
    st.error(str(error))
