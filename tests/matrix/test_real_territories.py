"""Territories as they are published, under contours of their own: the same things hold there.

The mirror is laid under more contours (merged communes, cities of arrondissements, Corsica,
overseas), and a census of one crèche in each town hall is put in the place of a real one.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from fixtures.versions import make_settings, quiet
from matrix_cells import HEADING, OPENED, row

from observatory.answers.gaps import gaps
from observatory.files.formats import Wanted, content
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.maps.shapes import shapes
from observatory.versions import record, warehouse
from pipelines.refresh import refresh

pytestmark = [pytest.mark.campaign, pytest.mark.mirror]
TERRITORIES = (
    "62041", "49126", "69123", "75056", "13055", "2A004", "93066", "97411,97418",
    "97101,97103", "200050532", "62041,80021",
)  # fmt: skip
DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def laid(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mirror with more contours laid over it."""
    more = mirror.parent / "mirror-more"
    if not more.is_dir():
        pytest.skip(f"no more contours at {more}")
    folder = tmp_path_factory.mktemp("laid")
    for source in (*mirror.iterdir(), *more.iterdir()):
        if source.is_dir():
            (folder / source.name).mkdir(exist_ok=True)
            for file in source.iterdir():
                (folder / source.name / file.name).symlink_to(file)
    return folder


def census_of(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    """One crèche in each commune: half of them without a point of their own."""
    codes = [c for (c,) in con.execute("SELECT code FROM perimeter ORDER BY code").fetchall()]
    lines = "".join(row(f"E{n}", "eaje_psu", code, "20") for n, code in enumerate(codes))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "offre.csv").write_text(HEADING + lines, encoding="utf-8")


@pytest.mark.parametrize("territory", TERRITORIES)
def test_what_holds_of_every_territory_holds_of_a_real_one(
    territory: str, laid: Path, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, mirror=laid)
    refresh(settings, parse(territory), quiet)
    with warehouse.in_service(settings) as con:
        census_of(tmp_path / "given", con)
    shutil.copytree(tmp_path / "given", settings.census_dir, dirs_exist_ok=True)
    refresh(settings, parse(territory), quiet)
    with warehouse.in_service(settings) as con:
        table = gaps(con, Question("eaje_psu", as_of=DAY))
        before = gaps(con, Question("eaje_psu", as_of=OPENED.replace(year=2019)))
        communes = table[table["code"].notna() & (table["definition"] == "territory")]
        assert (communes["supply"] == 20).all()
        assert before["supply"].isna().all()
        whole = table[table["code"].isna()].iloc[0]
        assert whole["supply"] == 20 * len(communes)
        expected = communes["public"].sum(skipna=False)
        assert np.isclose(expected, whole["public"], equal_nan=True)
        facts = con.execute("SELECT code, population FROM commune WHERE inside").df()
        people = facts.set_index("code")["population"]
        known = communes[communes["public"].notna()]
        share = known["public"].to_numpy() / people.loc[known["code"]].to_numpy()
        assert ((share > 0.005) & (share < 0.08)).all(), "a whole and its parts were added"
        assert len(shapes(con).codes) == len(communes)
        for kind in ("csv", "xlsx", "geojson", "gpkg"):
            one = Question("eaje_psu", definition="territory", as_of=DAY)
            assert len(content(con, Wanted(one), kind)) > 100
        if record.moved_contours(con):
            pytest.fail("contours of its own are there, and none of them is moved")
        assert pd.notna(whole["supply"])
