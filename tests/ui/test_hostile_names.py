"""Every page of a census with hostile names: what is drawn as markup holds none of them raw."""

from __future__ import annotations

import pytest
import tiny
from app_pages import at_the_machine, drawn, opened, unfolded
from census_files import row, total, write
from fixtures.versions import make_settings, quiet
from hostile_texts import MANAGER, NAME, PLACE

from observatory.census import loading
from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from pipelines.refresh import refresh

RAW = ("<img src=x", "<script>", "](javascript:", "**gras", ":red[rouge")
"""What a browser, or Streamlit, would make of the names."""
PAGES = sorted(
    {p.stem for p in (ROOT / "observatory/ui/pages").glob("[a-z]*.py")}
    - {"connexion"}  # where there are accounts
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hostile")
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    own = {"code_insee": "62001", "longitude": "2.7", "latitude": "50.3"}
    offer = write(
        folder / "offre.csv",
        row(nom=NAME, gestionnaire=MANAGER, **own),
        row(identifiant="B", nom=PLACE, **{**own, "latitude": "50.31"}),
    )
    totals = write(folder / "totaux_communaux.csv", total(code_insee="62001", source=NAME))
    assert loading.load_files([offer, totals], settings, quiet).checked.rejected == 0
    refresh(settings, parse(tiny.SIREN), quiet)
    return settings


def test_no_page_draws_what_a_census_holds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: dict[str, list[tuple[str, str]]] = {}
    with at_the_machine(), unfolded():
        app = opened(settings, "carte", monkeypatch)
        for page in PAGES:
            app.switch_page(f"observatory/ui/pages/{page}.py")
            app.query_params.update({"commune": "62001", "service": "eaje_psu"})
            app.run()
            assert not app.exception, (page, app.exception)
            shown[page] = list(drawn(app))
    told = {page for page, texts in shown.items() if any("img src=x" in t for _, t in texts)}
    assert told >= {"carte", "commune"}, told
    for page, texts in shown.items():
        for kind, text in texts:
            raw = RAW[:2] if kind == "Html" else RAW
            assert not [mark for mark in raw if mark in text], (page, kind, text)
