"""A second contract, three columns of a made-up sheet, goes all the way with no other code."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import python_calamine
from census_files import write_book

from observatory.workbook.checking import check_workbook
from observatory.workbook.contract import Contract, SheetRow, column, sheet_of
from observatory.workbook.problems import WorkbookError
from observatory.workbook.readers import DATE, Day, Identifier, Number
from observatory.workbook.rejected import write_rejected
from observatory.workbook.results import Rows
from observatory.workbook.stored import canonical, merged, read_back
from observatory.workbook.template import write_files


class Project(SheetRow):
    """One place planned."""

    projet: Identifier = column("Projet", "Son nom court.", "Texte", "P1", aliases=("id",))
    places: Number = column("Places prévues", "Combien.", "Un nombre", "12", default=None)
    echeance: Day = column("Échéance", "Quand.", DATE, "2027-09-01", default=None)


CONTRACT = Contract(
    title="Projets",
    of_it="des projets",
    sheets=(sheet_of("projets", "Projets", Project, ("projet",)),),
    introduction=("Une ligne par projet.",),
)
HEADINGS = ["projet", "places", "echeance"]


def as_kept(rows: Rows) -> Rows:
    (sheet,) = CONTRACT.sheets
    return read_back(sheet, canonical(sheet, rows))


def test_the_template_holds_the_columns_and_explains_them(tmp_path: Path) -> None:
    (path,) = write_files(CONTRACT, tmp_path / "projets.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Projets", "Mode d'emploi", "Listes"]
    assert book.get_sheet_by_name("Projets").to_python() == [HEADINGS]
    help_rows = book.get_sheet_by_name("Mode d'emploi").to_python()
    assert help_rows[0][0] == "Projets : mode d'emploi"
    assert ["Projets", "places", "Places prévues", "Combien.", "non", "Un nombre", 12] in [
        [*row[:6], int(row[6])] for row in help_rows if row[1] == "places"
    ]


def test_check_load_rejected_rows_and_export_go_round(tmp_path: Path) -> None:
    lines = [
        ["Projet", "Places prévues", "Échéance", "Notes"],
        ["P1", 12, date(2027, 9, 1), "libre"],
        ["P2", "douze", "", ""],
        ["P1", 8, "", ""],
        ["P3", "7,5", "1er janvier 2028", ""],
    ]
    path = write_book(tmp_path / "projets.xlsx", {"Projets": lines})
    found = check_workbook(CONTRACT, [path])
    assert (found.read, found.accepted, found.rejected) == (4, 2, 2)
    assert found.rows("projets") == [["P1", "12", "2027-09-01"], ["P3", "7.5", "2028-01-01"]]
    told = [str(p) for p in found.errors]
    assert told[0].startswith(
        "projets.xlsx, feuille « Projets », ligne 3, colonne « places » : « douze » n'est pas un "
        "nombre."
    )
    assert "cette ligne est déjà ligne 2." in told[1]
    assert [p.what for p in found.warnings] == [
        "cette colonne n'est pas des projets : elle est ignorée, rien n'en est gardé"
    ]
    kept = {"projets": as_kept(found.rows("projets"))}
    assert kept["projets"] == found.rows("projets")

    (aside,) = write_rejected(found, tmp_path / "out")
    assert aside.name == "projets_a_corriger.xlsx"
    rejected = python_calamine.CalamineWorkbook.from_path(aside).get_sheet_by_index(0).to_python()
    assert rejected[0] == ["Projet", "Places prévues", "Échéance", "Notes", "a_corriger"]
    assert [row[0] for row in rejected[1:]] == ["P2", "P1"]
    again = check_workbook(
        CONTRACT,
        [write_book(tmp_path / "c.xlsx", {"Projets": [*rejected[:1], ["P2", 12, "", ""]]})],
    )
    assert again.complete
    after = merged(CONTRACT, kept, again, again.complete)
    assert [r[0] for r in after["projets"]] == ["P1", "P3", "P2"]

    for out in ("export.csv", "export.xlsx"):
        (written,) = write_files(CONTRACT, tmp_path / out, after)
        assert check_workbook(CONTRACT, [written]).rows("projets") == after["projets"]


def test_a_file_of_something_else_is_refused_in_the_words_of_the_contract(tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["nom", "adresse"], ["a", "b"]])
    (tmp_path / "autre.csv").write_text(text.getvalue())
    with pytest.raises(WorkbookError, match="au moins : projet"):
        check_workbook(CONTRACT, [tmp_path / "autre.csv"])
