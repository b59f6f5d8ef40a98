"""The open data are served where the operator said, as they are written, and nowhere else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import tiny
from app_pages import opened
from fixtures.versions import deployed_copy, make_settings, publish_first
from starlette.requests import Request
from starlette.responses import Response

from observatory.errors import RequestError
from observatory.files.catalog.open_catalog import open_catalog
from observatory.french import dates
from observatory.settings import Settings
from observatory.ui.shell import open_data
from observatory.versions import warehouse

ADDRESS = "https://observatoire.ville.example/donnees/"


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A version of a census that is no demonstration, with an address for its open data."""
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    publish_first(settings, tiny.SIREN)
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    monkeypatch.setenv("OBSERVATORY_OPEN_DATA_URL", ADDRESS)
    return Settings.from_env()


def asked(name: str) -> Response:
    scope = {"type": "http", "path_params": {"name": name}, "headers": [], "method": "GET"}
    return open_data.answer(Request(scope))


def test_each_file_is_the_one_that_the_command_writes(real: Settings) -> None:
    with warehouse.in_service(real) as con:
        written = open_catalog(con, dates.today(), ADDRESS)
    for name, content in written.items():
        answer = asked(name)
        assert (answer.status_code, answer.body) == (200, content)
    assert asked("catalogue.jsonld").media_type == "application/ld+json"
    with zipfile.ZipFile(io.BytesIO(open_data.archive(real, dates.today()))) as file:
        assert {n: file.read(n) for n in file.namelist()} == dict(written)


@pytest.mark.parametrize("name", ["CURRENT", "../CURRENT", "", "ecarts", "registre.secret"])
def test_nothing_else_is_served(real: Settings, name: str) -> None:
    assert real.open_data_url
    assert asked(name).status_code == 404


def test_nothing_is_served_before_the_operator_says_where(
    real: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert real.open_data_url
    monkeypatch.delenv("OBSERVATORY_OPEN_DATA_URL")
    assert asked("ecarts.csv").status_code == 404


def test_a_demonstration_is_not_served_and_the_page_says_so(
    embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_OPEN_DATA_URL", ADDRESS)
    page = opened(deployed_copy(embedded_settings, tmp_path), "fichiers", monkeypatch)
    assert asked("ecarts.csv").status_code == 404
    assert "ne se moissonnent pas" in " ".join(str(h.proto.body) for h in page.get("html"))


@pytest.mark.parametrize("wrong", ["donnees", "https://ville.example/", "ftp://a/donnees/"])
def test_an_address_is_whole_and_ends_where_the_files_are(wrong: str) -> None:
    with pytest.raises(RequestError, match="données ouvertes"):
        Settings.from_env({"OBSERVATORY_OPEN_DATA_URL": wrong})
