"""The sheet that is read and printed, and the styles that a map program takes by itself."""

from __future__ import annotations

import io
import re
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from observatory.files.excel import gaps_xlsx
from observatory.files.gap_table import gap_table
from observatory.files.layers import gaps_gpkg
from observatory.files.printed_sheet import gap_format
from observatory.files.side_by_side import every_service, table_xlsx, wide_columns, wide_table
from observatory.french.balance import cell
from observatory.french.spreadsheet import make_room
from observatory.knowledge.question import Question
from observatory.maps.classes import classify
from observatory.plan.plan_rows import plan_contract
from observatory.workbook.template import workbook

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def book(embedded: duckdb.DuckDBPyConnection) -> bytes:
    question = Question("accueil_0_2", definition="potential", as_of=DAY)
    return gaps_xlsx(embedded, gap_table(embedded, question), DAY)


def test_the_first_sheet_is_the_one_to_read_and_to_print(book: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.read("xl/workbook.xml").decode()
    assert re.search(r'<pageSetup paperSize="9"[^>]* orientation="landscape"', page)  # A4
    read = CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert read.sheet_names[0] == "Présentation"
    rows = read.get_sheet_by_index(0).to_python(skip_empty_area=False)
    head = next(n for n, row in enumerate(rows) if row[0] == "Commune")
    assert f"Présentation!${head + 1}:${head + 1}" in names  # repeated on each page
    assert rows[head][:5] == [
        "Commune", "Enfants de 0 à 2 ans", "Besoin (places)", "Offre (places)", "Manque (places)",
    ]  # fmt: skip
    body = rows[head + 1 :]
    assert len(body) == 47
    assert body[-1][0] == "Communauté urbaine d'Arras"
    said = {row[0]: row for row in body}
    assert said["Écurie"][3] == "masqué"
    assert said["Écurie"][4] == "masqué"
    assert isinstance(said["Arras"][4], float)


def papers(book: bytes) -> list[str]:
    """The XML of each sheet that is seen."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        hidden = archive.read("xl/workbook.xml").decode().count('state="hidden"')
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [
            archive.read(f"xl/worksheets/sheet{n}.xml").decode()
            for n in range(1, len(sheets) - hidden + 1)
        ]


def test_every_sheet_of_every_workbook_prints_on_a4_all_its_columns_side_by_side(
    book: bytes, embedded: duckdb.DuckDBPyConnection
) -> None:
    wide = wide_table(every_service(embedded, DAY), "ecart")
    told = table_xlsx(wide, wide_columns("ecart"), "Écarts", ["Une note."])
    for content, sheets in ((book, 4), (told, 2)):
        assert len(papers(content)) == sheets
        for page in papers(content):
            assert '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>' in page
            assert '<pageSetUpPr fitToPage="1"/>' in page


def test_a_sheet_to_fill_in_goes_on_beside_rather_than_print_too_small_to_read() -> None:
    plan = plan_contract()
    pages = papers(workbook(plan))
    assert len(pages) == len(plan.sheets) + 1
    across = []
    for page in pages:
        setup = re.search(
            r'<pageSetup paperSize="9"(?: fitToWidth="(\d)")? fitToHeight="0" '
            r'orientation="landscape"/>',
            page,
        )
        assert setup
        assert '<pageSetUpPr fitToPage="1"/>' in page
        across.append(int(setup[1] or 1))
        widths = [
            float(width) * (int(last) - int(first) + 1)
            for first, last, width in re.findall(
                r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', page
            )
        ]
        # At 110 characters a page, in landscape, nothing is under seven points.
        assert sum(widths) / across[-1] <= 118 or page is pages[-1]
    assert across[[s.name for s in plan.sheets].index("actions")] > 1


def test_a_text_of_two_lines_has_the_room_of_two() -> None:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory) as made:
        page = made.add_worksheet()
        make_room(page, 0, ["a" * 20, 3.0, None], [20, 10, 10])
        make_room(page, 1, ["a" * 21, "b", None], [20, 10, 10])
        make_room(page, 2, ["a", "b\nc\nd"], [20, 10])
        for row in range(3):
            page.write_string(row, 0, "a")
    heights = dict(re.findall(r'<row r="(\d)"[^>]*? ht="(\d+)"', papers(memory.getvalue())[0]))
    assert heights == {"2": "30", "3": "45"}


def test_a_masked_figure_is_not_called_unknown_in_the_rows_either(
    embedded: duckdb.DuckDBPyConnection,
) -> None:
    rows = gap_table(embedded, Question("assistants_maternels", as_of=DAY))
    hidden = rows[rows["code"] == "62290"]
    assert set(hidden["situation"]) == {"masqué"}
    assert hidden["gap"].isna().all()


@pytest.mark.parametrize(
    ("gap", "decimals"), [(-79.0, 0), (12.4, 0), (0.4, 0), (-0.6, 0), (-0.26, 1)]
)
def test_a_gap_reads_in_a_spreadsheet_as_on_the_screen(gap: float, decimals: int) -> None:
    """The format's three sections, applied by hand as a spreadsheet does."""
    more, lack, none = gap_format(decimals).split(";")
    half = float(re.search(r">=([\d.]+)", more)[1])  # type: ignore[index]
    section = more if gap >= half else lack if gap <= -half else none
    digits = f"{abs(gap):.{decimals}f}".replace(".", ",")
    words = re.sub(r"^\[[^\]]*\]", "", section)
    read = re.sub(r"#,##0(?:\.0+)?", digits, words).replace('"', "")
    assert read == cell(gap, decimals).replace("\u00a0", " ")


def test_a_geopackage_opens_in_the_colours_of_the_map(
    embedded: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    question = Question("accueil_0_2", definition="potential", as_of=DAY)
    table = gap_table(embedded, question)
    path = tmp_path / "ecarts.gpkg"
    path.write_bytes(gaps_gpkg(embedded, table, DAY))
    with sqlite3.connect(path) as con:
        rows = con.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchall()
        found = dict(con.execute("SELECT commune, ecart FROM ecarts").fetchall())
        columns = {c for _, c, *_ in con.execute("PRAGMA table_info(ecarts)")}
    assert [(name, default) for name, _, default, _ in rows] == [
        ("ecarts", 1),
        ("etablissements", 1),
    ]
    root = ET.fromstring(rows[0][3].split("\n", 1)[1])
    rules = root.findall(".//rule")
    assert len(root.findall(".//symbol")) == len(rules)
    classes = classify([found["Arras"], None], kind="gap", unit="places")
    assert [r.get("label") for r in rules][: len(classes.labels)] == list(classes.labels)
    for rule in rules:
        used = set(re.findall(r'"(\w+)"', rule.get("filter", "")))
        assert used
        assert used <= columns
    # Each commune is in one rule: that of the map, for a reader of SQL as for QGIS.
    with sqlite3.connect(path) as con:
        shown = [
            con.execute(f"SELECT count(*) FROM ecarts WHERE {rule.get('filter')}").fetchone()[0]
            for rule in rules
        ]
    gaps = table[table["code"].notna()]
    masked = (gaps["situation"] == "masqué").tolist()
    own = classify(gaps["gap"].tolist(), kind="gap", unit="places", masked=masked)
    assert shown == [*own.counts, own.masked, own.unknown]


def test_no_style_is_left_in_a_workbook_as_a_formula(book: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)
