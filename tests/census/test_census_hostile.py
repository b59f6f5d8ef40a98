"""Files that are wrong, broken or meant to harm: a clear message or rows set aside, no crash."""

from __future__ import annotations

import contextlib
import resource
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from census_files import KNOWN, RIGHT, row, text, total, write, write_book
from generated import at_every_run

from observatory.census.census_check import check
from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import FileLimits
from observatory.workbook.rejected import write_rejected
from observatory.workbook.results import Checked

HEADINGS = list(RIGHT)
VALUES = list(RIGHT.values())


def whole(found: Checked) -> Checked:
    """No row is lost, and what is set aside can be written."""
    assert found.accepted + found.rejected == found.read
    return found


def refusal(path: Path, limits: FileLimits | None = None) -> str:
    with pytest.raises(WorkbookError) as caught:
        check([path], KNOWN, limits=limits)
    assert path.name in str(caught.value)
    return str(caught.value)


# --- what is not a census


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.csv", b"", "le fichier est vide"),
        ("blanc.csv", b"\xef\xbb\xbf\r\n \r\n", "le fichier est vide"),
        ("notes.csv", b"%PDF-1.7\n%\xe2\xe3", "le fichier est un PDF, pas un tableau"),
        ("page.csv", b"<!DOCTYPE html><html>", "le fichier est une page web, pas un tableau"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 400, "le fichier n'est pas du texte"),
        ("vieux.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien format (.xls)"),
        (
            "secret.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protégé par un mot de passe. L'enregistrer sans mot de passe.",
        ),
        ("casse.xlsx", b"PK\x03\x04" + b"rien" * 50, "le classeur est abîmé"),
        ("utf16.csv", "identifiant;nom\r\n".encode("utf-16"), "le texte est en UTF-16"),
        ("autre.csv", b"a;b;c\r\n1;2;3\r\n", "les titres des colonnes sont introuvables"),
    ],
)
def test_what_is_not_a_census_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in refusal(path)


def test_a_folder_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "c'est un dossier" in refusal(tmp_path)
    assert "le fichier n'existe pas" in refusal(tmp_path / "rien.csv")


def test_a_workbook_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "offre.xlsx", {"Établissements": [HEADINGS, VALUES] * 50})
    content = path.read_bytes()
    for size in range(40, len(content), 397):
        path.write_bytes(content[:size])
        assert refusal(path)


def test_a_workbook_whose_parts_are_damaged_is_refused_or_read_whole(tmp_path: Path) -> None:
    path = write_book(tmp_path / "offre.xlsx", {"Établissements": [HEADINGS, VALUES] * 20})
    content = path.read_bytes()
    for place in range(30, len(content), 61):
        path.write_bytes(content[:place] + b"\xff\x00\x7f" + content[place + 3 :])
        with contextlib.suppress(WorkbookError):
            whole(check([path], KNOWN))


def test_another_kind_of_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "offre.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "ce n'est pas un classeur Excel (.xlsx)" in refusal(path)


# --- too large


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "offre.csv"
    with path.open("wb") as file:
        file.write(text([row()]).encode())
        file.truncate(210_000_000)
    assert "le fichier fait 210 Mo, plus que les 60 Mo admis" in refusal(path)
    assert "OBSERVATORY_CENSUS_MAX_MB" in refusal(path)


