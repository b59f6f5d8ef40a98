"""Roads as minutes: what a way's tags say of its speed and direction, and what a file may state."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.errors import RequestError
from observatory.knowledge.road_rules import PATH, road_rules

CAR, WALK, BIKE = (road_rules().mode(m) for m in ("car", "walk", "bike"))


def test_a_posted_limit_slows_a_car_and_never_speeds_it() -> None:
    stated = CAR.kmh["primary"]
    assert CAR.speed_kmh({"highway": "primary"}) == stated
    assert CAR.speed_kmh({"highway": "primary", "maxspeed": "30"}) == 30
    assert CAR.speed_kmh({"highway": "primary", "maxspeed": "20 mph"}) == pytest.approx(
        32.187, 1e-4
    )
    for posted in ("130", "FR:urban", "none", "0", ""):
        assert CAR.speed_kmh({"highway": "primary", "maxspeed": posted}) == stated
    assert BIKE.speed_kmh({"highway": "primary", "maxspeed": "10"}) == BIKE.kmh["primary"]


def test_a_way_is_open_to_a_mode_by_the_closest_of_its_tags() -> None:
    assert CAR.speed_kmh({"highway": "footway"}) is None
    assert CAR.speed_kmh({}) is None
    assert WALK.speed_kmh({"highway": "footway"}) == 4.5
    assert WALK.speed_kmh({"highway": "motorway"}) is None
    assert CAR.speed_kmh({"highway": "service", "access": "private"}) is None
    assert CAR.speed_kmh({"highway": "service", "access": "no", "motor_vehicle": "yes"}) == 15
    assert CAR.speed_kmh({"highway": "residential", "motor_vehicle": "no"}) is None
    assert BIKE.speed_kmh({"highway": "residential", "motor_vehicle": "no"}) == 16
    assert WALK.speed_kmh({"highway": "pedestrian", "area": "yes"}) is None


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({}, (True, True)),
        ({"oneway": "no"}, (True, True)),
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"junction": "roundabout"}, (True, False)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
    ],
)
def test_a_car_follows_one_ways(tags: dict[str, str], directions: tuple[bool, bool]) -> None:
    assert CAR.directions(tags) == directions


def test_a_bicycle_has_its_own_one_ways_and_a_walker_none() -> None:
    assert BIKE.directions({"oneway": "yes", "oneway:bicycle": "no"}) == (True, True)
    assert BIKE.directions({"oneway": "yes"}) == (True, False)
    assert WALK.directions({"oneway": "yes"}) == (True, True)


def test_a_territory_states_its_own_speeds(tmp_path: Path) -> None:
    own = tmp_path / "vitesses.toml"
    own.write_text(PATH.read_text(encoding="utf-8").replace("primary = 65", "primary = 52.5"))
    assert road_rules(own).mode("car").speed_kmh({"highway": "primary"}) == 52.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("primary = 65 →", "ne peut pas être lu"),
        ("primary = -65", "« primary » n'est pas au-dessus de zéro"),
        ("primary = nan", "« primary » n'est pas au-dessus de zéro"),
        ('primary = "vite"', "« modes.car.kmh.primary » manque ou n'est pas compris"),
    ],
)
def test_a_file_that_states_no_speed_is_refused(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "vitesses.toml"
    own.write_text(PATH.read_text(encoding="utf-8").replace("primary = 65", text), encoding="utf-8")
    with pytest.raises(RequestError, match=said):
        road_rules(own)


def test_a_mode_that_a_file_does_not_state_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "vitesses.toml"
    text = PATH.read_text(encoding="utf-8")
    own.write_text(text[: text.index("[modes.bike]")], encoding="utf-8")
    with pytest.raises(RequestError, match="walk"):
        road_rules(own).mode("walk")
    with pytest.raises(RequestError, match="ne peut pas être lu"):
        road_rules(tmp_path / "absent.toml")
