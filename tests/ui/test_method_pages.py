"""The pages of method speak of sources, moments and contacts in words, not in identifiers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from observatory.answers.changes import Changes
from observatory.answers.wording_of_changes import summary
from observatory.french import dates
from observatory.settings import ROOT, Settings
from observatory.sources.catalogue import read_sources


def shown(page: str) -> str:
    """A page's HTML blocks."""
    app = AppTest.from_file(str(ROOT / "observatory" / "ui" / "pages" / page), default_timeout=60)
    app.run()
    assert not app.exception
    return "\n".join(str(block.proto.body) for block in app.get("html"))


@pytest.fixture(autouse=True)
def version(embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))


def test_a_source_is_named_and_its_digest_fits_a_phone() -> None:
    text = shown("sources_et_methode.py")
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", text)
    assert "Populations de référence" in cells
    assert not set(read_sources(Settings().raw_dir)) & set(cells)
    assert "embedded" not in cells
    assert max(len(word) for cell in cells for word in cell.split() if "://" not in word) < 40


def test_the_statement_names_the_contact_that_the_operator_gave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "à renseigner par l&#x27;exploitant" in shown("accessibilite.py")
    monkeypatch.setenv("OBSERVATORY_CONTACT", "acces@ville.example <b>")
    assert "acces@ville.example &lt;b&gt;." in shown("accessibilite.py")
    assert "partiellement conforme" in shown("accessibilite.py")


def test_a_moment_is_written_to_the_minute_in_universal_time() -> None:
    paris = timezone(timedelta(hours=1))
    expected = "22 novembre 2026 à 09\u00a0h\u00a012 (heure de Paris)"
    assert dates.long_moment(datetime(2026, 11, 22, 8, 12, 43, tzinfo=UTC)) == expected
    assert dates.long_moment(datetime(2026, 11, 22, 9, 12, tzinfo=paris)) == expected


def test_a_total_that_changes_twice_is_one_total() -> None:
    day = date(2026, 1, 1)
    totals = pd.DataFrame(
        [("62041", "assistants_maternels", day, column) for column in ("headcount", "places")],
        columns=["code", "service", "valid_from", "column"],
    )
    empty = pd.DataFrame(columns=["kind", "id", "publication", "code"])
    changes = Changes({}, {}, day, empty, totals, empty, empty, empty, empty)
    assert summary(changes) == "1\u00a0total communal modifié."