def bomb(path: Path, size: int, *, declared: int | None = None) -> Path:
    write_book(path, {"Établissements": [HEADINGS, VALUES]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet9.xml", "w") as part:
            for _ in range(size // 1_000_000):
                part.write(b" " * 1_000_000)
        if declared is not None:
            archive.infolist()[-1].file_size = declared
            archive._didModify = True  # type: ignore[attr-defined]
    return path


@pytest.mark.parametrize(
    ("size", "declared"), at_every_run(1, [(60_000_000, 450_000_000), (450_000_000, None)])
)
def test_a_zip_bomb_is_refused_by_its_directory(
    tmp_path: Path, size: int, declared: int | None
) -> None:
    path = bomb(tmp_path / "offre.xlsx", size, declared=declared)
    assert path.stat().st_size < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "le classeur est anormal : il occuperait 4" in refusal(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB
    assert "il est comprimé" in refusal(bomb(tmp_path / "petit.xlsx", 60_000_000))


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = bomb(tmp_path / "offre.xlsx", 60_000_000, declared=1_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "le classeur est abîmé" in refusal(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def test_a_workbook_of_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "offre.xlsx", {"Établissements": [HEADINGS, VALUES]})
    with zipfile.ZipFile(path, "a") as archive:
        for n in range(2_100):
            archive.writestr(f"xl/x{n}.xml", "")
    assert "fichiers" in refusal(path)


def test_two_cells_at_opposite_corners_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "offre.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Établissements")
    page.write_row(0, 0, HEADINGS)
    page.write(1_048_575, 16_383, "x")
    book.close()
    assert "une feuille s'étend jusqu'à la cellule XFD1048576" in refusal(path)


def test_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    many = {**row(), **{f"colonne {n}": "x" for n in range(10_000)}}
    assert "le tableau a 10\u202f017 colonnes, plus que les 200 admises" in refusal(
        write(tmp_path / "offre.csv", many)
    )
    wide = write_book(
        tmp_path / "offre.xlsx", {"Établissements": [list(many), list(many.values())]}
    )
    assert "plus que les 200 admises" in refusal(wide)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.csv", *[row(identifiant=f"A{n}") for n in range(12)])
    assert "plus de 10 lignes" in refusal(path, FileLimits(max_rows=10))


@pytest.mark.campaign
def test_a_large_file_is_checked_in_bounded_memory(tmp_path: Path) -> None:
    path = write(
        tmp_path / "offre.csv", *[row(identifiant=f"A{n}", capacite="NC") for n in range(4_000)]
    )
    check([path], KNOWN)
    tracemalloc.start()
    try:
        whole(check([path], KNOWN))
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


# --- encodings, separators, quotes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_separators_of_french_offices_are_read(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write(
        tmp_path / "offre.csv",
        row(nom="Crèche « L'Œuf », ou presque ; ici"),
        encoding=encoding,
        delimiter=delimiter,
    )
    found = whole(check([path], KNOWN))
    assert found.rows("offre")[0][1] == "Crèche « L'Œuf », ou presque ; ici"
    said = any("Windows-1252" in note for note in found.notes)
    assert said == (encoding == "cp1252")


def test_a_text_of_two_encodings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "offre.csv"
    path.write_bytes(text([row(nom="Crèche")]).encode() + "A2;Crèche\r\n".encode("cp1252"))
    assert "le texte mêle deux encodages, UTF-8 et un autre (ligne 3)" in refusal(path)
    path.write_bytes(text([row()]).encode() + b"A2;\x81\x8d\r\n")
    assert "ni en UTF-8 (ligne 3) ni en Windows-1252 (ligne 3)" in refusal(path)


def test_a_quote_left_open_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = text([row(identifiant=f"A{n}") for n in range(6)]).splitlines()
    lines[3] = lines[3].replace("Crèche", '"Crèche')
    path = tmp_path / "offre.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = whole(check([path], KNOWN))
    assert (found.read, found.accepted) == (6, 5)
    assert str(found.errors[0]).startswith("offre.csv, ligne 4 : un guillemet")
    lines[5] = lines[5].replace("Lutins;", 'Lutins";')  # the two would pair over two rows
    path.write_text("\n".join(lines), encoding="utf-8")
    assert whole(check([path], KNOWN)).read == 6


def test_a_line_break_inside_a_cell_is_one_row_for_the_spreadsheet(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.csv", row(adresse="12 rue\r\ndes Écoles"), row(capacite="x"))
    found = whole(check([path], KNOWN))
    assert "12 rue des Écoles" in found.rows("offre")[0]
    assert found.errors[0].row == 3


# --- headings


def test_headings_are_found_under_a_title_and_over_a_second_row_of_them(tmp_path: Path) -> None:
    titles = ["Identifiant", "Nom", "Service", "Statut", *[""] * 13]
    lines = [["Recensement 2026"], [], titles, HEADINGS, VALUES]
    book = write_book(tmp_path / "offre.xlsx", {"Établissements": lines})
    found = whole(check([book], KNOWN))
    assert found.accepted == 1
    assert any("titres des colonnes trouvés ligne 4" in n for n in found.notes)
    lines = [HEADINGS, titles, VALUES]
    book = write_book(tmp_path / "deux.xlsx", {"Établissements": lines})
    found = whole(check([book], KNOWN))
    assert found.accepted == found.read == 1
    assert any("ligne 2 : seconde ligne de titres" in n for n in found.notes)


def test_headings_repeated_among_the_rows_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "offre.csv"
    path.write_text(text([row(), row(identifiant="B")]) + text([row(identifiant="C")]), "utf-8")
    found = whole(check([path], KNOWN))
    assert (found.read, found.accepted) == (4, 3)
    assert "les titres des colonnes sont répétés" in str(found.errors[0])


def test_missing_and_duplicate_columns_are_all_named(tmp_path: Path) -> None:
    lines = text([row()]).replace("statut;", "nom;").replace(";capacite;", ";contenance;")
    path = tmp_path / "offre.csv"
    path.write_text(lines, encoding="utf-8")
    said = refusal(path)
    assert "la colonne « nom » est là 2 fois (B et D). N'en garder qu'une." in said
    assert "la colonne « capacite » manque." in said
    assert "la colonne « statut » manque." in said


def test_a_comma_too_many_sets_the_row_aside(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.csv", row(), delimiter=",")
    path.write_text(path.read_text("utf-8").replace("2.77,", "2,77,"), "utf-8")
    found = whole(check([path], KNOWN))
    assert "au-delà de la dernière colonne (R)" in str(found.errors[0])
    written = write_rejected(found, tmp_path)[0]
    assert "en_trop" in written.read_text("utf-8-sig").splitlines()[0]
    assert whole(check([written], KNOWN)).accepted == 0


# --- cells


def test_merged_cells_are_said_and_cost_no_row(tmp_path: Path) -> None:
    path = tmp_path / "offre.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Établissements")
    for n, line in enumerate([HEADINGS, VALUES, ["B", "", *VALUES[2:]]]):
        page.write_row(n, 0, line)
    page.merge_range(1, 1, 2, 1, "Crèche Les Lutins")
    book.close()
    found = whole(check([path], KNOWN))
    assert found.accepted == 1
    assert "la cellule fait partie de cellules fusionnées (B2:B3)" in str(found.errors[0])
    assert "les cellules B2:B3 sont fusionnées" in str(found.warnings[0])


def test_invisible_characters_are_taken_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "offre.csv"
    path.write_bytes(text([row(nom="Crè\0che\x07 \u202eLes Lutins\ufeff")]).encode())
    found = whole(check([path], KNOWN))
    assert "Crèche Les Lutins" in found.rows("offre")[0]
    assert "des caractères invisibles ont été retirés" in str(found.warnings[0])


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0", "+33 1", "-Les Lutins", "@SUM(A1)", "<script>alert(1)</script>",
        "<b>Crèche</b>", "'); DROP TABLE offre; --", "${7*7}", "{{ 7*7 }}", "'=1+1", "''",
        "# dièse", '"guillemets"', "\\", "NULL", "nan", "None", "0012", "1e5", "VRAI", "😀 Crèche",
    ],
)  # fmt: skip
def test_text_stays_text_whatever_it_looks_like(tmp_path: Path, name: str) -> None:
    found = whole(check([write(tmp_path / "offre.csv", row(nom=name))], KNOWN))
    expected = "=1+1" if name == "'=1+1" else name  # a spreadsheet's own apostrophe is undone
    assert found.rows("offre")[0][1] == expected


def test_a_cell_of_a_million_characters_is_set_aside(tmp_path: Path) -> None:
    for n, size in enumerate((100_000, 1_000_000)):
        path = write(tmp_path / f"offre{n}.csv", row(nom="x" * size), row(identifiant="B"))
        found = whole(check([path], KNOWN))
        assert (found.read, found.accepted) == (2, 1)
        assert len(str(found.errors[0])) < 400
        assert write_rejected(found, tmp_path)


@pytest.mark.campaign
@pytest.mark.parametrize(
    "filling", at_every_run(1, ["1 ", "maison de ", " ", "\u00a0 ", ",", "relais ", "(", "'"])
)
def test_no_cell_takes_more_time_than_its_length(tmp_path: Path, filling: str) -> None:
    cell = (filling * 120_000)[:120_000] + "\x07matern1"
    found = whole(check([write(tmp_path / "o.csv", dict.fromkeys(RIGHT, cell))], KNOWN))
    start = time.perf_counter()
    found = whole(check([write(tmp_path / "o.csv", dict.fromkeys(RIGHT, cell))], KNOWN))
    assert time.perf_counter() - start < 5
    assert found.rejected == 1


def test_rows_set_aside_come_back_without_a_live_formula(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.csv", row(nom="=1+1", capacite="-12"), {**row(), "nom": "@x"})
    found = whole(check([path], KNOWN))
    for line in write_rejected(found, tmp_path)[0].read_text("utf-8-sig").splitlines():
        assert not any(c[:1] in ("=", "+", "-", "@") for c in line.replace('"', "").split(";"))


def test_a_sheet_that_is_not_of_the_census_is_left_out_and_said(tmp_path: Path) -> None:
    sheets = {"Établissements": [HEADINGS, VALUES], "Brouillon": [["a", "b"], [1, 2]], "Vide": []}
    found = whole(check([write_book(tmp_path / "offre.xlsx", sheets)], KNOWN))
    assert [p.where for p in found.warnings] == ["offre.xlsx, feuille « Brouillon »"]
    alone = write_book(tmp_path / "rien.xlsx", {"Brouillon": [["a", "b"], [1, 2]]})
    assert "aucune feuille du recensement" in refusal(alone)


def test_every_kind_of_cell_of_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "offre.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Établissements")
    page.write_row(0, 0, HEADINGS)
    for n, cell in enumerate((True, 0.5, 1e300, "#DIV/0!", "x" * 32_000), 1):
        for column in range(len(HEADINGS)):
            page.write(n, column, cell)
    book.close()
    assert whole(check([path], KNOWN)).read == 5


def test_totals_that_tell_of_a_person_are_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path / "totaux.csv",
        {**total(), "téléphone": "06 00 00 00 00"},
        {**total(code_insee="62099"), "téléphone": ""},
    )
    found = whole(check([path], KNOWN))
    assert found.accepted == 1
    message = str(found.errors[0])
    assert "un total communal n'en désigne aucune. Supprimer cette colonne du fichier." in message
    assert "06" not in message


def test_bytes_at_random_never_crash(tmp_path: Path) -> None:
    start = text([row()]).encode()
    for n in range(120):
        noise = bytes((n * 31 + k * k * 7) % 256 for k in range(200))
        path = tmp_path / f"bruit{n}.csv"
        path.write_bytes((start if n % 2 else b"") + noise)
        with contextlib.suppress(WorkbookError):
            whole(check([path], KNOWN))


def test_an_empty_table_has_no_row_and_no_error(tmp_path: Path) -> None:
    path = tmp_path / "offre.csv"
    path.write_text(";".join(HEADINGS) + "\n", "utf-8")
    found = whole(check([path], KNOWN))
    assert found.read == 0
    assert found.summary() == "0 ligne lue, 0 acceptée, 0 mise de côté."
