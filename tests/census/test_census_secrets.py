"""Totals that contradict themselves, and rows of assistants maternels under any heading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from census_files import KNOWN, checked, row, total, write

from observatory.census.census_check import check
from observatory.census.commune_codes import Communes
from observatory.knowledge.privacy import MEND
from observatory.workbook.results import Checked


def of_totals(folder: Path, *figures: tuple[str, str]) -> Checked:
    """Check one total a pair of headcount and places, at dates of their own."""
    rows = [
        total(effectif=persons, places=places, depuis=f"20{n + 10}-01-01")
        for n, (persons, places) in enumerate(figures)
    ]
    return check([write(folder / "totaux.csv", *rows)], KNOWN)


def test_a_total_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    found = of_totals(tmp_path, ("20", "60"), ("0", "4"), ("1", "40"), ("1", "6"), ("1", "7"))
    assert [(p.row, p.column) for p in found.errors] == [
        (3, "places"),
        (4, "places"),
        (6, "places"),
    ]
    assert "personne n'accueille" in found.errors[0].what
    assert "plus de 6 par personne" in found.errors[1].what
    assert "jusqu'à 4 enfants, 6 par dérogation" in found.errors[1].hint
    assert [(p.row, p.what) for p in found.warnings] == [
        (5, "1 personne et 6 places, plus de 4 par personne")
    ]


@pytest.mark.parametrize(("persons", "places"), [("0", "0"), ("1", "4"), ("3", "12"), ("", "40")])
def test_a_likely_total_is_taken_without_a_word(tmp_path: Path, persons: str, places: str) -> None:
    found = of_totals(tmp_path, (persons, places))
    assert found.accepted == 1
    assert not found.warnings


def mam(folder: Path, *kinds: str, **given: str) -> Checked:
    """Check one establishment a kind, said in a column outside the contract."""
    rows = [
        {**row(identifiant=f"A{n}", nom=f"Les Lilas {n}", capacite="4", **given), "Type": kind}
        for n, kind in enumerate(kinds)
    ]
    return checked(folder, *rows)


def test_a_home_named_under_an_unknown_heading_is_refused(tmp_path: Path) -> None:
    found = mam(tmp_path, "MAM", "Municipale", "Maison d'assistantes maternelles")
    assert [(p.row, p.hint) for p in found.errors] == [(2, MEND), (4, MEND)]
    assert found.accepted == 1


@pytest.mark.parametrize(
    "kind", ["M.A.M.", "m a m", "Maisons d'assistants maternels", "Assistants maternels", "Assmat"]
)
def test_whatever_way_it_is_written(tmp_path: Path, kind: str) -> None:
    assert mam(tmp_path, kind).accepted == 0


@pytest.mark.parametrize("kind", ["Ouverte près de la MAM du bourg", "Mamers", "Micro-crèche", ""])
def test_a_remark_that_speaks_of_one_is_not_one(tmp_path: Path, kind: str) -> None:
    assert mam(tmp_path, kind).accepted == 1


def test_a_relais_may_say_whom_it_is_for(tmp_path: Path) -> None:
    assert mam(tmp_path, "Assistants maternels", service="rpe").accepted == 1


def test_the_places_refused_are_added_up_and_proposed_for_the_total(tmp_path: Path) -> None:
    found = mam(tmp_path, "MAM", "MAM", "crèche")
    (note,) = [n for n in found.notes if "lignes refusées" in n]
    assert note.startswith("62041 (Arras) : 8 places d'assistants maternels")
    assert "pas encore de total" in note
    assert "y sont-elles déjà ?" in note
    kept = {"totaux_communaux": [list(total().values())]}
    path = write(tmp_path / "offre.csv", {**row(), "Type": "MAM"})
    (note,) = [n for n in check([path], KNOWN, kept=kept).notes if "refusée" in n]
    assert "le recensement y compte 95 places" in note


def refused_note(tmp_path: Path, *rows: dict[str, str], communes: Communes = KNOWN) -> list[str]:
    path = write(tmp_path / "offre.csv", *({**r, "Type": "MAM"} for r in rows))
    return [n for n in check([path], communes).notes if "refusée" in n]


def test_places_refused_are_read_as_those_accepted_are(tmp_path: Path) -> None:
    words = ["12 places", "8", "10 pl.", "0"]
    rows = [row(identifiant=f"M{n}", capacite=word) for n, word in enumerate(words)]
    (note,) = refused_note(tmp_path, *rows)
    assert note.startswith(
        "62041 (Arras) : 20 places d'assistants maternels en 3 lignes refusées, "
        "dont 1 ligne dont le nombre ne se lit pas ;"
    )


def test_refused_places_whose_commune_cannot_be_read_are_told(tmp_path: Path) -> None:
    rows = [row(identifiant="A"), row(identifiant="B", code_insee="99999", capacite="12 places")]
    known, unread = sorted(refused_note(tmp_path, *rows))
    assert known.startswith("62041 (Arras) : 20 places")
    assert unread.startswith("commune qui ne se lit pas : 12 places d'assistants maternels en 1 l")


def test_refused_places_are_those_of_the_commune_that_their_row_names(tmp_path: Path) -> None:
    communes = replace(KNOWN, names={**KNOWN.names, "62223": "Chérisy"})
    rows = [
        {**row(identifiant="A", code_insee="62217"), "commune": "Beaurains", "code_postal": ""},
        {**row(identifiant="B", code_insee="62223"), "commune": "Arras", "code_postal": "62223"},
    ]
    (note,) = refused_note(tmp_path, *rows, communes=communes)
    assert note.startswith("commune qui ne se lit pas : 40 places")
