"""A version whose census is gone, unreadable or newer says so: to the operator, to a visitor."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import tiny
from fixtures.versions import deployed_copy, make_settings, publish_first, quiet
from streamlit.testing.v1 import AppTest

from observatory.census.standing import Degraded, why_degraded
from observatory.commands.main import main
from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from observatory.stores.store import Store
from observatory.versions import record, warehouse
from pipelines.refresh import refresh

FILES = {"offre.csv": tiny.OFFER.encode(), "totaux_communaux.csv": tiny.TOTALS.encode()}


def load(settings: Settings, files: dict[str, bytes] = FILES) -> None:
    with Store(settings.census_dir).writing() as writing:
        writing.commit("load", files)


def standing(settings: Settings) -> Degraded | None:
    with warehouse.in_service(settings) as con:
        return why_degraded(settings, record.info(con)["census"])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A version of a loaded census."""
    folder = tmp_path_factory.mktemp("loaded")
    made = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    load(made)
    refresh(made, parse(tiny.SIREN), quiet)
    return made


@pytest.fixture
def settings(loaded: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of it, in service for the command and the pages too."""
    copy = deployed_copy(loaded, tmp_path)
    for name in ("processed", "census", "cache", "static"):
        folder = getattr(copy, f"{name}_dir")
        monkeypatch.setenv(f"OBSERVATORY_{name.upper()}_DIR", str(folder))
    return copy


@pytest.mark.campaign
def test_a_version_of_the_census_in_place_is_whole(settings: Settings) -> None:
    assert standing(settings) is None


def test_a_version_without_census_is_whole_as_long_as_none_is_loaded(
    tiny_settings: Settings,
) -> None:
    publish_first(tiny_settings, tiny.SIREN)
    assert standing(tiny_settings) is None
    load(tiny_settings)
    newer = standing(tiny_settings)
    assert newer
    assert "Lancer « observatory refresh »" in newer.operator


@pytest.mark.campaign
def test_a_census_that_is_gone_is_told_without_a_folder_to_a_visitor(settings: Settings) -> None:
    shutil.rmtree(settings.census_dir)
    found = standing(settings)
    assert found
    assert "offre.csv, totaux_communaux.csv" in found.operator
    assert str(settings.census_dir) in found.operator
    assert "n'est plus à sa place" in found.public
    assert str(settings.census_dir.parent) not in found.public


def test_a_store_that_lost_its_switch_is_told(settings: Settings) -> None:
    (settings.census_dir / "HEAD").unlink()
    found = standing(settings)
    assert found
    assert "HEAD manque" in found.operator
    assert "ne peut plus être lu" in found.public


def test_a_newer_census_is_told_until_the_refresh(settings: Settings) -> None:
    load(settings, {**FILES, "offre.csv": tiny.OFFER.replace("Tilleuls", "Saules").encode()})
    assert "plus récent" in str(standing(settings))
    refresh(settings, parse(tiny.SIREN), quiet)
    assert standing(settings) is None


def test_the_command_and_every_page_say_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        with pytest.raises(SystemExit):
            main(["info", *arguments])
        return capsys.readouterr().out

    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not [w for w in page.warning if "dégradé" in w.value]
    assert "dégradé" not in told()
    assert json.loads(told("--json"))["degraded"] is None
    shutil.rmtree(settings.census_dir)
    (warning,) = [w for w in page.run().warning if "dégradé" in w.value]
    assert "n'est plus à sa place" in warning.value
    assert "État dégradé" in told()
    assert "offre.csv" in json.loads(told("--json"))["degraded"]
