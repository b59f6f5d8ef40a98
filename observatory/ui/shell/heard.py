"""What this visit may read of the questionnaire: worked out once a generation, for every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from observatory.settings import Settings
from observatory.survey.survey_heard import survey_heard
from observatory.survey.survey_store import survey_store
from observatory.survey.survey_told import ToldSurvey
from observatory.ui.shell.access import is_planner


def heard() -> ToldSurvey | None:
    """The questionnaire in place; None without any, or when it is not for this visit."""
    folder = Settings.from_env().census_dir
    told = _told(str(folder), survey_store(folder).head().sequence or 0)
    return told if told and (told.is_public or is_planner()) else None


@st.cache_resource(max_entries=4, show_spinner=False)
def _told(folder: str, sequence: int) -> ToldSurvey | None:
    """The questionnaire of a generation: a load shows at once."""
    return survey_heard(Path(folder), public=False)
