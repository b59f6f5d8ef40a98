"""Workbooks and international CSV: read back by others, the same figures, never a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from gap_cells import values
from generated import at_every_run, tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from observatory.errors import RequestError
from observatory.files.excel import gaps_xlsx, number_format
from observatory.files.formats import FORMATS, Wanted, content, write_gaps
from observatory.files.gap_table import columns, gap_table, gaps_csv
from observatory.french import numbers
from observatory.french.spreadsheet import LONGEST, clean_text, excel_text, safe_text
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.versions import record

Con = duckdb.DuckDBPyConnection
DAY = date(2023, 12, 31)
HEADINGS = [column.heading for column in columns().values()]
HOSTILE = (
    "=cmd|'/C calc'!A0",
    "bell\x07 null\x00 escape\x1b",
    "\ud800 alone",
    "é" * 40_000,
    '=HYPERLINK("http://exemple.invalid")',
    "<script>alert(1)</script>",
    "tab\there",
    "two\nlines\r\nand\rmore",
    '"; DROP TABLE "',
    "👩‍👧 Crèche",
    "_x0041_ and &amp;",
    "\ufffe\uffff",
    "👶" * 20_000,
    "  spaces  ",
    "http://exemple.invalid",
    "00123",
)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def international(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def named(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """As many rows as names, every text cell of a row that hostile name."""
    rows = pd.concat([table.iloc[[0]]] * len(names), ignore_index=True)
    text = pd.Series(names, dtype=object)  # a half of a pair of characters is no other text's
    return rows.assign(name=text, reliability=text)


@pytest.fixture(scope="module")
def everything(embedded: Con) -> pd.DataFrame:
    """The gap table of the default with every service: to be read, never written."""
    return gap_table(embedded, Question(as_of=DAY))


@pytest.fixture(scope="module")
def tiny_everything(tiny_four: Con) -> pd.DataFrame:
    return gap_table(tiny_four, Question(as_of=DAY))


@pytest.fixture(scope="module")
def creches(embedded: Con) -> pd.DataFrame:
    """The gaps of the crèches of the default, by every need: to be read."""
    return gap_table(embedded, Question("eaje", as_of=DAY))


@pytest.fixture(scope="module")
def three(tiny_three: Con) -> pd.DataFrame:
    """The gaps of the crèches of three communes by the rate of France: to be read."""
    return gap_table(tiny_three, Question("eaje", definition="reference_nat", as_of=DAY))


# --- the same figures in every format


def test_the_workbook_holds_the_gap_table_cell_by_cell(
    embedded: Con, everything: pd.DataFrame
) -> None:
    table = everything
    head, *rows = sheets(gaps_xlsx(embedded, table, DAY))["Écarts"]
    assert head == HEADINGS
    assert len(rows) == len(table)
    for n, (name, column) in enumerate(columns().items()):
        for cell, value in zip((row[n] for row in rows), table[name], strict=True):
            if pd.isna(value) or value == "":
                assert cell == "", column.heading
            elif column.type in ("string", "date"):
                assert cell == value, column.heading
            else:
                assert isinstance(cell, float)
                assert cell == pytest.approx(float(value), abs=1e-8), column.heading


def test_the_international_csv_holds_the_gap_table_cell_by_cell(everything: pd.DataFrame) -> None:
    table = everything
    content = gaps_csv(table, international=True)
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == len(table) + 1
    rows = international(content)
    assert list(rows[0]) == HEADINGS
    for name, column in columns().items():
        cells = [row[column.heading] for row in rows]
        if column.type == "string":
            assert cells == ["" if pd.isna(v) else v for v in table[name]]
        elif column.type == "date":
            assert set(cells) == {"2023-12-31"}
        else:
            expected = values(table, name, column)
            assert [float(c) if c else None for c in cells] == expected, column.heading


def test_every_figure_is_rounded_as_on_the_screens(everything: pd.DataFrame) -> None:
    table = everything
    services = nomenclature().services
    for name, column in columns().items():
        if column.type != "decimal":
            continue
        for written, value, service in zip(
            values(table, name, column), table[name], table["service"], strict=True
        ):
            more = 1 if column.decimals and services[service].decimals else 0
            assert written == numbers.rounded(value, column.decimals + more)


def test_the_french_and_the_international_csv_say_the_same(tiny_everything: pd.DataFrame) -> None:
    table = tiny_everything
    french = csv.DictReader(
        io.StringIO(gaps_csv(table).decode("utf-8-sig"), newline=""), delimiter=";"
    )
    for one, other in zip(french, international(gaps_csv(table, international=True)), strict=True):
        for column in columns().values():
            a, b = one[column.heading], other[column.heading]
            if column.type == "date":
                assert "/".join(reversed(b.split("-"))) == a
            else:
                assert (a if column.type == "string" else a.replace(",", ".")) == b


def test_a_workbook_shows_what_the_screens_show(tiny_four: Con) -> None:
    # The sign of a gap, none on what rounds to zero; ETP by the tenth.
    assert number_format(0) == "#,##0"
    assert number_format(0, signed=True) == "[>=0.5]+#,##0;[<=-0.5]-#,##0;0"
    assert number_format(1, signed=True) == "[>=0.05]+#,##0.0;[<=-0.05]-#,##0.0;0.0"
    content = gaps_xlsx(tiny_four, gap_table(tiny_four, Question("rpe", as_of=DAY)), DAY)
    styles = zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml").decode()
    assert "[&gt;=0.05]+#,##0.0;[&lt;=-0.05]-#,##0.0;0.0" in styles
    assert "dd/mm/yyyy" in styles


def test_a_workbook_is_ready_to_be_read(tiny_four: Con, tiny_everything: pd.DataFrame) -> None:
    table = tiny_everything
    content = gaps_xlsx(tiny_four, table, DAY)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in sheet
    assert re.search(rf'<autoFilter ref="A1:[A-Z]+{len(table) + 1}"', sheet)
    assert "<f>" not in sheet
    comments = zipfile.ZipFile(io.BytesIO(content)).read("xl/comments1.xml").decode()
    assert comments.count("<comment ") == len(HEADINGS)
    assert "Unité : voir" not in comments
    assert "Unité : minutes" in comments


def test_a_workbook_says_its_definitions_and_its_sources(
    embedded: Con, creches: pd.DataFrame
) -> None:
    book = sheets(gaps_xlsx(embedded, creches, DAY))
    assert list(book) == ["Présentation", "Écarts", "Définitions", "Sources"]
    by_kind: dict[str, dict[str, list[str]]] = {}
    for kind, name, *rest in book["Définitions"][1:]:
        by_kind.setdefault(kind, {})[name] = rest
    assert list(by_kind["Colonne"]) == HEADINGS
    for id_, definition in nomenclature().definitions.items():
        label, _, _, source = by_kind["Définition du besoin"][id_]
        assert (label, source) == (definition.label, definition.source)
    flat = {row[0]: row[1] for row in book["Sources"]}
    assert flat["Offre à la date du"] == DAY
    assert flat["Version"].startswith("observatory-")
    assert "démonstration" in flat["Avertissement"]
    assert flat["Contours"].startswith("schématiques")
    files = {row[6] for row in book["Sources"]}
    wanted = {source["file"] for source in record.info(embedded)["sources"]}
    assert wanted <= files
    assert any("Licence Ouverte" in row[7] for row in book["Sources"])


# --- text from files


@pytest.mark.parametrize("name", at_every_run(2, HOSTILE), ids=lambda n: ascii(n)[:24])
def test_hostile_text_stays_text_in_a_workbook(
    tiny_three: Con, three: pd.DataFrame, name: str
) -> None:
    table = named(three, [name])
    content = gaps_xlsx(tiny_three, table, DAY)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    cell = sheets(content)["Écarts"][1][1]
    assert cell == excel_text(name)
    assert len(cell.encode("utf-16-le")) // 2 <= LONGEST
    assert cell.startswith(clean_text(name)[:100])


def test_hostile_text_stays_text_in_an_international_csv(three: pd.DataFrame) -> None:
    table = named(three, list(HOSTILE))
    rows = international(gaps_csv(table, international=True))
    assert [r["commune"] for r in rows] == [safe_text(clean_text(n)) for n in HOSTILE]
    assert rows[0]["commune"].startswith("'=")


@pytest.mark.campaign
@tried(3, 60, without=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=40))
def test_any_text_comes_back_from_the_files(
    tiny_three: Con, three: pd.DataFrame, names: list[str]
) -> None:
    table = named(three, names)
    rows = international(gaps_csv(table, international=True))
    assert [r["commune"] for r in rows] == [safe_text(clean_text(n)) for n in names]
    book = sheets(gaps_xlsx(tiny_three, table, DAY))["Écarts"]
    assert [row[1] for row in book[1:]] == [clean_text(n) for n in names]


# --- what is asked for


@pytest.mark.campaign
def test_the_communes_asked_for_come_in_their_order(embedded: Con) -> None:
    codes = ("62041", None, "62004")
    table = gap_table(embedded, Question("alsh", as_of=DAY), codes=codes)
    for _, rows in table.groupby(["day_type", "definition"]):
        assert [None if pd.isna(c) else c for c in rows["code"]] == list(codes)
    whole = gap_table(embedded, Question("alsh", as_of=DAY))
    assert len(table) == 3 * len(whole) // 47


def test_a_commune_of_elsewhere_is_refused(embedded: Con) -> None:
    with pytest.raises(RequestError, match="hors du territoire : 75056"):
        gap_table(embedded, Question("eaje", as_of=DAY), codes=["62041", "75056"])


@pytest.mark.parametrize("name", at_every_run(2, FORMATS))
def test_an_empty_selection_is_an_empty_file(embedded: Con, name: str) -> None:
    written = content(
        embedded, Wanted(Question("eaje", definition="reference_nat", as_of=DAY), codes=()), name
    )
    if name == "xlsx":
        assert sheets(written)["Écarts"] == [HEADINGS]
    elif name.startswith("csv"):
        assert len(written.decode("utf-8-sig").splitlines()) == 1
    elif name == "geojson":
        assert json.loads(written)["features"] == []
    else:
        assert written.startswith(b"SQLite format 3")


def test_a_type_of_day_is_chosen(embedded: Con) -> None:
    assert set(gap_table(embedded, Question("alsh", day_type="ete", as_of=DAY))["day_type"]) == {
        "ete"
    }
    with pytest.raises(RequestError, match="jour « ete » inconnu"):
        gap_table(embedded, Question("eaje", day_type="ete", as_of=DAY))


def test_a_name_that_contradicts_the_format_is_refused(embedded: Con, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"Nommer le fichier en \.xlsx"):
        write_gaps(embedded, tmp_path / "a.csv", Wanted(Question(as_of=DAY)), "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_holds_are_refused(
    tiny_four: Con, tiny_everything: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observatory.files.excel.MOST_ROWS", 3)
    with pytest.raises(RequestError, match="un classeur ne peut pas tenir"):
        gaps_xlsx(tiny_four, tiny_everything, DAY)


def test_the_international_metadata_say_how_to_read_the_file(embedded: Con, tmp_path: Path) -> None:
    out, beside = write_gaps(
        embedded, tmp_path / "a.csv", Wanted(Question(as_of=DAY)), "csv-international"
    )
    meta = json.loads(beside.read_text(encoding="utf-8"))
    assert meta["dialect"]["delimiter"] == ","
    types = {c["name"]: c["datatype"] for c in meta["tableSchema"]["columns"]}
    assert (types["besoin"], types["date_offre"]) == ("decimal", "date")
    assert out.read_bytes().startswith(b"code_insee,commune,")


def test_a_need_definition_has_its_id_and_its_words(creches: pd.DataFrame) -> None:
    table = creches
    labels = {i: d.label for i, d in nomenclature().definitions.items()}
    assert table["definition"].map(labels).tolist() == table["definition_label"].tolist()
    at = HEADINGS.index("definition_besoin")
    assert HEADINGS[at + 1] == "libelle_definition"
