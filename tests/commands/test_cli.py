"""The command line: French messages, exit status 0, 1 or 2, and never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from gap_headings import WANTED

from observatory.commands import main
from observatory.knowledge.territory import TerritoryRequest, parse
from observatory.settings import ROOT, Settings
from observatory.versions import warehouse

SOURCE_KEYS = {"id", "vintage", "origin", "sha256", "rows"}
ORIGINS = {"local", "mirror", "cache", "network", "embedded"}


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    status: int
    out: str
    said: str


Run = Callable[..., Ran]


def run_command(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> Ran:
    with pytest.raises(SystemExit) as stop:
        main.main(list(arguments))
    out, said = capfdbinary.readouterr()
    assert isinstance(stop.value.code, int)
    return Ran(stop.value.code, out.decode(), said.decode())


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command where no version was published."""
    return lambda *arguments: run_command(capfdbinary, *arguments)


@pytest.fixture
def published(run: Run, embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the published embedded default."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    return run


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the versions, empty."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(tmp_path / "processed"))
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "processed"


# --- refresh


@pytest.mark.campaign
def test_refresh_publishes_and_tells_the_time_of_each_step(run: Run, elsewhere: Path) -> None:
    ran = run("refresh", "--offline")
    assert (ran.status, ran.out) == (0, "")
    assert "Communauté urbaine d'Arras, 46\u00a0communes" in ran.said
    assert warehouse.current(elsewhere) in ran.said
    # The same again, only if needed: nothing is built.
    again = run("refresh", "--offline", "--if-missing")
    assert (again.status, again.said) == (0, "")
    assert len(warehouse.versions(elsewhere)) == 1


@pytest.mark.campaign
def test_the_operator_settings_are_heard(
    run: Run, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    assert run("refresh", "--territory", "62041,62004").status == 0
    monkeypatch.setenv("OBSERVATORY_MIRROR", str(elsewhere / "nowhere"))
    ran = run("refresh")
    assert ran.status == 1
    assert "le dossier miroir n'existe pas" in ran.said


def test_a_refresh_that_names_no_territory_keeps_the_one_in_service(
    run: Run, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[TerritoryRequest] = []

    def heard(settings: Settings, request: TerritoryRequest, say: Callable[[str], None]) -> str:
        asked.append(request)
        return ""

    monkeypatch.setattr("pipelines.refresh.refresh", heard)
    assert run("refresh").status == 0
    elsewhere.mkdir()
    name = warehouse.new_name()
    with duckdb.connect(str(elsewhere / name)) as con:
        con.execute(
            "CREATE TABLE version_request AS SELECT '248200099' AS territory, '2024' AS "
            "membership, CAST(NULL AS TEXT) AS mirror, true AS offline"
        )
    (elsewhere / warehouse.CURRENT).write_text(name, encoding="utf-8")
    assert run("refresh").status == 0
    assert run("refresh", "--territory", "arras").status == 0
    assert asked == [parse("arras"), parse("248200099", "2024"), parse("arras")]
    (elsewhere / name).write_bytes(b"cut short")
    ran = run("refresh")
    assert ran.status == 1
    assert "ne dit plus quel est son territoire" in ran.said
    assert len(asked) == 3


# --- info


def test_info_as_json_has_the_keys_of_the_contract(published: Run) -> None:
    ran = published("info", "--json")
    assert ran.status == 0
    info = json.loads(ran.out)
    assert {"version", "territory", "sources", "checks", "counts"} <= set(info)
    assert {k: info["territory"][k] for k in ("name", "communes", "population")} == {
        "name": "Communauté urbaine d'Arras",
        "communes": 46,
        "population": 109_884,
    }
    for source in info["sources"]:
        assert set(source) >= SOURCE_KEYS
        assert source["origin"] in ORIGINS
        assert len(source["sha256"]) == 64
        assert isinstance(source["rows"], int)
    assert set(info["checks"]) == {"passed", "failed"}
    assert info["checks"]["failed"] == []
    assert "population_total" in info["checks"]["passed"]
    assert info["counts"]["commune"] == 46
    assert all(isinstance(n, int) for n in info["counts"].values())


def test_info_reads_as_french(published: Run) -> None:
    ran = published("info")
    assert ran.status == 0
    assert "46\u00a0communes, 109\u202f884 habitants" in ran.out
    assert "recensement de démonstration" in ran.out
    assert "Contrôles tenus" in ran.out


# --- export


def test_the_gap_table_goes_to_the_standard_output(published: Run) -> None:
    ran = published(
        "export", "gaps", "--format", "csv", "--service", "eaje", "--as-of", "2023-12-31"
    )
    assert (ran.status, ran.said) == (0, "")
    assert ran.out.startswith("\ufeffcode_insee;")
    rows = list(csv.DictReader(io.StringIO(ran.out.removeprefix("\ufeff")), delimiter=";"))
    assert set(WANTED.split(", ")) <= set(rows[0])
    assert len({r["code_insee"] for r in rows}) == 47
    assert (rows[-1]["code_insee"], rows[-1]["commune"]) == ("", "Communauté urbaine d'Arras")
    arras = next(r for r in rows if r["code_insee"] == "62041")
    assert (arras["offre"], arras["taux_publie_caf"]) == ("431,0", "27,5")


def test_the_gap_table_goes_to_a_file_with_its_metadata(published: Run, tmp_path: Path) -> None:
    out = tmp_path / "tables" / "ecarts.csv"
    ran = published("export", "gaps", "--out", str(out))
    assert (ran.status, ran.out) == (0, "")
    beside = out.with_name("ecarts.csv-metadata.json")
    assert f"écrit : {out}" in ran.said
    assert f"écrit : {beside}" in ran.said
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads(beside.read_text(encoding="utf-8"))["url"] == "ecarts.csv"


# --- what is wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("refresh --offline --territory aras", "Vouliez-vous dire : arras ?"),
        ("refresh --offline --territory 75056", "code de commune inconnu : 75056"),
        ("refresh --offline --membership 1999", "Millésimes disponibles : 2025"),
        ("refresh --offline --membership an", "n'est pas une année"),
        ("refresh --offline --mirror nulle-part", "le dossier miroir n'existe pas"),
        ("info", "aucune version publiée"),
        ("info --json", "aucune version publiée"),
        ("export gaps", "Lancer « observatory refresh »"),
    ],
)
def test_a_wrong_request_is_one_french_sentence_and_status_1(
    run: Run, elsewhere: Path, arguments: str, said: str
) -> None:
    ran = run(*arguments.split())
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.said
    assert ran.said.splitlines()[-1].startswith("Erreur : ")
    assert not elsewhere.exists() or list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--service creche", "Services possibles : eaje"),
        ("--service eaje --definition norm", "besoin « norm » inconnu"),
        ("--service eaje --custom -1", "n'est pas un nombre positif"),
        ("--service eaje --definition custom", "--custom 60"),
        ("--custom 60", "Nommer le service"),
        ("--out .", "ne peut pas être écrit"),
    ],
)
def test_a_wrong_export_is_status_1(published: Run, arguments: str, said: str) -> None:
    ran = published("export", "gaps", *arguments.split())
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("construire", "« construire »"),
        ("info --xml", "l'option « --xml » n'existe pas"),
        ("export", ""),
        ("export gaps --format ods", "valeur « ods » refusée pour --format"),
        ("export gaps --as-of 31/12/2023", "valeur « 31/12/2023 » refusée pour --as-of"),
        ("export gaps --as-of 2023-02-30", "refusée pour --as-of"),
        ("export gaps --custom beaucoup", "refusée pour --custom"),
        ("export gaps --service", ""),
        ("serve --port 99999", "refusée pour --port"),
        ("serve --port http", "refusée pour --port"),
        ("", ""),
    ],
)
def test_a_wrong_usage_is_said_in_french_and_status_2(
    published: Run, arguments: str, said: str
) -> None:
    ran = published(*arguments.split())
    assert ran.status == 2
    assert said in ran.said
    assert ran.said.splitlines()[-1].startswith("Erreur d'utilisation : ")
    assert "observatory --help" in ran.said


# --- never a traceback, as a program of its own


def program(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "observatory.commands.main", *arguments],
        capture_output=True,
        cwd=ROOT,
        env=os.environ | environ,
        check=False,
    )


@pytest.mark.campaign
def test_a_file_in_the_place_of_the_folder_of_versions(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments in (["info"], ["refresh", "--offline"]):
        ran = program(*arguments, OBSERVATORY_PROCESSED_DIR=str(tmp_path / "file"))
        assert ran.returncode == 1
        assert b"Traceback" not in ran.stderr
        assert ran.stderr.decode().splitlines()[-1].startswith("Erreur : ")


def test_a_terminal_without_every_french_character(embedded_settings: Settings) -> None:
    ran = program(
        "info",
        OBSERVATORY_PROCESSED_DIR=str(embedded_settings.processed_dir),
        PYTHONIOENCODING="cp1252",
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "109?884 habitants".encode("cp1252") in ran.stdout
