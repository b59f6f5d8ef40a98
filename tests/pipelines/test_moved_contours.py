"""Overseas contours moved next to the mainland: a picture, never a position in a file."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
import tiny
from fixtures.versions import Con, make_settings

from observatory.files.formats import Wanted, content
from observatory.files.notes import about
from observatory.french import vocabulary
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.versions import record, record_tables, warehouse
from observatory.zones import away
from pipelines.refresh import refresh

DAY = date(2023, 12, 31)
OVERSEAS = {"62004": "97604"}
MOVED = (6.2, 41.0)


def files() -> dict[str, str]:
    """The tiny territory with Dune in Mayotte: town hall, and every code."""
    changed = {name: text.replace("62004", OVERSEAS["62004"]) for name, text in tiny.FILES.items()}
    facts = changed["naissances/communes_2022.csv"]
    assert "50.25,2.80,5," in facts
    changed["naissances/communes_2022.csv"] = facts.replace("50.25,2.80,5,", "-12.79,45.26,5,")
    return changed


def square(lon: float, lat: float) -> shapely.Geometry:
    return shapely.box(lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02)


SPOTS = {"62001": (2.70, 50.30), "62002": (2.80, 50.30), "62003": (2.70, 50.25)}


def national(folder: Path, **more: tuple[float, float]) -> Path:
    """A mirror that holds a picture of France alone, Mayotte next to the mainland."""
    spots = {**SPOTS, **(more or {OVERSEAS["62004"]: MOVED})}
    (folder / "national").mkdir(parents=True)
    gpd.GeoDataFrame(
        {"INSEE_COM": list(spots), "NOM": list(spots), "SIREN_EPCI": tiny.SIREN},
        geometry=[square(*spot) for spot in spots.values()],
        crs="EPSG:4326",
    ).to_file(folder / "national" / "communes_cog2024.gpkg")
    return folder


def build(folder: Path, territory: str) -> tuple[Con, list[str]]:
    said: list[str] = []
    settings = make_settings(
        folder, raw_dir=tiny.write_raw(folder / "raw", files()), mirror=national(folder / "mirror")
    )
    name = refresh(settings, parse(territory), said.append)
    return warehouse.connect(settings.processed_dir / name), said


def layers(written: bytes) -> dict[str, gpd.GeoDataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "read.gpkg"
        path.write_bytes(written)
        names = [str(n) for n, kind in pyogrio.list_layers(path) if kind]
        return {name: pyogrio.read_dataframe(path, layer=name) for name in names}


@pytest.mark.campaign
def test_a_territory_drawn_elsewhere_gets_contours_at_its_true_place(tmp_path: Path) -> None:
    con, said = build(tmp_path, OVERSEAS["62004"])
    assert record.info(con)["contours"] == "schematic"
    # What the version does not show is none of its sources.
    assert "national" not in set(record_tables.sources(con)["id"])
    assert any("loin de leur vraie place" in line and "contours/" in line for line in said)
    wanted = Wanted(Question("laep", definition="territory", as_of=DAY))
    collection = json.loads(content(con, wanted, "geojson"))
    (feature,) = collection["features"]
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert shape.contains(shapely.Point(45.26, -12.79))


@pytest.mark.campaign
def test_a_contour_moved_for_display_never_leaves_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three communes in four are where they are drawn: the picture serves the screen.
    monkeypatch.setattr("pipelines.outlines.COVERAGE", 0.7)
    con, _ = build(tmp_path, tiny.SIREN)
    assert record.info(con)["contours"] == "generalised"
    assert "communes_cog2024.gpkg" in set(record_tables.sources(con)["file"])
    assert record.moved_contours(con) == {OVERSEAS["62004"]}
    assert record.info(con)["contours_moved"] == 1
    assert vocabulary.MOVED in str(about(con, DAY)["Contours"])
    wanted = Wanted(Question("laep", definition="territory", as_of=DAY))
    features = json.loads(content(con, wanted, "geojson"))["features"]
    shapes = {f["id"]: f["geometry"] for f in features}
    assert [code for code, shape in shapes.items() if shape is None] == [OVERSEAS["62004"]]
    kinds = {f["id"]: f["properties"]["contours"] for f in features}
    assert kinds[OVERSEAS["62004"]] == vocabulary.MOVED_CONTOUR
    found = layers(content(con, wanted, "gpkg"))
    for layer in found.values():
        for west, south, east, north in shapely.bounds(layer.geometry.dropna().to_numpy()):
            assert 2 < west <= east < 3
            assert 50 < south <= north < 51
    assert len(found["ecarts"]) == 4


def test_an_old_code_is_of_the_very_source_that_gave_its_contour(tmp_path: Path) -> None:
    merged = tiny.MOVEMENTS + "32,2025-01-01,COM,62013,Clos-Haut,COM,62003\n"
    raw = tiny.write_raw(tmp_path / "raw", {**tiny.FILES, "cog/v_mvt_commune_2026.csv": merged})
    folder = national(tmp_path / "mirror", **{"62004": (2.80, 50.25), "62013": (2.72, 50.25)})
    settings = make_settings(tmp_path, raw_dir=raw, mirror=folder)
    con = warehouse.connect(
        settings.processed_dir / refresh(settings, parse(tiny.SIREN), lambda line: None)
    )
    carried = record_tables.carried(con)
    assert list(carried.loc[carried["code_old"] == "62013", "source"]) == ["national"]
    assert set(carried["source"]) <= set(record_tables.sources(con)["id"])


def test_a_shape_is_away_when_it_is_out_of_its_commune_s_part_of_france() -> None:
    assert away("97615", (6.2, 41.0, 6.3, 41.1))
    assert not away("97615", (45.2, -12.8, 45.3, -12.7))
    assert not away("62041", (2.7, 50.2, 2.8, 50.3))
    # A territory that is not described says nothing against any place.
    assert not away("98735", (0.0, 0.0, 1.0, 1.0))


@pytest.mark.campaign
@pytest.mark.mirror
def test_petite_terre_and_its_establishments_are_in_one_world(mirror: Path, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, mirror=mirror)
    settings.census_dir.mkdir(parents=True)
    (settings.census_dir / "offre.csv").write_text(
        tiny.OFFER.splitlines()[0].removesuffix(";demonstration")
        + ";demonstration\nPT-1;Crèche Essai;eaje_psu;public;Ville;97615;;45.2790;-12.7935;;30;;"
        "2020-01-01;;;;non\nPT-2;Crèche du Quai;eaje_psu;public;Ville;97608;;45.2650;-12.7800;;12;;"
        "2020-01-01;;;;non\n",
        encoding="utf-8",
    )
    name = refresh(settings, parse("200050532"), lambda line: None)
    with warehouse.connect(settings.processed_dir / name) as con:
        wanted = Wanted(Question("eaje_psu", definition="territory", as_of=DAY))
        found = layers(content(con, wanted, "gpkg"))
        assert len(found["etablissements"]) == 2
        for layer in found.values():
            west, south, east, north = layer.total_bounds
            assert 45.2 < west < east < 45.35
            assert -12.85 < south < north < -12.7
