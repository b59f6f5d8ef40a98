"""Any census, any territory, any date, any output: nothing raises, nothing unknown is zero."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny
from fixtures.versions import kept_version, make_settings
from generated import at_every_run
from matrix_cells import (
    DATES,
    OPENED,
    OUTPUTS,
    PLACES,
    QUICK,
    Cell,
    asked,
    campaign,
    files,
    laid,
    pairwise,
    quick,
    telling,
)
from streamlit.testing.v1 import AppTest

from observatory.answers.gaps import gaps
from observatory.commands.main import main
from observatory.files.formats import Wanted, content
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.settings import ROOT, Settings
from observatory.ui.controls.rail import FIRST_DAY
from observatory.versions import warehouse

KEYS = ["service", "day_type", "definition"]
PAGES = (
    "carte", "commune", "tableau", "comparer", "deploiement", "changements", "demain", "priorites",
    "et_si", "plan", "habitants",
)  # fmt: skip


@pytest.fixture(scope="module")
def versions() -> dict[tuple[str, str], Settings]:
    """Versions already built, by shape and territory: each one is built once."""
    return {}


@pytest.fixture
def built(
    versions: dict[tuple[str, str], Settings],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Settings:
    cell: Cell = request.getfixturevalue("cell")
    key = (cell.shape, cell.territory)
    if key not in versions:
        folder = tmp_path_factory.mktemp("cell")
        raw = tiny.write_raw(folder / "raw", files(cell.shape, cell.territory))
        settings = make_settings(folder, raw_dir=raw)
        kept = kept_version(settings, asked(cell.territory)).parent
        versions[key] = replace(settings, processed_dir=kept)
    return versions[key]


def assert_holds(cell: Cell, table: pd.DataFrame) -> None:
    """What is true of every table of gaps, whatever the census."""
    if cell.day < OPENED:
        assert table["supply"].isna().all(), "before the census begins nothing is known"
        assert table["gap"].isna().all()
        assert (table["definition_count"] == 0).all()
    if cell.shape == "all unknown":
        of_it = table[table["service"].isin(["eaje_psu", "eaje"]) & table["code"].notna()]
        assert of_it["supply"].isna().all(), "an unknown capacity is no zero"
    if cell.shape == "all closed" and cell.day > OPENED.replace(year=2021):
        of_it = table[(table["service"] == "eaje_psu") & table["code"].notna()]
        assert (of_it["supply"] == 0).all(), "what closed is known to be gone"
    # A total is the sum of its communes, and is unknown when one of them is; masked rows aside.
    for _, rows in table.groupby(KEYS, dropna=False):
        communes, whole = rows[rows["code"].notna()], rows[rows["code"].isna()].iloc[0]
        if not communes["masked"].any():
            expected = communes["supply"].sum(skipna=False)
            assert np.isclose(expected, whole["supply"], equal_nan=True)
    known = table[["supply", "need"]].notna().all(axis=1)
    assert (table["gap"].notna() == known).all()
    counted = {i for i, d in nomenclature().definitions.items() if d.counted}
    assert (table["definition_count"] <= len(counted)).all()
    assert (table["deficit_count"] <= table["definition_count"]).all()


def written(cell: Cell, settings: Settings, con: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Make the output of a cell, and look at what can be read back of it."""
    question = Question(as_of=cell.day)
    if cell.output in ("csv", "csv-international", "xlsx", "geojson", "gpkg"):
        one = Question("eaje_psu", definition="territory", as_of=cell.day)
        wanted = Wanted(one if cell.output == "geojson" else question)
        made = content(con, wanted, cell.output)
        assert len(made) > 100
        if cell.output == "csv-international":
            rows = list(csv.DictReader(io.StringIO(made.decode())))
            table = gaps(con, question)
            first = nomenclature().definitions_for()
            table = table[table["definition"] == table["service"].map(first)]
            assert [r["offre"] == "" for r in rows] == table["supply"].isna().tolist()
        if cell.output == "geojson":
            assert "NaN" not in made.decode()
            assert json.loads(made)["type"] == "FeatureCollection"
        return
    if cell.output == "page":
        read_pages(cell)
        return
    asked_of = {
        "svg": ("export", "map", "--service", "eaje_psu", "--measure", "offre", "--out", out),
        "png": ("export", "map", "--service", "eaje_psu", "--measure", "taux", "--out", out),
        "sheet": ("report", "commune", first_code(con), "--out", out),
        "atlas": ("report", "atlas", "--service", "eaje", "--service", "alsh", "--out", out),
        "diff": ("diff",),
        "reconcile": ("census", "reconcile", "--out", out),
    }
    words = [str(w) for w in asked_of[cell.output]]
    if cell.output not in ("diff", "reconcile"):
        words += ["--as-of", str(cell.day)]
    with pytest.raises(SystemExit) as caught:
        main(words)
    # A version alone has nothing to differ from: one sentence, and 1.
    assert caught.value.code in ((0, 1) if cell.output in ("diff", "reconcile") else (0,))
    if cell.output not in ("diff", "reconcile"):
        assert out.stat().st_size > 500


