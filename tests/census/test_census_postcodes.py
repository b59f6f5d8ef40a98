"""A postcode in the place of a commune's code is set aside, its commune proposed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from census_files import row, total, write

from observatory.census.census_check import check
from observatory.census.commune_codes import Communes
from observatory.census.edit_check import apply_edit
from observatory.census.edits import Edit
from observatory.workbook.results import Checked

KNOWN = Communes(
    names={
        "62041": "Arras",
        "62753": "Saint-Laurent-Blangy",
        "62764": "Saint-Nicolas",
        "62223": "Chérisy",
        "82169": "Saint-Nicolas-de-la-Grave",
        "75056": "Paris",
        "92012": "Boulogne-Billancourt",
        "92020": "Châtillon",
        "94002": "Alfortville",
        "69123": "Lyon",
        "69003": "Albigny-sur-Saône",
        "13055": "Marseille",
        "13001": "Aix-en-Provence",
        "78361": "Mantes-la-Jolie",
        "95018": "Argenteuil",
        "49228": "Noyant-Villages",
    },
    carried={
        "75012": "92012",
        "75020": "92020",
        "75001": "94002",
        "78018": "95018",
        "49034": "49228",
    },
    moved_long_ago=frozenset({"75012", "75020", "75001", "78018"}),
    inside=frozenset({"62041", "62753", "62764"}),
)
WITH_POSTCODES = replace(
    KNOWN, postcodes={"62223": ("62753", "62764"), "62128": ("62223",), "62000": ("62041",)}
)


def read(
    folder: Path, code: str, name: str = "", postcode: str = "", communes: Communes = KNOWN
) -> Checked:
    given = row(code_insee=code, longitude="", latitude="")
    path = write(folder / "liste.csv", {**given, "commune": name, "code_postal": postcode})
    return check([path], communes)


@pytest.mark.parametrize(
    ("code", "name", "postcode", "proposed"),
    [
        ("75012", "Paris", "75012", "75112 (Paris 12e arrondissement), 75056 (Paris)"),
        ("75012", "Paris 12e", "", "75112 (Paris 12e arrondissement), 75056 (Paris)"),
        ("75020", "", "", "75120 (Paris 20e arrondissement), 75056 (Paris)"),
        ("75001", "", "", "75101 (Paris 1er arrondissement), 75056 (Paris)"),
        ("69003", "", "", "69383 (Lyon 3e arrondissement), 69123 (Lyon)"),
        ("13001", "", "", "13201 (Marseille 1er arrondissement), 13055 (Marseille)"),
        ("62223", "Saint-Laurent-Blangy", "62223", "62753 (Saint-Laurent-Blangy)"),
        ("62223", "St Laurent Blangi", "62223", "62753 (Saint-Laurent-Blangy)"),
    ],
)
@pytest.mark.parametrize("communes", [KNOWN, WITH_POSTCODES], ids=["no table", "table"])
def test_a_postcode_is_set_aside_and_its_commune_proposed(
    tmp_path: Path, code: str, name: str, postcode: str, proposed: str, communes: Communes
) -> None:
    found = read(tmp_path, code, name, postcode, communes)
    (error,) = found.errors
    assert error.column == "code_insee"
    assert "est un code postal" in error.what
    assert f"Vouliez-vous dire : {proposed}" in error.hint
    assert not found.accepted


def test_a_known_postcode_that_is_no_commune_of_the_territory_is_set_aside(tmp_path: Path) -> None:
    (error,) = read(tmp_path, "62223", communes=WITH_POSTCODES).errors
    assert "62753 (Saint-Laurent-Blangy), 62764 (Saint-Nicolas)" in error.hint
    assert "Si c'est bien Chérisy, écrire ce nom" in error.hint


def test_a_code_that_left_its_departement_in_1968_is_a_mistake(tmp_path: Path) -> None:
    (error,) = read(tmp_path, "78018").errors
    assert "l'ancien code de 95018 (Argenteuil)" in error.what


@pytest.mark.parametrize(
    ("code", "name", "postcode", "kept"),
    [
        ("62223", "Chérisy", "62128", "62223"),
        ("62223", "", "62128", "62223"),
        ("75012", "Boulogne-Billancourt", "92100", "92012"),
        ("69003", "Albigny-sur-Saône", "69250", "69003"),
        ("75112", "", "", "75056"),
        ("49034", "", "", "49228"),
        ("62041", "Arras", "62000", "62041"),
    ],
)
def test_a_code_that_its_row_confirms_is_kept_without_a_doubt(
    tmp_path: Path, code: str, name: str, postcode: str, kept: str
) -> None:
    found = read(tmp_path, code, name, postcode, WITH_POSTCODES)
    assert [r[5] for r in found.rows("offre")] == [kept]
    assert not any("code postal" in str(w) for w in found.warnings)


def test_a_code_that_is_only_ambiguous_is_told_once(tmp_path: Path) -> None:
    lyon = replace(KNOWN, inside=frozenset({"69003", "69123"}))
    rows = [row(identifiant=f"L{n}", nom=f"Crèche {n}", code_insee="69003") for n in range(3)]
    given = [{**r, "longitude": "", "latitude": ""} for r in rows]
    found = check([write(tmp_path / "liste.csv", *given)], lyon)
    assert found.accepted == 3
    (told,) = [w for w in found.warnings if "code postal" in w.what]
    assert (told.row, told.value) == (2, "69003")
    assert "69383 (Lyon 3e arrondissement), 69123 (Lyon)" in told.hint


def test_the_census_in_place_loads_again_and_its_establishments_are_edited(tmp_path: Path) -> None:
    stored = read(tmp_path, "62223", "Chérisy", communes=WITH_POSTCODES).rows("offre")
    alone = write(tmp_path / "again.csv", row(code_insee="62223", longitude="", latitude=""))
    found = check([alone], WITH_POSTCODES, kept={"offre": stored})
    assert found.accepted == 1
    assert any("code postal" in w.what for w in found.warnings)
    after, _ = apply_edit(
        stored, Edit("ARRAS-01", "correction", {"capacite": "24"}), WITH_POSTCODES
    )
    assert "24" in after[0]


def test_totals_are_judged_alike(tmp_path: Path) -> None:
    (error,) = check([write(tmp_path / "t.csv", total(code_insee="75012"))], KNOWN).errors
    assert "75112 (Paris 12e arrondissement)" in error.hint


def test_paris_has_no_other_commune_even_without_a_version(tmp_path: Path) -> None:
    (error,) = read(tmp_path, "75012", communes=Communes()).errors
    assert "75112 (Paris 12e arrondissement), 75056 (Paris)" in error.hint


@pytest.mark.parametrize("communes", [KNOWN, WITH_POSTCODES], ids=["no table", "table"])
def test_a_usual_name_is_looked_for_around_its_postcode(tmp_path: Path, communes: Communes) -> None:
    (error,) = read(tmp_path, "", "Saint-Nicolas-lez-Arras", "62223", communes).errors
    assert "Vouliez-vous dire : 62764 (Saint-Nicolas)" in error.hint
    (error,) = read(tmp_path, "99999", "Saint-Nicolas-lez-Arras", "62223", communes).errors
    assert "62764 (Saint-Nicolas)" in error.hint


def test_a_name_proposed_is_of_the_territory_then_the_postcode_then_the_departement() -> None:
    names = replace(
        WITH_POSTCODES,
        inside=frozenset({"62041"}),
        postcodes={"62223": ("62753",)},
        names={**KNOWN.names, "62100": "Saint-Laurent-Blangis", "01100": "Saint-Laurent-Blangie"},
    ).by_name
    assert names.like("Saint-Laurent-Blangi", "62223") == ["62753", "62100", "01100"]
    assert names.like("Araas", "62223")[0] == "62041"
