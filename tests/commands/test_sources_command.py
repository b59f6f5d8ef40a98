"""``observatory sources``: what is in use and how to get it; ``check`` asks the servers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import tiny
from fixtures.versions import make_settings, publish_first
from local_server import Reply, serve
from typer.testing import CliRunner

from observatory.commands.main import app, main
from observatory.settings import ROOT, Settings
from observatory.sources import freshness
from observatory.sources.download import fetch


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The tiny territory in service; the command reads its settings."""
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    for description in settings.raw_dir.glob("*/source.toml"):
        text = re.sub(r"(?m)^address\..*\n", "", description.read_text(encoding="utf-8"))
        description.write_text(text, encoding="utf-8")
    publish_first(settings, tiny.SIREN)
    monkeypatch.setattr(Settings, "from_env", classmethod(lambda cls: settings))
    return settings


@pytest.mark.campaign
def test_each_source_says_vintage_origin_and_how_to_get_it(published: Settings) -> None:
    rows = json.loads(CliRunner().invoke(app, ["sources", "--json"]).output)
    people = next(r for r in rows if r["source"] == "popref")
    assert (people["vintage"], people["origin"], people["folder"]) == (
        "2023", "embedded", "popref/",
    )  # fmt: skip
    text = CliRunner().invoke(app, ["sources"]).output
    assert "popref · communes (Insee)\n  millésime 2023" in text
    assert "à la main : https://www.insee.fr/fr/information/2383265 → dossier popref/" in text


def test_offline_no_address_is_asked(
    published: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["sources", "check"])
    assert "hors ligne, aucune adresse ne peut être interrogée" in capsys.readouterr().err


def test_a_server_says_whether_it_has_something_newer(tmp_path: Path) -> None:
    old = {"Last-Modified": "Wed, 01 Jan 2020 00:00:00 GMT"}
    new = {"Last-Modified": "Sat, 01 Jan 2050 00:00:00 GMT"}
    with serve() as server:
        url = server.says("/gens_2023.csv", Reply(body=b"a;b\n", headers=old))
        assert freshness.check(url, tmp_path).state == "en ligne"
        fetch(url, tmp_path)
        assert freshness.check(url, tmp_path).state == "inchangé"
        server.says("/gens_2023.csv", Reply(body=b"a;c\n", headers=new))
        following = server.says("/gens_2024.csv", Reply(body=b"a;c\n"))
        found = freshness.check(url, tmp_path)
        assert (found.state, found.published) == ("plus récent", "2050-01-01")
        assert found.next_vintage == following
        missing = freshness.check(url.replace("gens_2023", "perdu"), tmp_path)
    assert missing.state == "injoignable"
    assert "le serveur ne trouve pas ce fichier (404)" in missing.note


def test_without_a_copy_what_was_published_after_the_version_is_newer(tmp_path: Path) -> None:
    with serve() as server:
        headers = {"Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
        url = server.says("/gens.csv", Reply(body=b"a;b\n", headers=headers))
        states = [freshness.check(url, tmp_path, built=day).state for day in ("2024-12-31", "")]
        assert states == ["plus récent", "en ligne"]
        assert not freshness.check(url, tmp_path, built="2025-01-02").newer


def test_the_check_ends_by_naming_what_a_refresh_would_find(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    online = replace(published, offline=False)
    monkeypatch.setattr(Settings, "from_env", classmethod(lambda cls: online))
    described = online.raw_dir / "popref" / "source.toml"
    with serve() as server:
        later = {"Last-Modified": "Sat, 01 Jan 2050 00:00:00 GMT"}
        url = server.says("/gens.csv", Reply(body=b"a;b\n", headers=later))
        text = described.read_text(encoding="utf-8")
        described.write_text(
            text.replace(
                "[publication.communes]", f'[publication.communes]\naddress.default = "{url}"'
            ),
            encoding="utf-8",
        )
        told = CliRunner().invoke(app, ["sources", "check"]).output.splitlines()
        assert told[-1] == "À actualiser, plus récent en ligne : popref · communes."
        server.says("/gens.csv", Reply(body=b"a;b\n"))
        told = CliRunner().invoke(app, ["sources", "check"]).output.splitlines()
        assert told[-1] == "Rien de plus récent parmi les adresses qui répondent."


def test_the_weekly_unit_logs_what_is_newer_before_it_refreshes() -> None:
    unit = (ROOT / "deploy" / "observatory-refresh.service").read_text(encoding="utf-8")
    before, _, after = unit.partition("ExecStart=")
    # A server that does not answer must not keep the refresh from running: hence the dash.
    assert "ExecStartPre=-/opt/observatory/.venv/bin/observatory sources check\n" in before
    assert after.splitlines()[0].startswith("/opt/observatory/.venv/bin/observatory refresh")
