"""The questionnaire in place, as those who ask may read it."""

from __future__ import annotations

from pathlib import Path

from observatory.survey import survey_store
from observatory.survey.survey_told import ToldSurvey, told_survey


def survey_heard(census_dir: Path, *, public: bool) -> ToldSurvey | None:
    """What residents answered; None without a questionnaire, or when it is not for the public.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    survey = survey_store.read(census_dir)
    if survey is None:
        return None
    told = told_survey(survey, survey_store.texts_kept(census_dir))
    return None if public and not told.is_public else told
