"""Insee's squares and minutes on the pages that show ours, and nothing where they are not."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
import tiny
from fixtures.versions import make_settings, publish_first
from rail import with_choices
from streamlit.testing.v1 import AppTest
from told import as_typed

from observatory.settings import ROOT, Settings

MINUTES = "depcom;typeeq_id;duree\n62001;D502;9\n62001;D509;8\n62002;D502;4\n62002;D509;6\n"
# Two squares of Aval, a quarter of whose children are in the one that Insee imputed.
SQUARES = """idcar_200m,i_est_200,lcog_geo,ind_0_3
CRS3035RES200mN3046600E3801800,0,62001,90
CRS3035RES200mN3046400E3805200,1,62001,30
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    files = {
        "equipment_minutes/donnees_2025_reg32.csv": MINUTES,
        "grid_squares/carreaux_200m_met_2019.csv": SQUARES,
    }
    made = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw", files))
    publish_first(made, tiny.SIREN)
    return made


def opened(settings: Settings, page: str, monkeypatch: pytest.MonkeyPatch, **choices: str) -> str:
    """What a page says, as it is typed."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    with_choices(app, choices)
    app.switch_page(f"observatory/ui/pages/{page}.py")
    if "commune" in choices:
        app.query_params["commune"] = choices["commune"]
    app.run()
    assert not app.exception, app.exception
    bodies = [str(block.proto.body) for block in app.get("html")]
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", "\n".join(bodies), flags=re.S)
    return as_typed(unescape(text)) + as_typed("\n".join(m.value for m in app.markdown))


def test_both_are_said_with_their_vintage_beside_ours(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    commune = opened(settings, "commune", monkeypatch, service="eaje_psu", commune="62001")
    assert "Selon l'Insee (2025), l'équipement de la BPE le plus proche est à 9 min" in commune
    assert "25 % d'entre eux sont dans des carreaux de moins de 11 ménages" in commune

    table = opened(settings, "tableau", monkeypatch, service="eaje_psu", colonnes="acces")
    assert "Insee 2025, médiane de la commune" in table

    sources = opened(settings, "sources_et_methode", monkeypatch)
    assert "Les enfants de 1 commune sur 4 sont placés dans leurs carreaux" in sources
    assert "L'Insee publie (2025) ceux de la route" in sources
    assert "Minutes jusqu'au plus proche, médiane des communes comparées" in sources
    assert "Temps de route jusqu'à l'équipement le plus proche" in sources  # the dataset


def test_nothing_is_said_of_files_that_are_not_there(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page, choices in (
        ("commune", {"service": "eaje_psu", "commune": "62041"}),
        ("tableau", {"service": "eaje_psu", "colonnes": "acces"}),
        ("sources_et_methode", {}),
    ):
        said = opened(embedded_settings, page, monkeypatch, **choices)
        assert "carreaux" not in said
        assert "elon l'Insee" not in said
        assert "L'Insee publie" not in said
