"""Files that are no plan, broken or meant to harm: one clear sentence, nothing kept."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path

import pytest
from plan_files import ACTION, action, book, sheet_file

from observatory.plan.plan_check import check
from observatory.plan.plan_rows import plan_contract
from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import FileLimits

ZIP_OF_NOTHING = b"PK\x03\x04" + b"rien" * 50


def refusal(path: Path, limits: FileLimits | None = None) -> str:
    with pytest.raises(WorkbookError) as caught:
        check([path], limits=limits)
    assert path.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.csv", b"", "le fichier est vide"),
        ("notes.csv", b"%PDF-1.7\n%\xe2\xe3", "le fichier est un PDF"),
        ("page.xlsx", b"<!DOCTYPE html><html>", "une page web"),
        ("casse.xlsx", ZIP_OF_NOTHING, "le classeur est abîmé"),
        ("vieux.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien format"),
        ("autre.csv", b"a;b;c\r\n1;2;3\r\n", "observatory plan template"),
        ("offre.csv", b"service;capacite\neaje;3\n", "les titres des colonnes sont introuvables"),
    ],
)
def test_what_is_no_plan_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in refusal(path)


def test_a_workbook_without_any_sheet_of_a_plan_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "plan.xlsx", actions=[ACTION])
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"identifiant", b"zzz")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert "la colonne « identifiant » manque" in refusal(path)


def test_a_damaged_workbook_is_refused_or_read_whole(tmp_path: Path) -> None:
    path = book(tmp_path / "plan.xlsx", actions=[action(identifiant=f"A{n}") for n in range(30)])
    content = path.read_bytes()
    for place in range(30, len(content), 211):
        path.write_bytes(content[:place] + b"\xff\x00\x7f" + content[place + 3 :])
        with contextlib.suppress(WorkbookError):
            found = check([path])
            assert found.accepted + found.rejected == found.read


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = sheet_file(tmp_path / "plan.csv", [ACTION] * 50)
    assert "plus que les" in refusal(path, FileLimits(max_bytes=500))


def test_cells_that_would_cheat_a_reader_are_read_as_they_are_seen(tmp_path: Path) -> None:
    hidden = action(titre="Forum\u202e\u200b des associations", identifiant="\u0410-1")
    found = check([sheet_file(tmp_path / "plan.csv", [hidden])])
    ((id_, _, _, titre, *_),) = found.rows("actions")
    assert (id_, titre) == ("A-1", "Forum des associations")
    assert any("caractères invisibles" in str(w) for w in found.warnings)


def test_a_row_with_a_cell_too_many_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("identifiant;axe;titre\nA1;Axe;Un ; deux\nA2;Axe;Bon\n", encoding="utf-8")
    found = check([path])
    assert (found.accepted, found.rejected) == (1, 1)
    assert "au-delà de la dernière colonne" in str(found.errors[0])


def test_an_error_of_the_spreadsheet_is_no_empty_cell(tmp_path: Path) -> None:
    found = check([book(tmp_path / "plan.xlsx", actions=[action(debut="#REF!")])])
    assert "erreur du tableur" in str(found.errors[0])


def test_hundreds_of_communes_or_a_huge_number_do_no_harm(tmp_path: Path) -> None:
    many = " ".join(f"62{n:03}" for n in range(890))
    money = {"action": "A1", "financeur": "Caf", "montant_euros": "9" * 39}
    path = book(tmp_path / "plan.xlsx", actions=[action(communes=many)], financements=[money])
    found = check([path])
    (row,) = found.rows("actions")
    assert row[plan_contract().sheet("actions").stored.index("communes")].count(",") == 889
    assert "plausible" in str(found.errors[0])
