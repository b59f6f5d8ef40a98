"""The table's page without a browser: what it says of the sources of its figures."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from fixtures.versions import make_settings, publish_first
from rail import with_choices
from streamlit.testing.v1 import AppTest

from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import ROOT, Settings

PAGE = "observatory/ui/pages/tableau.py"


def opened(settings: Settings, monkeypatch: pytest.MonkeyPatch, **choices: str) -> str:
    """What the page says, these choices made."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    with_choices(app, choices)
    app.switch_page(PAGE)
    app.run()
    assert not app.exception, app.exception
    return "\n".join(str(block.proto.body) for block in app.get("html"))


def test_the_sources_are_those_of_the_table_whatever_the_map_showed(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = opened(embedded_settings, monkeypatch, mesure="taux_publie")
    assert "recensement de démonstration" in said
    assert "Offre au" in said


def test_every_service_has_a_source_when_the_one_in_view_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    publish_first(settings, tiny.SIREN)
    theme = nomenclature().service("ludotheque").theme
    said = opened(settings, monkeypatch, tableau="tous", theme=theme, service="ludotheque")
    assert "Offre au" in said
    assert "Offre inconnue" not in said
