"""The EPCI, départements and régions of the version in service, kept for every visitor."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from observatory.answers import territory_parts
from observatory.knowledge.question import Question
from observatory.ui.shell.data import Version, cursor
from observatory.ui.shell.kept import remembered


@remembered("Sommes en cours de calcul…")
def parts_of(version: Version, level: str, question: Question) -> pd.DataFrame:
    """Each place of a level that lies whole in the territory, with its sums."""
    return territory_parts.parts_of(cursor(version), level, question)


@st.cache_data(max_entries=8, show_spinner=False)
def grains(version: Version) -> tuple[str, ...]:
    """The levels of which the territory holds several whole places."""
    return territory_parts.grains_of(cursor(version))


@st.cache_data(max_entries=8, show_spinner=False)
def left_out(version: Version, level: str) -> int:
    """Communes of the territory that are in no whole place of a level."""
    return territory_parts.left_out(cursor(version), level)
