"""Insee's two files of 200 m in a mirror: from the refresh to the words and to the export."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely
import tiny
from fixtures.versions import Con, make_settings

from observatory.answers.accessible import access, unreached
from observatory.answers.children_in_use import counted_in_words
from observatory.answers.published_minutes import compared_with_published
from observatory.files.gap_table import gap_table
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.versions import record, record_tables, warehouse
from pipelines.refresh import refresh

DAY = date(2026, 1, 1)
METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True)
HERE, ASIDE, FAR = ((2.70, 50.30), (2.75, 50.30), (2.80, 50.30))
MINUTES = """DEPCOM;idSrc;typeeq_id;duree;pop
62001;a;D502;4;10
62001;b;D502;8;1
62009;c;D502;9;30
62002;d;D502;3;4
62002;d;D509;2;4
62002;d;B101;1;4
"""


def square(lon: float, lat: float) -> str:
    east, north = (int(m // 200 * 200) for m in METRES.transform(lon, lat))
    return f"CRS3035RES200mN{north}E{east}"


SQUARES = pd.DataFrame(
    [
        (square(*HERE), 0, "62001", 90, 60.0),
        (square(*ASIDE), 1, "6200962002", 30, 40.0),  # an old commune of Aval, and Bourg
        (square(*FAR), 0, "62002", 80, 20.0),
        ("perdu", 0, "62003", 8, 5.0),
    ],
    columns=["idcar_200m", "i_est_200", "lcog_geo", "ind", "ind_0_3"],
)


def publish(tmp_path: Path) -> tuple[Settings, list[str]]:
    """Refresh the tiny territory from the mirror; what was said."""
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    settings = replace(settings, mirror=tmp_path / "mirror")
    said: list[str] = []
    refresh(settings, parse(tiny.SIREN), said.append)
    return settings, said


def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = tmp_path / "mirror" / "grid_squares", tmp_path / "mirror" / "equipment_minutes"
    for folder in made:
        folder.mkdir(parents=True)
    return made


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    """A version of the squares in a ZIP named by its year, and of the minutes in Parquet."""
    tmp_path = tmp_path_factory.mktemp("squares")
    squares, minutes = folders(tmp_path)
    with zipfile.ZipFile(squares / "Filosofi2019_carreaux_200m_csv.zip", "w") as archive:
        archive.writestr("carreaux_200m_met.csv", SQUARES.to_csv(index=False))
    lines = pd.read_csv(io.StringIO(MINUTES), sep=";", dtype={"DEPCOM": "str"})
    with duckdb.connect() as made:
        made.register("lines", lines)
        made.execute(f"COPY lines TO '{minutes / 'donnees_2025_reg32.parquet'}' (FORMAT parquet)")
    settings, _ = publish(tmp_path)
    with warehouse.open_current(settings.processed_dir) as found:
        yield found


def test_children_stand_in_their_squares_and_the_estimate_is_said(con: Con) -> None:
    shares = con.execute("SELECT code, id, share FROM demand_point ORDER BY code, id").fetchall()
    assert shares == [
        ("62001", square(*ASIDE), 0.25),
        ("62001", square(*HERE), 0.75),
        ("62002", square(*FAR), 0.5),
        ("62002", square(*ASIDE), 0.5),
        ("62003", "62003", 1),  # its square is nowhere
        ("62004", "62004", 1),  # none is told
    ]
    lost = unreached(con, DAY)
    assert lost.loc[lost["kind"] == "demand_point_rejected", "id"].tolist() == ["perdu"]
    said = counted_in_words(record.info(con))
    assert said.startswith("Les enfants de 2\xa0communes sur 4 sont placés dans leurs carreaux")
    assert "(Insee, Filosofi 2019)" in said
    assert "33 % d'entre eux" in said  # 40 of 120
    assert "Temps estimés : distance à vol d'oiseau" in said


def test_minutes_are_counted_from_the_squares(con: Con) -> None:
    # Three quarters of Aval at the door of its crèche, a quarter 3.55 km away in a straight line.
    near = access(con, "eaje_psu", as_of=DAY).set_index("code")["nearest_minutes"]
    km = pyproj.Geod(ellps="WGS84").inv(*HERE, *ASIDE)[2] / 1000
    assert near["62001"] == pytest.approx(km * 1.3 / 40 * 60 / 4, abs=0.2)


def test_both_files_stand_in_the_export_with_their_vintage(con: Con) -> None:
    table = gap_table(con, Question("eaje_psu", as_of=DAY)).set_index("code")
    # The half of 41 inhabitants falls among the 30 of the old commune.
    assert table.loc["62001", "published_minutes"] == 9
    assert table.loc["62001", "published_minutes_vintage"] == 2025
    assert table.loc["62001", "imputed_share"] == 25
    elsewhere = table.loc[["62003", "62004"], ["published_minutes", "imputed_share"]]
    assert elsewhere.isna().all(axis=None)
    sources = record_tables.sources(con).set_index("id")
    assert sources.loc["equipment_minutes", ["vintage", "rows"]].tolist() == ["2025", 5]
    assert sources.loc["grid_squares", ["vintage", "rows"]].tolist() == ["2019", 4]


def test_no_count_of_a_square_is_kept(con: Con) -> None:
    tables = [
        name
        for (name,) in con.execute(
            "SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal "
            "AND table_name LIKE '%demand%' OR table_name LIKE '%square%'"
        ).fetchall()
    ]
    assert {"demand_point", "staged_demand_point", "grid_demand"} <= set(tables)
    (most,) = con.execute("SELECT max(weight) FROM staged_demand_point").fetchall()[0:1]
    assert most[0] <= 1
    assert not {"children", "ind_0_3"} & {
        c for (c,) in con.execute("SELECT column_name FROM duckdb_columns()").fetchall()
    }


def test_both_ways_are_compared_service_by_service(con: Con) -> None:
    found = compared_with_published(con, DAY).set_index("service")
    assert list(found.index) == ["eaje", "eaje_psu", "eaje_hors_psu"]
    own = dict(
        con.execute(
            "SELECT code, minutes FROM nearest_as_of(?) WHERE service = 'eaje_psu'", [DAY]
        ).fetchall()
    )
    first, second = own["62001"] - 9, own["62002"] - 3
    row = found.loc["eaje_psu"]
    assert row["communes"] == 2
    assert row["difference"] == pytest.approx((first + second) / 2)
    assert row["published"] == 6
    assert (row["largest"], row["largest_name"]) == (pytest.approx(first), "Aval")
    assert (row["own_only"], row["published_only"]) == (len(own) - 2, 0)


def test_without_the_files_nothing_is_said(tiny_four: Con) -> None:
    assert compared_with_published(tiny_four, DAY).empty
    assert counted_in_words(record.info(tiny_four)).startswith("Temps estimés")
    table = gap_table(tiny_four, Question("eaje", as_of=DAY))
    assert table[["published_minutes", "imputed_share"]].isna().all(axis=None)


def test_a_geopackage_is_read_and_what_is_no_such_file_is_one_line_each(tmp_path: Path) -> None:
    squares, minutes = folders(tmp_path)
    upper = SQUARES.rename(columns={"idcar_200m": "Idcar_200m", "ind_0_3": "Ind_0_3"})
    gpd.GeoDataFrame(
        upper, geometry=[shapely.box(0, 0, 200, 200)] * len(upper), crs="EPSG:3035"
    ).to_file(squares / "carreaux_200m_met_2019.gpkg")
    (squares / "carreaux_2017.csv").write_text("idcar_200m,i_est_200,lcog_geo,ind\nx,0,62001,9\n")
    (squares / "vide_2019.csv").write_bytes(b"")
    (minutes / "donnees_2025_reg32.csv").write_text("depcom;typeeq_id;distance\n62001;D502;4\n")
    (minutes / "donnees_2024_reg32.csv").write_text("depcom;typeeq_id;duree\n")
    settings, said = publish(tmp_path)
    lines = [line for line in said if "colonnes inconnues" in line]
    assert len(lines) == 3
    assert any(s.startswith("carreaux_2017.csv") and "ind_0_3" in s for s in lines)
    assert any(s.startswith("donnees_2025_reg32.csv") and "duree" in s for s in lines)
    with warehouse.open_current(settings.processed_dir) as con:
        assert con.execute("SELECT count(*) FROM published_minutes").fetchall() == [(0,)]
        assert con.execute(
            "SELECT share FROM demand_point WHERE code = '62001' ORDER BY share"
        ).fetchall() == [(0.25,), (0.75,)]
