"""Communes by name and by postcode: read where they stand alone, else proposed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from census_files import RIGHT, row, total, write

from observatory.census.census_check import check
from observatory.census.commune_codes import Communes
from observatory.knowledge.prefectures import prefectures
from observatory.workbook.results import Checked

KNOWN = Communes(
    names={
        "82121": "Montauban",
        "82025": "Bressols",
        "35184": "Montauban-de-Bretagne",
        "62041": "Arras",
        "62764": "Saint-Nicolas",
        "75056": "Paris",
        "93066": "Saint-Denis",
        "97411": "Saint-Denis",
    },
    inside=frozenset({"82121", "82025"}),
)
WITH_POSTCODES = replace(KNOWN, postcodes={"82000": ("82121",), "82710": ("82025", "82121")})


def listed(folder: Path, name: str, postcode: str = "", communes: Communes = KNOWN) -> Checked:
    given = {n: v for n, v in RIGHT.items() if n not in ("code_insee", "longitude", "latitude")}
    path = write(folder / "liste.csv", {**given, "Commune": name, "Code postal": postcode})
    return check([path], communes)


def code_of(found: Checked) -> str:
    return found.rows("offre")[0][5]


@pytest.mark.parametrize(
    ("name", "postcode", "code"),
    [
        ("Bressols", "", "82025"),
        ("BRESSOLS", "82710", "82025"),
        ("Montauban", "82000", "82121"),
        ("Montauban Cedex", "82000", "82121"),
        ("St Nicolas", "62223", "62764"),
        ("Saint-Denis", "93200", "93066"),
        ("Saint-Denis", "97400", "97411"),
        ("Paris 12e arrondissement", "75012", "75056"),
        ("PARIS 12", "75012", "75056"),
    ],
)
def test_a_commune_is_read_by_its_name(tmp_path: Path, name: str, postcode: str, code: str) -> None:
    found = listed(tmp_path, name, postcode)
    assert not found.errors
    assert code_of(found) == code


def test_a_postcode_of_one_commune_is_enough_where_a_table_tells_it(tmp_path: Path) -> None:
    assert code_of(listed(tmp_path, "", "82000", WITH_POSTCODES)) == "82121"
    (error,) = listed(tmp_path, "", "82710", WITH_POSTCODES).errors
    assert error.hint == "Vouliez-vous dire : 82025 (Bressols), 82121 (Montauban) ?"


@pytest.mark.parametrize(
    ("name", "postcode", "what", "hint"),
    [
        ("Bresols", "", "n'est pas une commune connue", "dire : 82025 (Bressols) ?"),
        ("Saint-Denis", "", "plusieurs communes", "93066 (Saint-Denis), 97411 (Saint-Denis) ?"),
        ("", "82000", "n'est pas une commune connue", "dire : 82121 (Montauban) ?"),
        ("", "82710", "(aucune table des codes postaux ici)", "Écrire les cinq caractères"),
        ("Zzz", "", "n'est aucune commune connue", "Écrire les cinq caractères"),
        ("", "", "la cellule est vide", "Écrire le code Insee"),
    ],
)
def test_a_commune_that_is_not_sure_is_proposed(
    tmp_path: Path, name: str, postcode: str, what: str, hint: str
) -> None:
    (error,) = listed(tmp_path, name, postcode).errors
    assert what in error.what
    assert hint in error.hint


@pytest.mark.parametrize(
    ("text", "proposed"), [("Bressols", "82025 (Bressols)"), ("82000", "82121 (Montauban)")]
)
def test_a_name_or_a_postcode_in_the_place_of_a_code_is_proposed(
    tmp_path: Path, text: str, proposed: str
) -> None:
    path = write(tmp_path / "offre.csv", row(code_insee=text, longitude="", latitude=""))
    (error,) = check([path], KNOWN).errors
    assert f"Vouliez-vous dire : {proposed} ?" in error.hint


def test_a_name_that_is_not_that_of_the_code_is_remarked(tmp_path: Path) -> None:
    given = row(code_insee="82025", longitude="", latitude="")
    wrong = check([write(tmp_path / "o.csv", {**given, "commune": "Montauban"})], KNOWN)
    assert "est celui de Bressols" in str(wrong.warnings[0])
    assert code_of(wrong) == "82025"
    right = check([write(tmp_path / "o.csv", {**given, "commune": "BRESSOLS"})], KNOWN)
    assert not right.warnings


def test_an_arrondissement_named_in_words_is_named_as_such(tmp_path: Path) -> None:
    found = listed(tmp_path, "Paris 12e", "75012")
    assert any("est un arrondissement de Paris (75056)" in str(w) for w in found.warnings)


def test_totals_by_name_of_commune_are_read(tmp_path: Path) -> None:
    given = {n: v for n, v in total().items() if n != "code_insee"}
    found = check([write(tmp_path / "t.csv", {"Commune": "Bressols", **given})], KNOWN)
    assert [r[0] for r in found.rows("totaux_communaux")] == ["82025"]


def test_an_identifier_that_nobody_gave_is_the_same_the_next_time(tmp_path: Path) -> None:
    given = {n: v for n, v in row(longitude="", latitude="").items() if n != "identifiant"}
    rows = [{**given, "nom": f"Crèche n° {n}", "code_insee": "82025"} for n in (1, 2)]
    first = check([write(tmp_path / "a.csv", *rows)], KNOWN).rows("offre")
    again = check([write(tmp_path / "b.csv", *reversed(rows))], KNOWN).rows("offre")
    assert (
        {r[0] for r in first}
        == {r[0] for r in again}
        == {
            "CRECHE-N-1-82025",
            "CRECHE-N-2-82025",
        }
    )


def test_a_prefecture_is_in_its_departement() -> None:
    assert all(code.startswith(departement) for departement, code in prefectures().items())
    assert prefectures()["82"] == "82121"
