"""``observatory scenario``: what it says, what it writes, and that siting is answered by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from python_calamine import CalamineWorkbook
from told import as_typed

from observatory.commands import main
from observatory.settings import Settings

Run = Callable[..., tuple[int, str, str]]
FILE = (
    "scenario;changement;date;service;commune;places;cofinance;part\n"
    "Crèche;ouvrir;2027-09-01;eaje_psu;Dainville;12;oui;\n"
    "Micro;ouvrir;2027-09-01;eaje_hors_psu;Dainville;12;oui;\n"
    "Départs;depart;2027-09-01;;;;;30\n"
)


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str],
    embedded_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Run ``observatory`` on the embedded default: (status, output, errors)."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(tmp_path / "census"))
    monkeypatch.setenv("OBSERVATORY_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "s.csv").write_text(FILE, encoding="utf-8")

    def ran(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main.main(list(arguments))
        out, said = capfd.readouterr()
        return int(str(stop.value.code)), out, said

    return ran


def test_it_says_the_sentence_who_moves_and_the_money(run: Run, tmp_path: Path) -> None:
    file, book = str(tmp_path / "s.csv"), tmp_path / "r.xlsx"
    status, out, _ = run("scenario", "run", file, "--scenario", "Crèche", "--out", str(book))
    assert status == 0
    for told in (
        "Simulation, pas prévision",
        "Avec 12\u00a0places à Dainville en septembre 2027, l'écart local d'Arras ne change pas ; "
        "dans les 15 minutes, ses enfants gagnent",
        "Bonus territoire Ctg : de 31\u202f200 à 43\u202f200\u00a0€",
    ):
        assert told in out
    read = CalamineWorkbook.from_path(book)
    assert read.sheet_names == ["En bref", "Communes", "Changements", "Argent", "Sources"]
    head, *rows = read.get_sheet_by_name("Communes").to_python()
    at = {str(h): n for n, h in enumerate(head)}
    dainville = next(r for r in rows if r[at["commune"]] == "Dainville")
    assert dainville[at["offre_difference"]] == 12
    assert rows[-1][at["a_portee_difference"]] == pytest.approx(12)


def test_the_commune_that_a_scenario_names_is_told_by_its_own_gap(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "arras.csv"
    head = "scenario;changement;date;service;commune;places;nombre;enfants_par_logement\n"
    file.write_text(
        head + "Places;ouvrir;2027-09-01;eaje_psu;62041;10000;;\n"
        "Logements;logements;2027-09-01;;62041;;1000;0,3\n",
        encoding="utf-8",
    )
    out = run("scenario", "run", str(file))[1]
    assert "places à Arras en septembre 2027, l'écart local d'Arras passe de «" in out
    assert "nouveaux à Arras en septembre 2027, l'écart local d'Arras passe de «" in out


def test_a_scenario_before_the_known_supply_is_refused_with_its_row(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "old.csv"
    file.write_text(FILE.replace("2027-09-01", "1990-09-01"), encoding="utf-8")
    status, out, said = run("scenario", "run", str(file))
    assert (status, out) == (1, "")
    assert "ligne 2, colonne « date » : le changement du 1er septembre 1990 précède" in said


def test_scenarios_are_compared_kept_and_shown(run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "s.csv")
    both = ("--scenario", "Crèche", "--scenario", "Micro")
    status, out, _ = run("scenario", "compare", file, *both)
    assert status == 0
    assert "Micro : bonus territoire Ctg : pas de bonus territoire" in out
    status, _, said = run("scenario", "compare", file, "--scenario", "Micro")
    assert (status, "il faut deux scénarios" in said) == (1, True)
    assert run("scenario", "keep", file)[1] == "3 scénarios gardés.\n"
    assert "Micro : 1 changement, jusqu'au 1er septembre 2027" in run("scenario", "show")[1]
    assert "Aucun scénario" in run("scenario", "undo")[1]
    assert "Micro : 1 changement" in run("scenario", "redo")[1]
    status, _, said = run("scenario", "run", "--scenario", "Rien")
    assert (status, "« Rien » est introuvable" in said) == (1, True)


def test_what_siting_foretells_is_what_its_scenario_answers(run: Run, tmp_path: Path) -> None:
    out, day = tmp_path / "sites.csv", "2026-01-01"
    status, told, _ = run(
        "siting", "--places", "60", "--sites", "3", "--as-of", day, "--json",
        "--out-scenario", str(out),
    )  # fmt: skip
    assert status == 0
    foretold = {c["code"]: c["gained"] for c in json.loads(told)["communes"]}
    status, told, _ = run("scenario", "run", str(out), "--as-of", day, "--json")
    answered = {
        c["code"]: c["reached_more"]
        for c in json.loads(told)[0]["communes"]
        if c["code"] and abs(c["reached_more"]) > 1e-9
    }
    assert answered == pytest.approx(foretold, abs=1e-6)
    assert len(foretold) > 5


def written_of_micro(run: Run, folder: Path, *endings: str) -> dict[str, Path]:
    """The files of one scenario, by their endings."""
    written = {}
    for ending in endings:
        out = folder / f"r.{ending}"
        file = str(folder / "s.csv")
        assert run("scenario", "run", file, "--scenario", "Micro", "--out", str(out))[0] == 0
        written[ending] = out
    return written


def test_the_maps_of_a_scenario_are_written_and_their_layer_says_what_the_table_says(
    run: Run, tmp_path: Path
) -> None:
    file = str(tmp_path / "s.csv")
    written = written_of_micro(run, tmp_path, "gpkg", "csv", "html")
    layer = pyogrio.read_dataframe(written["gpkg"], layer="scenario_1", fid_as_index=True)
    table = pd.read_csv(
        written["csv"], sep=";", decimal=",", dtype={"code_insee": "str"}, encoding="utf-8-sig"
    )
    table = table[table["code_insee"].notna()]
    assert list(layer["code_insee"]) == list(table["code_insee"])
    for column in ("ecart_avant", "ecart_difference", "a_portee_difference"):
        assert layer[column].to_list() == pytest.approx(table[column].to_list(), abs=0.01)
    assert set(layer.geom_type) == {"MultiPolygon"}
    assert layer.crs.to_epsg() == 4326
    page = as_typed(written["html"].read_text(encoding="utf-8"))
    for told in ("Avec 12 places à Dainville", "Scénario « Micro »", "Avant", "Après"):
        assert told in page
    # A map is of one scenario; an ending that nobody foresaw is said.
    several = run("scenario", "run", file, "--out", str(tmp_path / "all.html"))
    assert several[0] == 1
    assert "En nommer un par --scenario." in several[2]
    assert ".gpkg" in run("scenario", "run", file, "--out", str(tmp_path / "r.pdf"))[2]


@pytest.mark.campaign
def test_the_pictures_of_a_scenario_are_written(run: Run, tmp_path: Path) -> None:
    written = written_of_micro(run, tmp_path, "svg", "png")
    drawn = as_typed(written["svg"].read_text(encoding="utf-8"))
    assert "Ce que changerait « Micro »" in drawn
    assert written["png"].read_bytes().startswith(b"\x89PNG")