def read_pages(cell: Cell) -> None:
    """Run the pages on the day of the cell: nothing raises, and no library speaks to the reader."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["date"] = str(max(cell.day, FIRST_DAY))
    for page in PAGES:
        if page != PAGES[0]:
            app.switch_page(f"observatory/ui/pages/{page}.py")
        app.run()
        assert not app.exception, (page, app.exception)
        words = "\n".join(str(block.proto.body) for block in app.get("html"))
        assert words, page
        assert not re.search(r"\b(nan|None|NaT|inf)\b", re.sub(r"<[^>]*>", " ", words)), page


def first_code(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("SELECT min(code) FROM perimeter").fetchall()[0][0])


SUFFIXES = {"svg": ".svg", "png": ".png", "reconcile": ".csv"}


def look(cell: Cell, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    with warehouse.in_service(settings) as con:
        assert_holds(cell, gaps(con, Question(as_of=cell.day)))
        written(cell, settings, con, folder / f"out{SUFFIXES.get(cell.output, '.pdf')}")


@pytest.mark.parametrize(
    "cell", at_every_run(len(telling(quick())) // 4, quick()), ids=lambda c: c.name
)
def test_a_cell_of_the_matrix(
    cell: Cell, built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(cell, built, tmp_path, monkeypatch)


@pytest.mark.campaign
@pytest.mark.parametrize("cell", campaign(), ids=lambda c: c.name)
def test_a_cell_of_the_campaign(
    cell: Cell, built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(cell, built, tmp_path, monkeypatch)


FIGURES = ["public", "need", "supply", "gap", "rate", "target", "deficit_count", "masked"]


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return figures(tmp_path_factory.mktemp("home"), "EPCI")


def figures(folder: Path, place: str) -> pd.DataFrame:
    raw = tiny.write_raw(folder / "raw", laid(dict(tiny.FILES), PLACES[place]))
    settings = make_settings(folder, raw_dir=raw)
    with warehouse.connect(kept_version(settings, asked(place))) as con:
        return gaps(con, Question(as_of=DATES[2]))


@pytest.mark.campaign
@pytest.mark.parametrize("place", at_every_run(1, ["Lyon", "Corse", "La Réunion"]))
def test_a_figure_does_not_depend_on_where_the_territory_is(
    place: str, at_home: pd.DataFrame, tmp_path: Path
) -> None:
    """A city of arrondissements is not counted twice, a code may have letters or three digits."""
    there = figures(tmp_path, place)
    assert there["name"].tolist() == at_home["name"].tolist()
    pd.testing.assert_frame_equal(there[KEYS + FIGURES], at_home[KEYS + FIGURES])


def test_the_cells_hold_every_pair_and_are_the_same_each_time() -> None:
    axes = [["a", "b", "c"], [1, 2], ["x", "y", "z", "t"]]
    rows = pairwise(axes)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        found = {(r[first], r[second]) for r in rows}
        assert found == {(x, y) for x in axes[first] for y in axes[second]}
    assert pairwise(axes) == rows
    assert quick() == quick()
    assert len(quick()) == QUICK <= 60
    first = quick()[: len(telling(quick()))]
    assert {c.output for c in first} == {c.output for c in quick()} == set(OUTPUTS)
    assert {c.shape for c in first} == {c.shape for c in quick()}
    assert {c.day for c in first} == set(DATES)
