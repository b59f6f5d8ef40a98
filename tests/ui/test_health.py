"""The health address says whether what is served is what it should be, and tells no secret."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError

import pytest
import tiny
from browser import environment, served
from fixtures.versions import deployed_copy, make_settings, quiet
from raw_visitor import visiting

from observatory.census import census_store
from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from observatory.ui.shell import health
from observatory.versions import warehouse
from pipelines.refresh import refresh


def store(settings: Settings, offer: str) -> None:
    with census_store.census_store(settings.census_dir).writing() as writing:
        writing.commit("load", {"offre.csv": offer.encode()})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("made")
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    store(settings, tiny.OFFER)
    refresh(settings, parse(tiny.SIREN), quiet)
    return settings


@pytest.fixture
def deployed(made: Settings, tmp_path: Path) -> Settings:
    return deployed_copy(made, tmp_path)


@pytest.mark.campaign
def test_what_is_wrong_is_told_without_folder_nor_figure(deployed: Settings) -> None:
    name = warehouse.current(deployed.processed_dir)
    well = health.health(deployed)
    assert (well.status, well.why, well.version) == ("ok", None, name)
    store(deployed, tiny.OFFER.replace("Tilleuls", "Saules"))
    newer = health.health(deployed)
    assert (newer.status, newer.version) == ("degraded", name)
    assert "plus récent" in (newer.why or "")
    census_store.census_store(deployed.census_dir).undo()  # the same census, by another number
    assert health.health(deployed).status == "ok"
    shutil.rmtree(deployed.census_dir)
    gone = health.health(deployed)
    assert "n'est plus à sa place" in (gone.why or "")
    (deployed.processed_dir / "CURRENT").unlink()
    none = health.health(deployed)
    assert (none.status, none.version) == ("degraded", None)
    for told in (newer, gone, none):
        assert str(deployed.census_dir.parent) not in str(told)
        assert "offre.csv" not in str(told)


def test_what_nobody_foresaw_is_degraded_too(
    deployed: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(deployed.census_dir)

    monkeypatch.setattr(health, "why_degraded", fail)
    assert health.health(deployed) == health.Health("degraded", health.UNEXPECTED, None)
    assert "ZeroDivisionError" in caplog.text


def test_the_age_of_each_source_and_of_the_version_is_told(deployed: Settings) -> None:
    told = health.health(deployed)
    assert told.refreshed is not None
    assert told.hours == 0
    ages = {one.id: (one.vintage, one.years) for one in told.sources}
    assert ages
    for vintage, years in ages.values():
        assert years is None or years == date.today().year - int(str(vintage)[:4])
    assert not any("offre" in name for name in ages)  # the territory's own files
    assert told.disk_free_pct is not None
    assert 0 <= told.disk_free_pct <= 100


def test_a_disk_that_is_nearly_full_is_told(
    deployed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: SimpleNamespace(total=100, free=4))
    told = health.health(deployed)
    assert (told.status, told.why, told.disk_free_pct) == ("degraded", health.NO_ROOM, 4)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: SimpleNamespace(total=100, free=5))
    assert health.health(deployed).status == "ok"


@pytest.fixture
def address(deployed: Settings, tmp_path: Path) -> Iterator[str]:
    env = environment(deployed)
    with served(ROOT / "server.py", tmp_path, env) as url:
        yield url


def test_the_served_app_answers_beside_its_pages(deployed: Settings, address: str) -> None:
    with urllib.request.urlopen(f"{address}/health", timeout=60) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "no-store"
        assert json.load(answer)["status"] == "ok"
    with visiting(address) as visitor:
        visitor.run("")
        assert any("Petit Pays" in text for text in visitor.texts)
    shutil.rmtree(deployed.census_dir)
    with urllib.request.urlopen(f"{address}/health", timeout=60) as answer:
        told = json.load(answer)
    assert (told["status"], "n'est plus à sa place" in told["why"]) == ("degraded", True)
    (deployed.processed_dir / "CURRENT").unlink()
    with pytest.raises(HTTPError) as none:
        urllib.request.urlopen(f"{address}/health", timeout=60)
    assert none.value.code == 503
    assert json.load(none.value)["status"] == "degraded"
    none.value.close()
