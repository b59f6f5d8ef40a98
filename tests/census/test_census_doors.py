"""Each door of the census: cells, words and files of other kinds, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from census_files import KNOWN, checked, errors, row, total, warnings, write, write_book

from observatory.census.census_check import check
from observatory.census.file_names import LONGEST_NAME, own_file_name, told_files
from observatory.census.sheets import choices
from observatory.workbook.problems import WorkbookError
from observatory.workbook.rejected import write_rejected
from observatory.workbook.results import Checked


def totals(folder: Path, **given: str) -> Checked:
    return check([write(folder / "totaux_communaux.csv", total(**given))], KNOWN)


def only(found: list[str]) -> str:
    assert len(found) == 1, found
    return found[0]


# --- a cell


@pytest.mark.parametrize(
    "text",
    ["8 4", "1 5", "2 0", "8\n4", "8\n400", "8\t400", "12 00", "1 2345", "1  200", "1 200 3"],
)
def test_digits_apart_are_not_one_number(tmp_path: Path, text: str) -> None:
    assert "n'est pas un nombre de places" in only(errors(tmp_path, capacite=text))


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_a_space_parts_thousands_before_three_digits(tmp_path: Path, space: str) -> None:
    found = checked(tmp_path, row(service="alsh", jour="mercredi", capacite=f"1{space}200"))
    assert "1200" in found.rows("offre")[0]


def test_a_headcount_over_the_mask_is_not_made_of_two_under_it(tmp_path: Path) -> None:
    assert "« 1 2 » n'est pas un effectif" in str(totals(tmp_path, effectif="1 2").errors[0])


@pytest.mark.parametrize("text", ["20001", "7000000", "9" * 40])
def test_a_headcount_has_an_upper_bound(tmp_path: Path, text: str) -> None:
    assert "n'est pas un effectif plausible" in str(totals(tmp_path, effectif=text).errors[0])
    assert not totals(tmp_path, effectif="20000", places="60000").errors


@pytest.mark.parametrize(
    ("column", "error"), [("fermeture", "#N/A"), ("capacite", "#DIV/0!"), ("gestionnaire", "#REF!")]
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_error_of_the_spreadsheet_is_not_an_empty_cell(
    tmp_path: Path, kind: str, column: str, error: str
) -> None:
    wrong = row(**{column: error})
    if kind == "csv":
        found = checked(tmp_path, wrong)
    else:
        path = tmp_path / "offre.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Établissements")
            sheet.write_row(0, 0, list(wrong))
            sheet.write_row(1, 0, list(wrong.values()))
            sheet.write_formula(1, list(wrong).index(column), "=NA()", None, error)
        found = check([path], KNOWN)
    assert found.accepted == 0
    assert f"colonne « {column} » : « {error} » est une erreur du tableur" in str(found.errors[0])


def test_an_error_in_a_cell_that_two_blocks_share_is_seen(tmp_path: Path) -> None:
    # The sheet is read by blocks of a megabyte: a cell may begin in one and end in the next.
    path = tmp_path / "offre.xlsx"
    lines = [list(row()), *[list(row(identifiant=f"A{n}").values()) for n in range(9000)]]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Établissements")
        for n, line in enumerate(lines):
            sheet.write_row(n, 0, line)
            if n:
                sheet.write_formula(n, list(row()).index("fermeture"), "=NA()", None, "#N/A")
    assert check([path], KNOWN).rejected == 9000


# --- an identifier, a word


@pytest.mark.parametrize("same", ["A1\u200f", "A1\u200d", "A\u00ad1", "А1", "Ａ1", "A1\ufe0f"])
def test_identifiers_that_look_alike_are_one(tmp_path: Path, same: str) -> None:
    found = checked(tmp_path, row(identifiant="A1"), row(identifiant=same))
    assert "cette capacité de « A1 » est déjà dite ligne 2" in str(found.errors[0])


def test_a_letter_of_another_alphabet_is_told(tmp_path: Path) -> None:
    assert any("Lu comme « A1 »" in w for w in warnings(tmp_path, row(identifiant="А1")))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Municipale", "public"), ("Associative", "associatif"), ("Entreprise", "prive"),
        ("Privée", "prive"), ("CCAS", "public"), ("Mutualiste", "associatif"), ("SARL", "prive"),
    ],
)  # fmt: skip
def test_a_status_is_read_in_the_words_that_people_write(
    tmp_path: Path, written: str, read: str
) -> None:
    assert read in checked(tmp_path, row(statut=written)).rows("offre")[0]


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("Micro-crèche", "eaje_hors_psu"), ("Multi-accueil", "eaje_psu"),
        ("Centre de loisirs", "alsh"), ("RAM", "rpe"),
    ],
)  # fmt: skip
def test_a_service_said_in_other_words_is_offered_not_guessed(
    tmp_path: Path, written: str, offered: str
) -> None:
    label = choices("service")[offered]
    said = f"Vouliez-vous dire : {label} ({offered}) ?"
    assert said in only(errors(tmp_path, service=written))


def test_a_capacity_of_nothing_is_remarked(tmp_path: Path) -> None:
    assert "la capacité est 0" in only(warnings(tmp_path, row(capacite="0")))


def test_a_point_before_three_zeros_is_remarked(tmp_path: Path) -> None:
    assert "« 1.000 » est lu 1, pas 1 mille" in only(warnings(tmp_path, row(capacite="1.000")))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("75101", "75101 est un arrondissement de Paris (75056)"),
        ("13216", "13216 est un arrondissement de Marseille (13055)"),
        ("69389", "69389 est un arrondissement de Lyon (69123)"),
    ],
)
def test_an_arrondissement_is_called_one_and_its_row_joins_the_city(
    tmp_path: Path, code: str, said: str
) -> None:
    place = {"longitude": "", "latitude": ""}
    found = checked(tmp_path, row(code_insee=code, **place))
    assert any(said in str(w) for w in found.warnings)
    assert said[-6:-1] in found.rows("offre")[0]


@pytest.mark.parametrize("code", ["75121", "13200", "69390"])
def test_a_code_beside_the_arrondissements_is_none_of_them(tmp_path: Path, code: str) -> None:
    found = checked(tmp_path, row(code_insee=code, longitude="", latitude=""))
    assert not any("arrondissement" in str(w) for w in found.warnings)


# --- a file of another kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("l.geojson", b'{"type":"FeatureCollection","features":[]}', "c'est un fichier GeoJSON"),
        ("l.json", b'[{"nom": "Les Lutins"}]', "c'est un fichier JSON"),
        ("l.pdf", b"%PDF-1.7 ...", "le fichier est un PDF"),
        ("l.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien format (.xls)"),
    ],
)
def test_a_file_of_another_kind_is_named(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(WorkbookError) as caught:
        check([path], KNOWN)
    assert said in str(caught.value)


def test_bars_between_the_cells_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.csv", row(), delimiter="|")
    assert check([path], KNOWN).accepted == 1


def test_a_tsv_is_read_as_a_csv(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.tsv", row(), row(identifiant="B", capacite="?"), delimiter="\t")
    found = check([path], KNOWN)
    assert (found.accepted, found.rejected) == (1, 1)
    assert [p.name for p in write_rejected(found, tmp_path)] == ["offre_a_corriger.csv"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("crèches 2026.csv", "crèches 2026.csv"),
        ("C:\\Users\\moi\\Liste.CSV", "Liste.csv"),
        ("../../etc/passwd", "passwd"),
        ("--replace.csv", "replace.csv"),
        (".", "liste"),
        ("", "liste"),
        ("a\x00b\n<i>.xlsx", "a b i .xlsx"),
        ("x" * 300 + ".xlsx", "x" * 75 + ".xlsx"),
    ],
)
def test_the_name_of_a_file_is_kept_without_path_nor_oddity(given: str, kept: str) -> None:
    assert own_file_name(given) == kept
    assert len(kept) <= LONGEST_NAME


def test_a_line_of_the_journal_names_a_few_files() -> None:
    assert told_files(["a.csv", "b.csv"]) == "a.csv, b.csv"
    assert told_files(f"{n}.csv" for n in range(7)).endswith("4.csv et 2 autres")
    assert len(told_files(["é" * 300 + ".csv"])) == LONGEST_NAME


def test_inner_names_that_are_no_text_get_a_sentence(tmp_path: Path) -> None:
    path = write_book(tmp_path / "offre.xlsx", {"Établissements": [list(row())]})
    content = path.read_bytes().replace(b"xl/styles.xml", b"xl/styl\xe9s.xml")
    # Flag 11 of each entry says that its name is UTF-8, which it no longer is.
    for mark, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        place = -1
        while (place := content.find(mark, place + 1)) >= 0:
            content = content[: place + at] + b"\x08" + content[place + at + 1 :]
    path.write_bytes(content)
    with pytest.raises(WorkbookError) as caught:
        check([path], KNOWN)
    assert "le classeur est abîmé" in str(caught.value)


# --- a date with its time zone, or its day of the week


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("2024-09-01T00:00:00Z", "2024-09-01", ""),
        ("2024-09-01 00:00:00+02:00", "2024-09-01", ""),
        ("2024-08-31T22:00:00Z", "2024-09-01", "est lu 2024-09-01"),
        ("31/08/2024 20:30-0400", "2024-09-01", "est lu 2024-09-01"),
        ("lundi 2 septembre 2024", "2024-09-02", ""),
        ("dimanche 2 septembre 2024", "2024-09-02", "est un lundi, pas un dimanche"),
    ],
)
def test_a_time_zone_and_a_weekday_are_read(tmp_path: Path, text: str, day: str, said: str) -> None:
    found = checked(tmp_path, row(ouverture=text))
    assert found.rows("offre")[0][12] == day
    told = [str(w) for w in found.warnings if w.column == "ouverture"]
    assert [said in t for t in told] == ([True] if said else [])


@pytest.mark.parametrize("text", ["2024-09-01T25:00:00Z", "01/09/2024 12:75", "01/09/2024 24:30"])
def test_a_time_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    assert "n'a pas une heure du jour" in only(errors(tmp_path, ouverture=text))
