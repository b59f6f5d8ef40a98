"""Proportional circles: areas are to each other as the values are."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.maps.circles import MORE, RADII, SHORT, Scale, colour, scale_of, shared
from observatory.maps.classes import classify
from observatory.maps.specification import MapPaint
from observatory.ui.map.message import payload
from observatory.ui.shell.static import StaticFiles

AREA = 500_000.0


def test_four_times_the_value_is_four_times_the_area_and_twice_the_radius() -> None:
    scale = scale_of([400.0, 100.0, -25.0, None, math.nan, 0.0])
    assert (scale.largest, scale.total) == (400.0, 525.0)
    assert scale.radius(400.0, AREA) == pytest.approx(2 * scale.radius(100.0, AREA))
    assert scale.radius(-25.0, AREA) == scale.radius(25.0, AREA)
    assert scale.radius(0.0, AREA) == 0


def test_the_legend_shows_round_amounts_near_the_largest() -> None:
    assert Scale(123.0, 500.0).references() == (100.0, 20.0, 5.0)
    assert Scale(56_000.0, 1.0).references() == (50_000.0, 10_000.0, 2_000.0)
    assert Scale(3.0, 5.0).references() == (2.0,)  # places are whole
    assert Scale(3.0, 5.0).references(2) == (2.0, 0.5, 0.1)
    assert Scale(0.0, 0.0).references() == ()


def test_two_maps_of_one_unit_have_one_scale() -> None:
    assert shared(Scale(10.0, 90.0), Scale(40.0, 60.0)) == Scale(40.0, 90.0)


def test_the_colour_of_a_gap_is_its_sign() -> None:
    assert (colour(-1.0, "gap"), colour(1.0, "gap")) == (SHORT, MORE)
    assert colour(1.0, "count") not in (SHORT, MORE)


@given(st.lists(st.floats(min_value=-1e5, max_value=1e5), min_size=1, max_size=50))
def test_the_largest_circle_never_leaves_its_limits(values: list[float]) -> None:
    scale = scale_of(values)
    assert RADII[0] <= scale.radius_of_largest(AREA) <= RADII[1]


def _paint(**words: Any) -> MapPaint:
    given_: dict[str, Any] = {
        "codes": ["a", "b", "c"], "values": [-12.0, 40.0, None],
        "classification": classify([-12.0, 40.0, None], kind="gap"), "title": "t",
        "sentence": "s", "legend_title": "l", "unit": "places", "unit_one": "place", "source": "",
    }  # fmt: skip
    return MapPaint(**{**given_, **words})


def _files() -> StaticFiles:
    names = [f for f in StaticFiles.__dataclass_fields__ if f != "codes"]
    return StaticFiles(**dict.fromkeys(names, "x"), codes=("a", "b", "c"))


def test_the_message_says_how_circles_are_drawn_and_nothing_of_them_otherwise() -> None:
    sent = payload(_paint(style="circles"), _files())
    assert sent["circles"]["signs"] == "-+ "
    assert sent["circles"]["shares"] == pytest.approx([(12 / 40) ** 0.5, 1, 0], abs=0.001)
    told = sent["legend"]["references"]
    assert [one["words"] for one in told] == ["20\u00a0places", "5\u00a0places", "1\u00a0place"]
    assert [one["share"] ** 2 * 40 for one in told] == pytest.approx([20, 5, 1], rel=0.02)
    assert sent["figures"]["texts"] == "il\u00a0manque\u00a012;40\u00a0de\u00a0plus;u"
    assert sent["classes"] == "ggu"  # the unknown one stays hatched
    assert "circles" not in payload(_paint(), _files())


def test_two_maps_of_a_page_share_the_name_of_their_link() -> None:
    assert payload(_paint(), _files(), link="cartes")["link"] == "cartes"
    assert "link" not in payload(_paint(), _files())
