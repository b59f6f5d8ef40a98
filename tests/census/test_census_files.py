"""The template, the manual and the contract say the same thing."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import python_calamine
from census_files import KNOWN, RIGHT, write

from observatory.census import manual
from observatory.census.census_check import check
from observatory.census.sheets import census_contract, choices, sheet, sheets
from observatory.french.vocabulary import STATUSES
from observatory.knowledge.nomenclature import nomenclature
from observatory.workbook.contract import HELP_SHEET
from observatory.workbook.problems import WorkbookError
from observatory.workbook.template import explanations, write_files

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_the_manual_holds_every_column_and_is_up_to_date() -> None:
    text = manual.MANUAL.read_text(encoding="utf-8")
    for known in sheets():
        assert f"Feuille « {known.title} » (`{known.name}.csv`)" in text
        for column in known.columns:
            assert f"| `{column.name}` | {column.meaning} |" in text
            for id_ in choices(column.choices):
                assert id_ in text
    assert manual.with_section(text) == text, "run: python -m observatory.census.manual"


def test_the_manual_shows_messages_as_they_are(tmp_path: Path) -> None:
    text = manual.MANUAL.read_text(encoding="utf-8")
    rows = [{**RIGHT, "identifiant": f"A{n}"} for n in range(12)]
    found = check([write(tmp_path / "offre.csv", *rows, {**RIGHT, "capacite": "vingt"})], KNOWN)
    assert str(found.errors[0]) in text


def test_every_example_of_the_contract_is_accepted(tmp_path: Path) -> None:
    for known in sheets():
        example = {c.name: c.example for c in known.columns if c.name != "jour"}
        example["code_insee"] = "62041"
        lambert = {"x_lambert93": "", "y_lambert93": ""}
        example |= lambert if known.name == "offre" else {}
        place = {"identifiant": "RPE-01"} if known.name == "communes_desservies" else {}
        files = [write(tmp_path / f"{known.name}.csv", {**example, **place})]
        if place:
            files.append(write(tmp_path / "o.csv", {**RIGHT, **place}))
        assert not check(files, KNOWN).errors


def test_lists_come_from_the_nomenclature() -> None:
    names = nomenclature()
    listed = {*choices("service"), *choices("total_service")}
    assert listed == {i for i, s in names.services.items() if s.grain != "composite"}
    assert "assistants_maternels" not in choices("service")
    assert dict(choices("status")) == STATUSES
    assert dict(choices("day_type")) == names.day_types


def test_the_template_has_its_sheets_headings_and_explanations(tmp_path: Path) -> None:
    (path,) = write_files(census_contract(), tmp_path / "new" / "offre.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(path)
    for known in sheets():
        (headings, *rows) = book.get_sheet_by_name(known.title).to_python()
        assert headings == [c.name for c in known.columns if c.written]
        assert not rows
    told = {tuple(r[:2]) for r in book.get_sheet_by_name(HELP_SHEET).to_python()}
    assert {(s.title, c.name) for s in sheets() for c in s.columns} <= told
    assert all(all(line) for line in explanations(census_contract()))
    assert check([path], KNOWN).read == 0


def test_the_template_offers_lists_that_the_check_accepts(tmp_path: Path) -> None:
    (path,) = write_files(census_contract(), tmp_path / "offre.xlsx")
    with zipfile.ZipFile(path) as archive:
        page = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    sources = [v.findtext(f"{MAIN}formula1", "") for v in page.iter(f"{MAIN}dataValidation")]
    assert len(sources) == 6  # service, statut, jour, demonstration, horaires, handicap
    lists = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("Listes").to_python()
    found = set()
    for source in sources:
        place, last = re.fullmatch(r"Listes!\$([A-Z])\$1:\$[A-Z]\$(\d+)", source).groups()  # type: ignore[union-attr]
        found |= {lists[n][ord(place) - 65] for n in range(int(last))}
    assert found == {
        label
        for kind in ("service", "status", "day_type", "yes")
        for label in choices(kind).values()
    }
    for n, label in enumerate(choices("service").values()):
        row = {**RIGHT, "service": label, "capacite": "1", "identifiant": f"A{n}"}
        days = {"jour": "été"} if "loisirs" in label else {}
        assert not check([write(tmp_path / "o.csv", {**row, **days})], KNOWN).errors


def test_the_csv_template_is_a_file_a_sheet(tmp_path: Path) -> None:
    written = write_files(census_contract(), tmp_path / "offre.csv")
    assert [p.name for p in written] == [
        "offre.csv", "offre_communes_desservies.csv", "offre_totaux_communaux.csv",
        "offre_eleves.csv", "offre_competences.csv",
    ]  # fmt: skip
    for path, known in zip(written, sheets(), strict=True):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        headings = content.decode("utf-8-sig").split("\r\n")[0].split(";")
        assert headings == [c.name for c in known.columns if c.written]
    assert check(written, KNOWN).read == 0


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="ce type de fichier n'est pas prévu"):
        write_files(census_contract(), tmp_path / "offre.ods")


def test_the_store_keeps_what_the_pipeline_reads() -> None:
    kept = sheet("offre").stored
    assert kept[:17] == tuple(RIGHT)
    assert kept[17:19] == ("position", "score_geocodage")
    assert kept[19:] == (
        "occupation",
        "demandes_non_satisfaites",
        "horaires_atypiques",
        "accueil_handicap",
        "fin_convention",
        "bonus",
        "note",
    )
