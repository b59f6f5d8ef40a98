"""What residents answered, in the documents of the committee and beside the priorities."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_pages import opened, read
from fixtures.versions import deployed_copy

from observatory.report.survey_blocks import ON_A_SLIDE, survey_blocks, survey_slide
from observatory.settings import Settings
from observatory.survey import survey_store
from observatory.survey.marked_answers import KeptQuestion, MarkedSurvey
from observatory.survey.survey_heard import survey_heard
from observatory.survey.survey_told import told_survey, top_answers


def answered(public: str = "oui", questions: int = 2) -> MarkedSurvey:
    """Sixty answers: two thirds say « a » to the first question, half tick « x » at the others."""
    asked = [KeptQuestion("1", "Satisfaction", "reponse", False, "Petite enfance")]
    asked += [KeptQuestion(str(n), f"Q{n}", "reponse", True) for n in range(2, questions + 1)]
    answers = [
        {"1": ("a" if n % 3 else "b",), **({"2": ("x",)} if n % 2 else {})} for n in range(60)
    ]
    facts = {"titre": "Familles 2022", "organisme": "CC", "mode": "volontaires", "public": public}
    return MarkedSurvey(facts, asked, answers, [], 70, 60)


def test_the_slide_gives_the_answer_given_most_to_each_question() -> None:
    told = told_survey(answered())
    assert top_answers(told) == [("Satisfaction", "a", "67 %"), ("Q2", "x", "50 %")]
    assert top_answers(told, "Petite enfance") == [("Satisfaction", "a", "67 %")]
    slide = survey_slide(told)
    assert slide is not None
    assert "60 réponses complètes" in slide.title
    assert slide.body[0]["rows"] == [["Satisfaction", "a", "67 %"], ["Q2", "x", "50 %"]]
    assert "une marge d'erreur n'aurait pas de sens" in slide.foot
    assert survey_slide(None) is None
    assert len((survey_slide(told_survey(answered(questions=9))) or slide).body[0]["rows"]) <= (
        ON_A_SLIDE
    )


def test_the_schema_has_every_table_and_the_texts_that_were_read() -> None:
    told = told_survey(answered(), [("Q", "Plus de places")])
    found = list(survey_blocks(told))
    assert [b["caption"] for b in found if b["kind"] == "table"] == [
        "Petite enfance : Satisfaction",
        "Q2",
    ]
    assert found[-1]["lines"] == ["« Plus de places »"]
    assert list(survey_blocks(None)) == []


def test_what_is_not_public_is_for_planners_alone(
    embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path)
    assert survey_heard(settings.census_dir, public=False) is None
    survey_store.load(settings.census_dir, answered("non"))
    assert survey_heard(settings.census_dir, public=True) is None
    assert survey_heard(settings.census_dir, public=False) is not None
    assert "Familles 2022" not in read(opened(settings, "priorites", monkeypatch))
    survey_store.load(settings.census_dir, answered("oui"))
    told = read(opened(settings, "priorites", monkeypatch))
    assert "Familles 2022" in told
    assert "67 %" in told
