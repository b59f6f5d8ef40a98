"""Contours: valid, non overlapping, one place each, whatever the town halls and the files hold."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from generated import tried
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from observatory.projection import metric_crs
from pipelines import contours as geometry

CONTOURS = "contours/hdf_com_cog2023.geojson"
CU_ARRAS = "200033579"
HOURGLASS = Polygon([(2, 50), (2.1, 50.1), (2.1, 50), (2, 50.1)])


def frame(*shapes: shapely.Geometry | None, codes: str = "ABCDEFGH") -> gpd.GeoDataFrame:
    table = {"code": list(codes[: len(shapes)])}
    return gpd.GeoDataFrame(table, geometry=np.array(shapes, dtype=object), crs=4326)


def town_halls(*rows: tuple[float | None, float | None, float | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["lon", "lat", "area_km2"], dtype=float)
    return table.assign(code=[f"{number:05d}" for number in range(len(rows))])


def areas_km2(contours: gpd.GeoDataFrame, epsg: int = 2154) -> np.ndarray:
    return contours.to_crs(epsg).area.to_numpy() / 1e6


def assert_tiles(contours: gpd.GeoDataFrame) -> None:
    assert contours.is_valid.all()
    assert set(contours.geom_type) <= {"Polygon"}
    assert not contours.is_empty.any()
    assert geometry.overlaps(contours, 1e-6).empty


@pytest.fixture(scope="module")
def hauts_de_france() -> gpd.GeoDataFrame:
    default = Path(__file__).resolve().parents[3] / "shared" / "mirror"
    path = Path(os.environ.get("OBSERVATORY_TEST_MIRROR") or default) / CONTOURS
    if not path.is_file():
        if os.environ.get("OBSERVATORY_REQUIRE_MIRROR") == "1":
            pytest.fail(f"the mirror must be there, and {path} is not")
        pytest.skip(f"no mirror of the published files: {path} is not there")
    return gpd.read_file(path).rename(columns={"INSEE_COM": "code"})


# --- projections


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (2.77, 50.29, 2154),
        (9.1, 42.1, 2154),
        (-61.5, 16.2, 5490),
        (-61.0, 14.6, 5490),
        (-52.3, 4.9, 2972),
        (55.5, -21.1, 2975),
        (45.2, -12.8, 4471),
        (-56.3, 46.8, 32621),
        (165.9, -22.2, 32758),
        (180.0, 0.0, 32660),
    ],
)
def test_each_place_is_computed_in_its_own_metres(lon: float, lat: float, epsg: int) -> None:
    crs = metric_crs(lon, lat)
    assert crs.to_epsg() == epsg
    assert {axis.unit_name for axis in crs.axis_info} == {"metre"}
    metres = gpd.GeoSeries([Point(lon, lat)], crs=4326).to_crs(crs)
    back = metres.translate(1000, 0).to_crs(4326).iloc[0]
    apart = gpd.GeoSeries([Point(lon, lat), back], crs=4326).to_crs(crs)
    assert apart.iloc[0].distance(apart.iloc[1]) == pytest.approx(1000, rel=1e-6)


def test_a_point_off_the_globe_is_refused() -> None:
    with pytest.raises(ValueError, match="longitude"):
        metric_crs(700_000.0, 6_600_000.0)


# --- schematic contours


def test_one_town_hall_gives_a_circle_of_the_area_of_the_commune() -> None:
    contours = geometry.schematic_contours(town_halls((4.61, 45.53, 7.3)))
    assert_tiles(contours)
    assert areas_km2(contours)[0] == pytest.approx(7.3, rel=0.01)
    assert contours.geometry.iloc[0].contains(Point(4.61, 45.53))


@pytest.mark.parametrize("area", [None, 0.0])
def test_an_unknown_area_takes_a_default(area: float | None) -> None:
    alone = geometry.schematic_contours(town_halls((2.7, 50.2, area)))
    assert areas_km2(alone)[0] == pytest.approx(geometry.TYPICAL_AREA_KM2, rel=0.01)
    beside = geometry.schematic_contours(town_halls((2.7, 50.2, area), (3.7, 50.2, 8.0)))
    assert areas_km2(beside) == pytest.approx([8.0, 8.0], rel=0.01)


@pytest.mark.parametrize("step", [(0.03, 0.0), (0.0, 0.03), (0.02, 0.01)])
@pytest.mark.parametrize("count", [2, 3, 6])
def test_town_halls_on_one_line_share_the_line(step: tuple[float, float], count: int) -> None:
    halls = town_halls(*[(2.5 + n * step[0], 50 + n * step[1], 9.0) for n in range(count)])
    contours = geometry.schematic_contours(halls)
    assert_tiles(contours)
    inside = contours.contains(gpd.GeoSeries.from_xy(halls["lon"], halls["lat"], crs=4326))
    assert inside.all()


def test_two_town_halls_at_the_same_place_get_a_contour_each_always_the_same() -> None:
    halls = town_halls(*[(2.7, 50.2, 10.0)] * 3, (2.75, 50.2, 10.0))
    first, second = geometry.schematic_contours(halls), geometry.schematic_contours(halls)
    assert_tiles(first)
    assert len(first) == 4
    assert first.geometry.geom_equals(second.geometry).all()
    shuffled = geometry.schematic_contours(halls.iloc[::-1])
    assert first.geometry.geom_equals(shuffled.geometry).all()


def test_a_commune_without_coordinates_is_left_out_and_the_others_stay() -> None:
    halls = town_halls((2.7, 50.2, 9.0), (None, None, 9.0), (2.73, 50.2, 9.0))
    assert list(geometry.schematic_contours(halls)["code"]) == ["00000", "00002"]
    nobody = geometry.schematic_contours(town_halls((None, 50.0, 9.0)))
    assert nobody.empty
    assert nobody.crs == "EPSG:4326"


@pytest.mark.parametrize(("reach", "holes"), [(0.04, 0), (0.06, 1)])
def test_neighbours_make_one_outline_with_no_hole_smaller_than_a_commune(
    reach: float, holes: int
) -> None:
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    ring = [(2.7 + reach * np.cos(a), 50.2 + 0.64 * reach * np.sin(a), 9.0) for a in turns]
    contours = geometry.schematic_contours(town_halls(*ring))
    outline = shapely.union_all(contours.to_crs(2154).buffer(0.01).to_numpy())
    assert isinstance(outline, Polygon)
    assert len(outline.interiors) == holes


def test_overseas_and_metropolitan_communes_are_drawn_in_one_call() -> None:
    contours = geometry.schematic_contours(town_halls((55.45, -20.88, 142.8), (2.77, 50.29, 11.6)))
    assert areas_km2(contours.iloc[:1], 2975) == pytest.approx(142.8, rel=0.01)
    assert areas_km2(contours.iloc[1:], 2154) == pytest.approx(11.6, rel=0.01)


places = st.tuples(
    st.floats(2.0, 3.2, allow_nan=False),
    st.floats(49.8, 50.6, allow_nan=False),
    st.one_of(st.none(), st.floats(0.05, 90.0, allow_nan=False)),
)


@tried(15, 60)
@given(st.lists(places, min_size=1, max_size=25))
def test_any_town_halls_give_valid_disjoint_contours_around_them(
    rows: list[tuple[float, float, float | None]],
) -> None:
    halls = town_halls(*rows)
    contours = geometry.schematic_contours(halls)
    assert list(contours["code"]) == list(halls["code"])
    assert_tiles(contours)
    points = gpd.GeoSeries.from_xy(halls["lon"], halls["lat"], crs=4326)
    metres = points.to_crs(2154).to_numpy()
    nearest = np.array([sum(shapely.distance(spot, metres) < 4.0) for spot in metres])
    inside = contours.contains(points).to_numpy()
    assert inside[nearest == 1].all()
    assert (contours.to_crs(2154).distance(points.to_crs(2154)) < 80).all()


# --- repair, carry over


def test_repair_mends_keeps_what_has_an_area_and_says_what_it_did() -> None:
    mixed = GeometryCollection([box(2, 50, 2.1, 50.1), LineString([(2, 50), (3, 51)])])
    nested = GeometryCollection([MultiPolygon([box(2, 50, 2.1, 50.1)]), Point(0, 0)])
    flat = Polygon([(2, 50), (2.1, 50), (2.2, 50)])
    good = box(3, 50, 3.1, 50.1)
    out = geometry.repair(
        frame(good, HOURGLASS, mixed, nested, flat, None, Polygon(), LineString([(0, 0), (1, 1)]))
    )
    assert list(out.contours["code"]) == ["A", "B", "C", "D"]
    assert out.repaired == ["B", "C", "D"]
    assert out.dropped == ["E", "F", "G", "H"]
    assert out.contours.is_valid.all()
    assert set(out.contours.geom_type) <= {"Polygon", "MultiPolygon"}
    assert out.contours.geometry.iloc[0] == good
    assert out.contours.geometry.iloc[1].area == pytest.approx(0.005)


def test_repair_leaves_sound_contours_alone() -> None:
    contours = frame(
        box(2, 50, 2.1, 50.1), MultiPolygon([box(3, 50, 3.1, 50.1), box(4, 50, 5, 51)])
    )
    out = geometry.repair(contours)
    assert (out.repaired, out.dropped) == ([], [])
    assert out.contours.geometry.geom_equals(contours.geometry).all()


def test_old_codes_are_carried_to_the_current_commune_and_united() -> None:
    contours = frame(box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1)).assign(name=["a", "b", "c"])
    out = geometry.dissolve(contours, {"B": "A", "Z": "A"})
    assert list(out["code"]) == ["A", "C"]
    assert list(out.columns) == list(contours.columns)
    assert out.geometry.iloc[0].equals(box(0, 0, 2, 1))
    assert out.crs == contours.crs
    renamed = geometry.dissolve(contours, {"C": "Z"})
    assert renamed.loc[renamed["code"] == "Z", "name"].item() == "c"


def test_parts_are_mended_before_they_are_united_and_the_others_left_for_repair() -> None:
    contours = frame(HOURGLASS, box(2.1, 50, 2.2, 50.1), HOURGLASS)
    out = geometry.dissolve(contours, {"B": "A"})
    assert out.geometry.iloc[0].is_valid
    assert out.geometry.iloc[0].area == pytest.approx(0.015)
    assert geometry.repair(out).repaired == ["C"]


def test_no_contour_at_all_goes_through_every_step() -> None:
    nothing = geometry.schematic_contours(town_halls())
    assert geometry.repair(nothing).contours.empty
    assert geometry.dissolve(nothing, {"A": "B"}).empty
    assert geometry.simplify(nothing, 10).empty
    assert geometry.overlaps(nothing).empty


# --- simplify, overlaps, text


def wavy(x: float, west: float, east: float) -> Polygon:
    """A square whose border at ``x`` wiggles by about 7 m."""
    heights = np.linspace(50, 50.1, 40)
    border = [(x + (1e-4 if n % 2 else 0), y) for n, y in enumerate(heights)]
    far = west if abs(x - west) > 1e-6 else east
    return Polygon([*border, (far, 50.1), (far, 50)])


def test_simplification_keeps_shared_borders_shared() -> None:
    contours = frame(wavy(2.1, 2.0, 2.1), wavy(2.1, 2.1, 2.2))
    out = geometry.simplify(contours, 100)
    left, right = out.geometry
    assert shapely.get_num_coordinates(left) < 10
    assert left.intersection(right).length == pytest.approx(0.1, rel=0.01)
    assert geometry.overlaps(out, 0).empty
    assert left.union(right).geom_type == "Polygon"


def test_simplified_coordinates_have_five_decimals_and_stay_valid() -> None:
    spike = Polygon([(2, 50), (2.1, 50), (2.050000001, 50.000000001), (2.05, 50.1)])
    out = geometry.simplify(frame(spike, box(3, 50, 3.123456789, 50.1)), 0)
    assert out.is_valid.all()
    xy = shapely.get_coordinates(out.geometry.to_numpy())
    assert np.array_equal(xy, np.round(xy, 5))
    assert out.crs == "EPSG:4326"


def test_contours_in_lambert_come_back_in_degrees() -> None:
    square = box(700_000, 6_600_000, 701_000, 6_601_000)
    out = geometry.simplify(frame(square).set_crs(2154, allow_override=True), 1)
    assert out.crs == "EPSG:4326"
    assert areas_km2(out)[0] == pytest.approx(1, rel=0.005)


def test_overlaps_name_the_pair_and_measure_what_they_share() -> None:
    def square(x: float, side: float) -> Polygon:
        return box(x, 6_600_000, x + side, 6_600_000 + side)

    metres = frame(square(700_000, 1000), square(700_900, 500), square(701_400, 1000))
    contours = metres.set_crs(2154, allow_override=True)
    out = geometry.overlaps(contours)
    assert out[["code_a", "code_b"]].to_numpy().tolist() == [["A", "B"]]
    assert out["area_m2"].item() == pytest.approx(50_000, rel=1e-3)
    assert out["share"].item() == pytest.approx(0.2, rel=1e-3)
    assert geometry.overlaps(contours, 0.25).empty
    assert list(geometry.overlaps(contours.iloc[:0]).columns) == list(out.columns)


def test_the_text_of_a_contour_is_compact_geojson() -> None:
    (text,) = geometry.to_geojson_texts(np.array([box(2.123456789, 50.1, 2.2, 50.2)]))
    assert " " not in text
    shape = json.loads(text)
    assert shape["type"] == "Polygon"
    assert [2.12346, 50.1] in shape["coordinates"][0]


# --- the published contours


@pytest.mark.mirror
def test_the_contours_of_the_cu_d_arras_simplify_without_loss(
    hauts_de_france: gpd.GeoDataFrame,
) -> None:
    contours = hauts_de_france[hauts_de_france["EPCI"] == CU_ARRAS]
    assert len(contours) == 46
    out = geometry.simplify(geometry.repair(contours).contours, 50)
    assert out.is_valid.all()
    assert geometry.overlaps(out).empty
    assert areas_km2(out).sum() == pytest.approx(areas_km2(contours).sum(), rel=0.01)
    assert areas_km2(out) == pytest.approx(areas_km2(contours), rel=0.01)


@pytest.mark.mirror
def test_a_whole_region_is_simplified_in_seconds(hauts_de_france: gpd.GeoDataFrame) -> None:
    assert len(hauts_de_france) == 3787
    start = time.perf_counter()
    out = geometry.simplify(geometry.repair(hauts_de_france).contours, 100)
    assert time.perf_counter() - start < 10
    assert len(out) == 3787
    assert out.is_valid.all()
    assert geometry.overlaps(out).empty


@pytest.mark.mirror
def test_schematic_contours_look_like_the_territory(hauts_de_france: gpd.GeoDataFrame) -> None:
    official = hauts_de_france[hauts_de_france["EPCI"] == CU_ARRAS].to_crs(2154)
    halls = official.representative_point().to_crs(4326)
    table = pd.DataFrame(
        {
            "code": official["code"],
            "lon": halls.x,
            "lat": halls.y,
            "area_km2": official["SUPERF_2023"],
        }
    )
    contours = geometry.schematic_contours(table)
    assert_tiles(contours)
    drawn = shapely.union_all(contours.to_crs(2154).buffer(0.01).to_numpy())
    real = shapely.union_all(official.geometry.to_numpy())
    assert drawn.intersection(real).area / drawn.union(real).area > 0.8
    assert drawn.area == pytest.approx(real.area, rel=0.03)
