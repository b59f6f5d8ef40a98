"""Comparable territories where a person reads them: the page, the file, the documents."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from app_pages import opened, read
from fixtures.versions import deployed_copy

from observatory.answers.comparables import comparables
from observatory.files.comparables_csv import comparables_csv
from observatory.knowledge.question import Question
from observatory.report.comparable_blocks import (
    comparable_blocks,
    comparable_lines,
    comparable_slide,
)
from observatory.report.facts import Facts
from observatory.report.facts import read as facts_of
from observatory.report.request import ReportRequest
from observatory.settings import Settings
from observatory.versions import warehouse

OWN = "200033579"
OTHERS = 40
"""Made-up EPCI, of which the first ones differ least from the territory."""


@pytest.fixture(scope="module")
def compared(embedded_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = deployed_copy(embedded_settings, tmp_path_factory.mktemp("comparables"))
    path = settings.processed_dir / warehouse.current(settings.processed_dir)
    with duckdb.connect(str(path)) as con:
        con.execute(
            "INSERT INTO place_profile (level, place, name, dep, communes, population, density, "
            "share_under3, largest_commune, population_vintage) "
            "SELECT 'epci', '9' || lpad(n::TEXT, 8, '0'), 'CC Exemple ' || n, '62', 10, "
            "p.population + n, "
            "p.density * (1 + n / 10), p.share_under3 + 0.05 * n, p.largest_commune + n, '2023' "
            f"FROM range(1, {OTHERS + 1}) AS r(n), place_profile AS p WHERE p.place = '{OWN}'"
        )
    return settings


@pytest.fixture(scope="module")
def reading(compared: Settings) -> Iterator[Facts]:
    with warehouse.in_service(compared) as con:
        yield facts_of(con, ReportRequest(Question(as_of=date(2026, 1, 1))))


def test_the_page_says_whom_it_resembles_why_and_on_what(
    compared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = read(opened(compared, "comparables", monkeypatch))
    assert "CU d'Arras ressemble le plus à CC Exemple 1 (62), CC Exemple 2 (62)" in shown
    assert "40 EPCI comparés sur 4 des 6 variables" in shown
    assert "revenu médian (inconnue pour ce territoire)" in shown
    assert "proche par" in shown
    assert "Ce que devient l'ordre" in shown
    assert "Insee, populations de référence, 2023" in shown
    assert "≈ 3,1" in shown  # three fifths of the five-year band


def test_the_embedded_files_say_that_the_country_is_needed(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = read(opened(embedded_settings, "comparables", monkeypatch))
    assert "il faut ceux de toute la France" in shown
    assert "observatory refresh --territory france" in shown


def test_the_file_holds_what_the_page_shows(compared: Settings) -> None:
    with warehouse.in_service(compared) as con:
        found = comparables(con)
    assert found is not None
    content = comparables_csv(found)
    rows = pd.read_csv(
        io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig", dtype={"siren": str}
    )
    assert rows["siren"].tolist() == [OWN, *(o.siren for o in found.nearest)]
    assert rows["rang"].tolist() == [0, 1, 2, 3, 4, 5]
    assert rows["distance"].iloc[1:].is_monotonic_increasing
    assert rows["income"].isna().all()
    assert rows.loc[1, "rang_sans_density"] == 1
    assert "écarts types" in rows.loc[0, "methode"]


def test_the_documents_name_the_same_territories(reading: Facts) -> None:
    told = str(comparable_blocks(reading)) + str(comparable_lines(reading))
    assert told.count("CC Exemple 1 (62)") >= 3
    slide = comparable_slide(reading)
    assert slide is not None
    assert slide.title == "CU d'Arras ressemble le plus à CC Exemple 1 (62) et CC Exemple 2 (62)"
    (block,) = slide.body
    assert len(block["rows"]) == 6


def test_where_nobody_is_compared_the_atlas_says_why_and_nothing_else_speaks(
    embedded: duckdb.DuckDBPyConnection,
) -> None:
    reading = facts_of(embedded, ReportRequest(Question(as_of=date(2026, 1, 1))))
    assert "il faut ceux de toute la France" in str(comparable_blocks(reading)).replace(
        "\u00a0", " "
    )
    assert comparable_lines(reading) == []
    assert comparable_slide(reading) is None


@pytest.fixture
def parted(compared: Settings, tmp_path: Path) -> Facts:
    """Some communes, in the EPCI of another name, or in two of them."""
    settings = deployed_copy(compared, tmp_path)
    path = settings.processed_dir / warehouse.current(settings.processed_dir)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE territory SET kind = 'communes', siren = NULL, name = 'Deux communes'")
    con = warehouse.connect(path)
    return facts_of(con, ReportRequest(Question(as_of=date(2026, 1, 1))))


def test_a_territory_that_is_no_epci_says_whose_comparison_it_is(parted: Facts) -> None:
    said = "Deux communes n'est pas un EPCI : la comparaison est celle de CU d'Arras."
    for blocks in (comparable_blocks(parted), comparable_lines(parted)):
        assert said in str(blocks).replace("\\xa0", " ")
    parted.con.close()


def test_a_document_of_several_epci_compares_none_and_says_so(
    compared: Settings, tmp_path: Path
) -> None:
    settings = deployed_copy(compared, tmp_path)
    path = settings.processed_dir / warehouse.current(settings.processed_dir)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE territory SET kind = 'communes', siren = NULL")
        con.execute("UPDATE commune SET epci = '900000001', epci_name = 'CC' WHERE code = '62041'")
    with warehouse.connect(path) as con:
        reading = facts_of(con, ReportRequest(Question(as_of=date(2026, 1, 1))))
        assert "plusieurs EPCI" in str(comparable_blocks(reading))
        assert comparable_lines(reading) == []
        assert comparable_slide(reading) is None
