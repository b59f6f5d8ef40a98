"""The page of the files: every format is named, with the place where it is made."""

from __future__ import annotations

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest
from told import as_typed

from observatory.settings import ROOT, Settings


def test_every_format_that_anything_writes_is_listed_with_how_to_get_it(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("observatory/ui/pages/fichiers.py").run()
    assert not app.exception
    html = "".join(str(block.proto.body) for block in app.get("html"))
    told = dict(re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(.*?)</td>', html))
    told = {name: as_typed(unescape(words)) for name, words in told.items()}
    assert set(told) >= {
        "XLSX", "CSV", "GeoJSON", "GeoPackage", "PNG", "SVG", "HTML", "PDF", "PPTX", "DOCX",
    }  # fmt: skip
    assert "page Carte" in told["HTML"] or "Page Carte" in told["HTML"]
    assert "observatory report copil" in told["PPTX"]
    assert "observatory report schema" in told["DOCX"]
    assert "premier zéro des codes (01004) : y préférer le XLSX" in told["CSV"]
