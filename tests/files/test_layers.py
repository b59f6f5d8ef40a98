"""Layers for maps: valid by the norm, the same figures, the right place on Earth."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
import tiny
from fixtures.versions import make_settings, publish_first
from gap_cells import values

from observatory.answers.gaps import establishments
from observatory.errors import RequestError
from observatory.files.formats import Wanted, content
from observatory.files.gap_table import columns, gap_table
from observatory.files.layers import check_lambert, gaps_geojson, gaps_gpkg, official_crs
from observatory.french.spreadsheet import clean_text
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.versions import warehouse

Con = duckdb.DuckDBPyConnection
DAY = date(2023, 12, 31)
HOSTILE = "=cmd|'/C calc'!A0 <script>\x07\x00\t\n👶 \ud800" + "é" * 40_000
NEED = "reference_nat"


@pytest.fixture(scope="module")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    """Three communes, one contour missing, and one with a hole wound the wrong way."""
    folder = tmp_path_factory.mktemp("holed")
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    name = publish_first(settings, tiny.ABC)
    path = settings.processed_dir / name
    shape = shapely.box(2.7, 50.2, 2.8, 50.3, ccw=False).difference(
        shapely.box(2.74, 50.24, 2.76, 50.26)
    )
    wrong = shapely.orient_polygons(shape, exterior_cw=True)
    with duckdb.connect(str(path)) as con:
        con.execute("DELETE FROM contour WHERE code = '62003'")
        con.execute(
            "UPDATE contour SET wkb = ?, geojson = ? WHERE code = '62002'",
            [shapely.to_wkb(wrong), shapely.to_geojson(wrong)],
        )
    with warehouse.connect(path) as con:
        yield con


def collection(con: Con, **asked: Any) -> dict[str, Any]:
    def never(text: str) -> Any:
        raise AssertionError(f"not JSON: {text}")

    given = {"service": "eaje", "definition": NEED, **asked}
    more = {key: given.pop(key) for key in ("codes", "crs") if key in given}
    loaded = json.loads(
        content(con, Wanted(Question(**given, as_of=DAY), **more), "geojson"), parse_constant=never
    )
    assert isinstance(loaded, dict)
    return loaded


def rings(feature: dict[str, Any]) -> list[list[list[list[float]]]]:
    assert feature["geometry"]["type"] == "MultiPolygon"
    polygons: list[list[list[list[float]]]] = feature["geometry"]["coordinates"]
    return polygons


def layer(written: bytes, folder: Path, name: str) -> gpd.GeoDataFrame:
    path = folder / "read.gpkg"
    path.write_bytes(written)
    return pyogrio.read_dataframe(path, layer=name)


# --- GeoJSON


def test_geojson_holds_the_gap_table_cell_by_cell(embedded: Con) -> None:
    features = collection(embedded)["features"]
    table = gap_table(embedded, Question("eaje", definition=NEED, as_of=DAY))
    table = table[table["code"].notna()]
    assert [f["id"] for f in features] == table["code"].tolist()
    for name, column in columns().items():
        expected = [
            v.isoformat() if isinstance(v, date) else None if v == "" else v
            for v in values(table, name, column)
        ]
        assert [f["properties"][column.heading] for f in features] == expected, name


def test_geojson_is_what_the_norm_says(holed: Con) -> None:
    features = collection(holed)["features"]
    assert [f["type"] for f in features] == ["Feature"] * 3
    drawn = [f for f in features if f["geometry"]]
    assert {f["id"] for f in features} - {f["id"] for f in drawn} == {"62003"}
    for feature in drawn:
        for outer, *holes in rings(feature):
            assert shapely.LinearRing(outer).is_ccw
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)
            for lon, lat in outer:
                assert -180 <= lon <= 180
                assert -90 <= lat <= 90
                assert (int(lon), int(lat)) == (2, 50), "longitude first"
            assert outer[0] == outer[-1]
    holes = [len(polygon) - 1 for f in drawn for polygon in rings(f)]
    assert sum(holes) == 1


def test_the_unknown_is_null_and_the_contours_are_named(tiny_four: Con, holed: Con) -> None:
    dune = next(f for f in collection(tiny_four)["features"] if f["id"] == "62004")
    assert {dune["properties"][c] for c in ("enfants", "besoin", "ecart", "taux")} == {None}
    assert dune["properties"]["offre"] == 0
    said = collection(holed)
    by_code = {f["id"]: f["properties"]["contours"] for f in said["features"]}
    assert by_code == {"62001": "schématiques", "62002": "schématiques", "62003": "aucun"}
    assert said["observatoire"]["Contours"].startswith("schématiques")
    assert said["observatoire"]["Offre à la date du"] == "2023-12-31"


def test_geojson_is_in_the_order_asked_for_without_the_total(embedded: Con) -> None:
    codes = ("62817", None, "62041", "62004")
    assert [f["id"] for f in collection(embedded, codes=codes)["features"]] == [
        "62817",
        "62041",
        "62004",
    ]


@pytest.mark.campaign
def test_geojson_has_one_question_a_file(embedded: Con) -> None:
    for asked, said in (
        ({"service": None, "definition": None}, "Nommer|nommer un par --service"),
        ({"service": "alsh", "definition": None}, "--day-type : mercredi"),
        ({"crs": 2154}, "RFC 7946"),
    ):
        with pytest.raises(RequestError, match=said):
            collection(embedded, **asked)
    first = collection(embedded, definition=None)["features"][0]["properties"]
    assert first["definition_besoin"] == nomenclature().services["eaje"].definitions[0]
    own = collection(embedded, definition=None, custom=42.0)["features"][0]["properties"]
    assert (own["definition_besoin"], own["reference"]) == ("custom", 42.0)


def test_hostile_text_stays_text_in_layers(tiny_three: Con, tmp_path: Path) -> None:
    table = gap_table(tiny_three, Question("eaje", definition=NEED, as_of=DAY))
    table = table.assign(name=pd.Series([HOSTILE] * len(table), dtype=object))
    loaded = json.loads(gaps_geojson(tiny_three, table, DAY))
    assert {f["properties"]["commune"] for f in loaded["features"]} == {clean_text(HOSTILE)}
    back = layer(gaps_gpkg(tiny_three, table, DAY), tmp_path, "ecarts")
    assert set(back["commune"]) == {clean_text(HOSTILE)}


# --- GeoPackage


def test_a_geopackage_holds_the_gap_table_cell_by_cell(embedded: Con, tmp_path: Path) -> None:
    wanted = Wanted(Question("eaje", definition=NEED, as_of=DAY))
    back = layer(content(embedded, wanted, "gpkg"), tmp_path, "ecarts")
    table = gap_table(embedded, Question("eaje", definition=NEED, as_of=DAY))
    table = table[table["code"].notna()].reset_index(drop=True)
    assert len(back) == 46
    assert back.crs == pyproj.CRS.from_epsg(4326)
    for name, column in columns().items():
        expected = values(table, name, column)
        got = back[column.heading].tolist()
        if column.type == "date":
            got = [v.date() for v in got]
        known = [None if pd.isna(v) or v == "" else v for v in got]
        assert known == [None if v == "" else v for v in expected], name


@pytest.mark.campaign
def test_lambert_93_is_where_pyproj_says(embedded: Con, tmp_path: Path) -> None:
    wanted = {
        crs: Wanted(Question("eaje", definition=NEED, as_of=DAY), crs=crs) for crs in (4326, 2154)
    }
    written = [content(embedded, one, "gpkg") for one in wanted.values()]
    for name in ("ecarts", "etablissements"):
        world, france = (layer(one, tmp_path, name) for one in written)
        assert france.crs == pyproj.CRS.from_epsg(2154)
        to_metres = pyproj.Transformer.from_crs(4326, 2154, always_xy=True)
        lonlat = shapely.get_coordinates(world.geometry.to_numpy())
        expected = np.column_stack(to_metres.transform(lonlat[:, 0], lonlat[:, 1]))
        off = np.abs(shapely.get_coordinates(france.geometry.to_numpy()) - expected)
        assert off.max() < 1e-3
        assert 600_000 < expected[0, 0] < 750_000


@pytest.mark.campaign
def test_a_geopackage_has_a_layer_a_service_and_says_what_it_is(
    embedded: Con, tmp_path: Path
) -> None:
    path = tmp_path / "all.gpkg"
    path.write_bytes(
        content(embedded, Wanted(Question(as_of=DAY), codes=("62041", "62004")), "gpkg")
    )
    layers = dict(pyogrio.list_layers(path).tolist())
    wanted = {
        "_".join(["ecarts", service, *([day] if day else [])])
        for service, day in nomenclature().offers()
    }
    assert wanted == {name for name in layers if name.startswith("ecarts")}
    assert set(layers) - wanted == {
            "etablissements", "definitions", "sources", "a_propos", "layer_styles",
        }  # fmt: skip
    with sqlite3.connect(path) as con:
        rows = con.execute("SELECT rubrique, texte FROM a_propos").fetchall()
        (count,) = con.execute("SELECT count(*) FROM sources").fetchone()
        meanings = dict(con.execute("SELECT nom, signification FROM definitions").fetchall())
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    con.close()
    said = dict(rows)
    assert said["Offre à la date du"] == "31/12/2023"
    assert "démonstration" in said["Avertissement"]
    assert count > 5
    assert meanings["capacite"]


def test_the_layer_of_establishments_never_shows_a_private_person(
    embedded: Con, tmp_path: Path
) -> None:
    private = {i for i, s in nomenclature().services.items() if s.grain == "commune"}
    assert "assistants_maternels" in private
    points = layer(
        content(embedded, Wanted(Question(as_of=DAY)), "gpkg"), tmp_path, "etablissements"
    )
    assert set(points["service"]) & private == set()
    assert len(points) == len(establishments(embedded, DAY)) > 0
    alone = Wanted(Question("assistants_maternels", as_of=DAY))
    assert len(layer(content(embedded, alone, "gpkg"), tmp_path, "etablissements")) == 0


def test_the_establishments_are_those_of_the_communes_and_the_service(
    embedded: Con, tmp_path: Path
) -> None:
    wanted = Wanted(Question("eaje", definition=NEED, as_of=DAY), codes=("62041",))
    points = layer(content(embedded, wanted, "gpkg"), tmp_path, "etablissements")
    assert set(points["code_insee"]) == {"62041"}
    assert set(points["service"]) == {"eaje_psu", "eaje_hors_psu"}
    assert points["capacite"].sum() == 431
    assert set(points["demonstration"]) == {"oui"}


@pytest.mark.campaign
def test_a_commune_without_contour_and_an_empty_file_are_written(
    holed: Con, tmp_path: Path
) -> None:
    back = layer(content(holed, Wanted(Question("eaje", as_of=DAY)), "gpkg"), tmp_path, "ecarts")
    assert back.set_index("code_insee").geometry.isna().to_dict() == {
        "62001": False,
        "62002": False,
        "62003": True,
    }
    empty = layer(
        content(holed, Wanted(Question("eaje", as_of=DAY), codes=()), "gpkg"), tmp_path, "ecarts"
    )
    assert list(empty.columns) == list(back.columns)
    assert len(empty) == 0


def test_lambert_93_is_refused_overseas_with_the_official_projection(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE commune AS SELECT * FROM (VALUES "
            "('97302', 'Cayenne', '973', -52.33, 4.93), ('97209', 'Fort-de-France', '972', "
            "-61.07, 14.61), ('62041', 'Arras', '62', 2.77, 50.29), "
            "('97500', 'Sans mairie', '975', NULL, NULL)) AS t(code, name, dep, lon, lat)"
        )
        check_lambert(con, ["62041", "97500"])
        assert official_crs(con, ["62041", "97302"]) == {2154: ["Arras"], 2972: ["Cayenne"]}
        with pytest.raises(RequestError, match="Cayenne : EPSG:2972") as caught:
            check_lambert(con, ["62041", "97302", "97209"])
    assert "Fort-de-France : EPSG:5490" in str(caught.value)
    assert "--crs 4326" in str(caught.value)
