"""A first census by its page, without a browser: told what is wrong, loaded, and answered from."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_pages import at_the_machine, opened, read
from first_census import CENSUS, assert_loaded
from fixtures.versions import deployed_copy
from rail import press, run, widget

from observatory.settings import Settings


def test_a_planner_is_told_what_is_wrong_then_loads_the_rest(
    embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path)
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    with at_the_machine():
        app = opened(settings, "recensement", monkeypatch)
        assert "Aucun recensement n'est chargé" in read(app)
        widget(app.file_uploader, "Fichiers du recensement").upload("offre.csv", CENSUS.encode())
        run(app)
        said = " ".join(e.value for e in [*app.warning, *app.success, *app.header])
        assert "2 lignes lues, 1 acceptée, 1 mise de côté" in said.replace("\\", "")
        assert "À corriger : 1" in said
        widget(app.text_input, "Pourquoi (facultatif)").input("enquête du printemps")
        press(app, "Charger les lignes acceptées")
        assert any("La carte est à jour" in s.value.replace("\\", "") for s in app.success)
        # What stands was drawn after the load: the same screen does not contradict itself.
        assert "Recensement en place : offre : 1 ligne" in read(app)
        assert "Aucun recensement n'est chargé" not in read(app)
    assert_loaded(settings, "offre.csv : enquête du printemps")
