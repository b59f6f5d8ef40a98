"""A questionnaire, from its export to the page, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import made_survey
import pytest
from browser import environment, served
from fixtures.versions import deployed_copy
from made_survey import made
from marked import ASKED, marked
from playwright.sync_api import Page, expect
from test_survey_privacy import PLANTED, everything_kept

from observatory.settings import ROOT, Settings

WAIT = 40_000  # milliseconds


@pytest.fixture
def settings(embedded_settings: Settings, tmp_path: Path) -> Settings:
    return deployed_copy(embedded_settings, tmp_path / "place")


@pytest.fixture
def url(settings: Settings, tmp_path: Path) -> Iterator[str]:
    with served(ROOT / "server.py", tmp_path, environment(settings)) as address:
        yield address


@pytest.mark.campaign
@pytest.mark.browser
def test_a_planner_loads_a_questionnaire_and_reads_it_beside_what_lacks(
    page: Page, url: str, settings: Settings, tmp_path: Path
) -> None:
    export = made_survey.limesurvey(tmp_path / "export.csv", made(400))
    page.goto(f"{url}/habitants")
    expect(page.get_by_text("Aucun questionnaire n'est chargé")).to_be_visible(timeout=WAIT)
    page.get_by_text("Charger un questionnaire").click()
    sent = page.locator("input[type=file]")
    sent.first.set_input_files(export)
    expect(page.get_by_role("button", name="Télécharger les questions à marquer")).to_be_visible(
        timeout=WAIT
    )
    wrong = marked(export, tmp_path / "wrong.xlsx", {"Adresse IP": {}})
    sent.nth(1).set_input_files(wrong)
    expect(page.get_by_text("À corriger : 1")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Ranger les réponses marquées")).to_have_count(0)
    sent.nth(1).set_input_files(marked(export, tmp_path / "marks.xlsx", ASKED))
    page.get_by_role("button", name="Ranger les réponses marquées").click(timeout=WAIT)
    expect(page.get_by_text("Les réponses marquées sont rangées")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Ce qui manque", exact=False).first).to_be_visible()
    expect(page.get_by_role("heading", name="Petite enfance")).to_be_visible()
    stored = everything_kept(settings.census_dir / "enquete")
    assert "Satisfaction" in stored
    assert not PLANTED.search(stored)
