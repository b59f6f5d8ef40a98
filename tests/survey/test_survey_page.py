"""A questionnaire loaded by its page: marks refused, then kept, and read beside what lacks."""

from __future__ import annotations

from pathlib import Path

import made_survey
import pytest
from app_pages import at_the_machine, opened, read, unfolded
from fixtures.versions import deployed_copy
from made_survey import made
from marked import ASKED, marked
from streamlit.testing.v1 import AppTest
from test_survey_privacy import PLANTED, everything_kept

from observatory.settings import Settings

KEEP = "Ranger les réponses marquées"


def given(app: AppTest, key: str, file: Path) -> None:
    """Give a file to the page, and run it again."""
    app.file_uploader(key=key).upload(file.name, file.read_bytes()).run()
    assert not app.exception, app.exception


def test_marks_are_refused_or_kept_and_the_answers_read_beside_what_lacks(
    embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path / "place")
    export = made_survey.limesurvey(tmp_path / "export.csv", made(400))
    with at_the_machine(), unfolded():
        app = opened(settings, "habitants", monkeypatch)
        assert "Aucun questionnaire n'est chargé" in read(app)
        given(app, "export_du_questionnaire", export)
        wrong = marked(export, tmp_path / "wrong.xlsx", {"Adresse IP": {}})
        given(app, "marques_du_questionnaire", wrong)
        assert "À corriger : 1" in [h.value for h in app.header]
        assert KEEP not in [b.label for b in app.button]
        given(app, "marques_du_questionnaire", marked(export, tmp_path / "marks.xlsx", ASKED))
        (keep,) = (b for b in app.button if b.label == KEEP)
        keep.click().run()
    assert "Les réponses marquées sont rangées" in app.success[0].value
    assert "Petite enfance" in [h.value for h in app.header]
    assert "Ce qui manque" in read(app)
    stored = everything_kept(settings.census_dir / "enquete")
    assert "Satisfaction" in stored
    assert not PLANTED.search(stored)
