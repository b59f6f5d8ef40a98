"""The table of minutes by the road as it is written, and what the command says of it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from observatory.answers.minutes_in_use import minutes_in_words
from observatory.commands.travel_told import as_text
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.road_rules import road_rules
from observatory.roads import road_table as written
from observatory.roads.compared_minutes import ComparedMinutes, straight_minutes
from observatory.roads.road_graph import Reached, RoadGraph
from observatory.roads.road_table import RoadTable
from observatory.settings import ROOT

TRAVEL = catchment_rules().travel
HOMES = pd.DataFrame(
    [("01001", "01001", 5.0, 46.0), ("01002", "01002", 5.05, 46.0), ("01003", "01003", 5.1, 46.0)],
    columns=["id", "code", "lon", "lat"],
)
PLACES = pd.DataFrame(
    [("E1", "01001", 5.0, 46.0), ("E2", "01002", 5.05, 46.0)], columns=["id", "code", "lon", "lat"]
)
INF = float("inf")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> RoadTable:
    """Three homes and two places; the third home is 1,200 m from a road, E1 leads to no home."""
    at, off = np.array([0, 1, -1, 0, 1]), np.array([5.0, 5.0, 1200.0, 5.0, 5.0])
    minutes = np.array([[0.0, 7.256], [INF, 0.0]])
    metres = np.array([[0.0, 5049.6], [INF, 0.0]])
    led = np.array([[True, True], [False, True]])
    monkeypatch.setattr(written, "led_to", lambda *_: (np.array([0, 1]), led))
    monkeypatch.setattr(
        written,
        "quickest",
        lambda *_: iter([Reached(np.array([n]), minutes[[n]], metres[[n]]) for n in (0, 1)]),
    )
    graph = RoadGraph(None, np.empty(0), at, off)
    return RoadTable(graph, HOMES, PLACES, "car", TRAVEL, ComparedMinutes(TRAVEL))


def test_the_file_holds_the_trips_in_reach_and_the_codes_as_text(table: RoadTable) -> None:
    assert b"".join(table.parts()).decode("utf-8-sig").splitlines() == [
        "origine;destination;minutes_en_voiture;metres",
        "01001;E1;0,00;0",
        "01001;E2;7,26;5050",
        "01002;E2;0,00;0",
    ]
    assert table.pairs == 3


def test_what_is_far_from_a_road_and_what_no_road_joins_is_told(table: RoadTable) -> None:
    list(table.parts())
    told = as_text(table, road_rules(), Path("temps-2026.csv"))
    assert "3 trajets en voiture d'au plus 30 min, de 3 origines à 2 destinations." in told
    assert "À plus de 1\u202f000 m d'une route : 1 lieu" in told
    assert "01003 (1,2 km)" in told
    assert "1 trajet, hors de portée : 01002 → E1" in told
    assert "motorway 115" in told
    # 3.86 km apart: 7.5 minutes in a straight line, 7.3 by the road there, none back.
    assert "À 15 min : 3 trajets des deux façons, 1 à vol d'oiseau seulement, 0 par la" in told
    assert "licence ODbL" in told


def test_straight_minutes_are_those_of_the_rule() -> None:
    found = straight_minutes(HOMES, PLACES, TRAVEL)
    km = np.radians(0.05) * np.cos(np.radians(46)) * 6371.0088
    assert found[0] == pytest.approx([0, km * 1.3 / 40 * 60], rel=1e-5)
    assert found[2, 1] == pytest.approx(found[0, 1])


def test_bands_are_worked_out_by_hand() -> None:
    compared = ComparedMinutes(TRAVEL)
    compared.add(np.array([[1.0, 4.0, 5.0, 40.0]]), np.array([[2.0, 9.0, 4.0, 25.0]]))
    compared.add(np.array([[2.0, 29.0, 50.0]]), np.array([[3.0, INF, INF]]))
    assert compared.bands().to_numpy().tolist() == [
        [0, 5, 3, 2, 3, 9],
        [5, 10, 1, 4, 4, 4],
        [20, 30, 1, INF, INF, INF],
        [30, INF, 1, 25, 25, 25],
    ]
    assert compared.within(15) == {"both": 4, "straight": 0, "road": 0}
    assert compared.within(5) == {"both": 3, "straight": 1, "road": 0}
    assert compared.within(30) == {"both": 4, "straight": 1, "road": 1}


def source(id_: str, publication: str) -> dict[str, str]:
    return {"id": id_, "publication": publication, "vintage": "2026"}


def test_the_minutes_in_use_are_named() -> None:
    straight = catchment_rules().explain_minutes()
    assert minutes_in_words({"sources": [source("caf", "taux")]}) == straight
    by_bike = minutes_in_words({"sources": [source("roads", "a_velo")]})
    assert by_bike.startswith("Temps de trajet à vélo par la route (2026)")
    both = [source("roads", "a_velo"), source("roads", "en_voiture"), source("travel_time", "t")]
    told = minutes_in_words({"sources": both})
    assert "donnés par le territoire (2026)" in told
    assert "en voiture" in told
    assert "à vélo" not in told
    assert told.endswith(straight[1:])


def test_whoever_does_not_ask_for_roads_never_imports_what_reads_them() -> None:
    code = (
        "import sys, observatory.commands.travel, observatory.roads.road_graph, pipelines.refresh;"
        "print({'osmium', 'scipy', 'pyrosm', 'pandana'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.strip() == "set()", ran.stderr


def test_the_extra_is_the_same_wherever_it_is_listed() -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = (ROOT / "requirements-roads.txt").read_text(encoding="utf-8").split()
    assert described["optional-dependencies"]["roads"] == listed
    served = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert not [line for line in listed if line.split("==")[0] + "==" in served]
