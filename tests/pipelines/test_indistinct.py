"""A version says the same of two censuses that differ by masked figures alone.

The intruder of the audit reads the totals; every page, file and export reads the version. Were any
other table of it to move with a masked figure, he would not be the strongest one.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tiny
from fixtures.versions import deployed_copy, make_settings, quiet
from generated import at_every_run

from observatory.answers.changes import compare
from observatory.census.loading import is_published
from observatory.knowledge.territory import parse
from observatory.secrecy import register as registers
from observatory.secrecy.register import Register
from observatory.settings import Settings
from observatory.stores.store import Store
from observatory.versions import warehouse
from pipelines.refresh import refresh

OF_THE_BUILD = {"version_source": "sha256", "version_step": "seconds"}
SHOWN = "62003;assistants_maternels;3;9"


def published(folder: Path, raw: Path, figures: str) -> Settings:
    """Publish a census in which Clos has these figures, always with the same key."""
    settings = make_settings(folder, raw_dir=raw)
    load(settings, figures)
    registers.write(settings.census_dir, Register("a key of the tests"))
    refresh(settings, parse(tiny.ABC), quiet)
    return settings


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The census in which Clos has one person and four places."""
    folder = tmp_path_factory.mktemp("first")
    return published(folder, tiny.write_raw(folder / "raw"), "1;4")


def load(settings: Settings, figures: str) -> None:
    """Load the census in which Clos has these figures."""
    totals = tiny.TOTALS.replace(SHOWN, f"62003;assistants_maternels;{figures}")
    files = {"offre.csv": tiny.OFFER.encode(), "totaux_communaux.csv": totals.encode()}
    with Store(settings.census_dir).writing() as writing:
        writing.commit("load", files)


def told(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the version in service, but the circumstances of the build."""
    with warehouse.in_service(settings) as con:
        tables = [
            str(name)
            for (name,) in con.execute(
                "SELECT table_name FROM duckdb_tables() "
                "WHERE database_name = current_database() AND table_name <> 'version' ORDER BY 1"
            ).fetchall()
        ]
        return {name: _rows(con, name) for name in tables}


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    left_out = OF_THE_BUILD.get(table)
    what = f"* EXCLUDE ({left_out})" if left_out else "*"
    return sorted(con.execute(f"SELECT {what} FROM {table}").fetchall(), key=repr)


@pytest.mark.campaign
@pytest.mark.parametrize("other", at_every_run(1, ["2;5", "1;5", "1;3"]))
def test_masked_figures_move_nothing_in_a_version(
    first: Settings, tmp_path: Path, other: str
) -> None:
    one = told(first)
    two = told(published(tmp_path, first.raw_dir, other))
    assert ("62003", "assistants_maternels") in one["masked"]
    assert len(one) > 30
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


@pytest.mark.campaign
def test_a_date_of_a_masked_commune_moves_nothing_in_a_version(
    first: Settings, tmp_path: Path
) -> None:
    later = "2;5;2022-03-01;Enquête;2022-09-30;non\n62003;assistants_maternels;1;4"
    one = told(first)
    two = told(published(tmp_path, first.raw_dir, later))
    assert [name for name in one if one[name] != two[name]] == []


@pytest.mark.campaign
def test_a_masked_figure_that_moves_alone_is_no_difference(first: Settings, tmp_path: Path) -> None:
    """Nor is the digest of its file: it would say that something hidden has moved."""
    settings = deployed_copy(first, tmp_path)
    load(settings, "2;5")
    assert not is_published(settings)
    refresh(settings, parse(tiny.ABC), quiet)
    assert is_published(settings)
    changes = compare(settings.processed_dir, as_of=date(2026, 1, 1))
    for table in ("establishments", "totals", "gaps", "sources", "perimeter"):
        assert getattr(changes, table).empty, table
    assert not changes.notes


@pytest.mark.campaign
def test_the_comparison_sees_a_figure_that_is_shown(tmp_path: Path) -> None:
    raw = tiny.write_raw(tmp_path / "raw")
    one = told(published(tmp_path / "one", raw, "3;9"))
    two = told(published(tmp_path / "two", raw, "4;9"))
    assert {"commune_total", "territory_total"} <= {n for n in one if one[n] != two[n]}
