"""Who borders whom: a border makes neighbours, a corner does not."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from observatory.projection import WGS84
from pipelines.neighbours import pairs

LAMBERT = 2154
EAST, NORTH = 680_000, 7_020_000  # metres, near Arras


def shapes(**boxes: tuple[float, float, float, float]) -> gpd.GeoSeries:
    """Rectangles given in metres (west, south, east, north), as the contours are kept."""
    drawn = [shapely.box(EAST + w, NORTH + s, EAST + e, NORTH + n) for w, s, e, n in boxes.values()]
    return gpd.GeoSeries(drawn, index=list(boxes), crs=LAMBERT).to_crs(WGS84)


def found(**boxes: tuple[float, float, float, float]) -> set[tuple[str, str]]:
    table = pairs(shapes(**boxes))
    there = set(zip(table["code"], table["neighbour"], strict=True))
    assert len(there) == len(table)
    return there


def test_a_border_makes_neighbours_both_ways() -> None:
    assert found(a=(0, 0, 1000, 1000), b=(1000, 0, 2000, 1000)) == {("a", "b"), ("b", "a")}


def test_a_corner_makes_no_neighbours() -> None:
    """Four squares around a point: each borders two others, never the one across."""
    there = found(
        a=(0, 0, 1000, 1000),
        b=(1000, 0, 2000, 1000),
        c=(0, 1000, 1000, 2000),
        d=(1000, 1000, 2000, 2000),
    )
    assert {x for x in there if x[0] == "a"} == {("a", "b"), ("a", "c")}
    assert ("b", "c") not in there


@pytest.mark.parametrize(("length", "neighbours"), [(5, False), (40, True)])
def test_a_few_metres_are_no_border(length: float, neighbours: bool) -> None:
    there = found(a=(0, 0, 1000, 1000), b=(1000, 1000 - length, 2000, 2000))
    assert (("a", "b") in there) is neighbours


def test_rounding_does_not_part_neighbours() -> None:
    """Contours are rounded to about a metre: a gap of one is no gap, one of ten is."""
    near = found(a=(0, 0, 1000, 1000), b=(1001, 0, 2000, 1000), c=(2010, 0, 3000, 1000))
    assert near == {("a", "b"), ("b", "a")}


def test_a_commune_inside_another_borders_it() -> None:
    around = shapely.Polygon(
        shapely.box(EAST, NORTH, EAST + 3000, NORTH + 3000).exterior,
        [shapely.box(EAST + 1000, NORTH + 1000, EAST + 2000, NORTH + 2000).exterior],
    )
    hole = shapely.box(EAST + 1000, NORTH + 1000, EAST + 2000, NORTH + 2000)
    table = pairs(gpd.GeoSeries([around, hole], index=["a", "b"], crs=LAMBERT).to_crs(WGS84))
    assert table["code"].tolist() == ["a", "b"]


def test_far_away_parts_of_the_world_are_no_neighbours() -> None:
    far = gpd.GeoSeries([shapely.box(-61.1, 14.5, -61.0, 14.6)], index=["m"], crs=WGS84)
    both = gpd.GeoSeries(pd.concat([shapes(a=(0, 0, 1000, 1000)), far]), crs=WGS84)
    assert pairs(both).empty
