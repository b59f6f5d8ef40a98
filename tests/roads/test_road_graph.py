"""The graph of roads: directed, the quickest way by the stated speeds, bounded, and complete."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from observatory.knowledge.road_rules import RoadRules, road_rules
from observatory.roads import road_graph as graphs
from observatory.roads.road_file import EARTH_KM, RoadWays
from observatory.roads.road_graph import RoadGraph, led_to, quickest, road_graph

pytest.importorskip("scipy")
csgraph = pytest.importorskip("scipy.sparse.csgraph")

RULES = road_rules().model_copy(update={"fewest_nodes": 1})
METRE = float(np.degrees(1 / (1000 * EARTH_KM)))
"""Degrees of a metre along the equator, and along a meridian."""
Drawn = tuple[Sequence[int], float, str]


def ways(spots: Sequence[tuple[float, float]], drawn: Sequence[Drawn]) -> RoadWays:
    """Ways between spots (metres from 0, 0): nodes, km/h, « both », « ahead » or « back »."""
    x, y = np.array(spots, dtype=float).T * METRE
    return RoadWays(
        x,
        y,
        np.concatenate([np.array(nodes) for nodes, _, _ in drawn]),
        np.repeat(np.arange(len(drawn)), [len(nodes) for nodes, _, _ in drawn]),
        np.array([kmh for _, kmh, _ in drawn], dtype=float),
        np.array([how != "back" for _, _, how in drawn]),
        np.array([how != "ahead" for _, _, how in drawn]),
    )


def placed(
    roads: RoadWays, places: Sequence[tuple[float, float]], rules: RoadRules = RULES
) -> RoadGraph:
    x, y = np.array(places, dtype=float).T * METRE
    return road_graph(roads, x, y, rules)


def table(graph: RoadGraph, most: float = 120) -> tuple[np.ndarray, np.ndarray]:
    """Minutes and metres between all the places, whatever the order they are found in."""
    every = np.arange(len(graph.at))
    minutes, metres = np.full((2, len(every), len(every)), -1.0)
    for found in quickest(graph, every, every, most):
        minutes[found.origins], metres[found.origins] = found.minutes, found.metres
    return minutes, metres


# A square of one kilometre, a one-way street along its foot: 0 → 1 at 60 km/h, the way round at 30.
SQUARE = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
ROUND: list[Drawn] = [((0, 1), 60, "ahead"), ((1, 2, 3, 0), 30, "both")]


def test_minutes_and_metres_are_those_of_a_calculation_by_hand() -> None:
    minutes, metres = table(placed(ways(SQUARE, ROUND), [SQUARE[0], SQUARE[1]]))
    assert minutes == pytest.approx(np.array([[0, 1], [6, 0]]), rel=1e-5)
    assert metres == pytest.approx(np.array([[0, 1000], [3000, 0]]), rel=1e-5)


def test_a_way_drawn_backwards_is_taken_backwards() -> None:
    minutes, _ = table(placed(ways(SQUARE, [((0, 1), 60, "back"), ROUND[1]]), SQUARE[:2]))
    assert minutes == pytest.approx(np.array([[0, 6], [1, 0]]), rel=1e-5)


def test_of_two_streets_between_the_same_crossings_the_quicker_is_taken() -> None:
    both: list[Drawn] = [((0, 1), 20, "both"), ((0, 1), 50, "both"), ((0, 1), 30, "both")]
    minutes, _ = table(placed(ways(SQUARE, both), SQUARE[:2]))
    assert minutes[0, 1] == pytest.approx(1.2, rel=1e-5)


def test_a_place_between_two_crossings_stands_on_the_road_and_not_at_a_crossing() -> None:
    minutes, metres = table(placed(ways(SQUARE, ROUND), [(400, 10), SQUARE[1]]))
    assert metres[0, 1] == pytest.approx(600, abs=graphs.STEP_METRES / 2)
    assert minutes[0, 1] == pytest.approx(metres[0, 1] / 1000, rel=1e-5)


def test_nothing_is_looked_for_beyond_the_longest_trip() -> None:
    minutes, metres = table(placed(ways(SQUARE, ROUND), SQUARE[:2]), most=5)
    assert minutes[0, 1] == pytest.approx(1, rel=1e-5)
    assert np.isinf(minutes[1, 0])
    assert np.isinf(metres[1, 0])


def test_a_place_far_from_a_road_is_on_none_and_told() -> None:
    graph = placed(ways(SQUARE, ROUND), [(500, -RULES.farthest_metres - 1), (500, -900)])
    assert graph.at[0] == -1
    assert graph.off_metres[0] == pytest.approx(RULES.farthest_metres + 1, rel=1e-5)
    assert graph.at[1] >= 0


def test_a_piece_of_road_that_leads_nowhere_is_no_place_to_start_from() -> None:
    spots = [*SQUARE, (500, 300), (520, 300)]
    drawn: list[Drawn] = [*ROUND, ((4, 5), 30, "both")]
    some = RULES.model_copy(update={"fewest_nodes": 10})
    alone = placed(ways(spots, drawn), [(500, 300), SQUARE[1]])
    joined = placed(ways(spots, drawn), [(500, 300), SQUARE[1]], some)
    assert np.isinf(table(alone)[0][0, 1])
    assert table(joined)[0][0, 1] == pytest.approx(0.5, abs=0.03)


def test_that_no_road_leads_there_is_not_that_it_is_long() -> None:
    spots = [*SQUARE, (3000, 0), (4000, 0)]
    drawn: list[Drawn] = [*ROUND, ((4, 5), 30, "both"), ((1, 4), 30, "ahead")]
    graph = placed(ways(spots, drawn), [SQUARE[0], spots[5], SQUARE[1]])
    every = np.arange(3)
    group, led = led_to(graph, every, every)
    assert led[group].tolist() == [[True, True, True], [False, True, False], [True, True, True]]


def test_a_node_that_the_file_lacks_breaks_its_way() -> None:
    roads = ways([(0, 0), (100, 0), (200, 0), (300, 0), (400, 0)], [((0, 1, 2, 3, 4), 30, "both")])
    roads.lon[2] = np.nan
    minutes, _ = table(placed(roads, [(0, 0), (100, 0), (300, 0), (400, 0)]))
    assert np.isfinite(minutes).tolist() == [
        [True, True, False, False],
        [True, True, False, False],
        [False, False, True, True],
        [False, False, True, True],
    ]


@pytest.fixture
def town() -> tuple[RoadWays, list[tuple[float, float]]]:
    """A grid of streets drawn at random: one-way or not, of many speeds, some missing."""
    draw = np.random.default_rng(20261127)
    side = 9
    spots = [(210.0 * x, 190.0 * y) for y in range(side) for x in range(side)]
    drawn: list[Drawn] = []
    for line in np.arange(side * side).reshape(side, side):
        for street in (line, line % side * side + line // side):
            cut = int(draw.integers(2, side - 1))
            for part in (street[:cut], street[cut - 1 :]):
                how = str(draw.choice(["both", "both", "ahead", "back"]))
                drawn.append((part.tolist(), float(draw.choice([20, 30, 50, 80])), how))
    return ways(spots, drawn), [spots[n] for n in draw.choice(len(spots), 25, replace=False)]


def test_crossings_joined_give_what_every_step_gives(
    town: tuple[RoadWays, list[tuple[float, float]]],
) -> None:
    """Floyd-Warshall on the nodes of the ways as they are drawn, nothing joined nor divided."""
    roads, places = town
    spots = np.column_stack([roads.lon, roads.lat]) / METRE
    weight = np.full((len(spots), len(spots)), np.inf)
    for start, end, way, after in zip(
        roads.node[:-1], roads.node[1:], roads.way[:-1], roads.way[1:], strict=True
    ):
        if way == after:
            took = np.hypot(*(spots[end] - spots[start])) / 1000 / roads.kmh[way] * 60
            if roads.forward[way]:
                weight[start, end] = min(weight[start, end], took)
            if roads.backward[way]:
                weight[end, start] = min(weight[end, start], took)
    expected = csgraph.floyd_warshall(weight)
    at = [int(np.argmin(np.hypot(*(spots - place).T))) for place in places]
    minutes, _ = table(placed(roads, places))
    assert np.isfinite(minutes).mean() > 0.5
    assert minutes == pytest.approx(expected[np.ix_(at, at)], rel=1e-4)


def test_little_memory_gives_the_same_minutes(
    town: tuple[RoadWays, list[tuple[float, float]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = placed(*town)
    minutes, metres = table(graph)
    monkeypatch.setattr(graphs, "AT_ONCE_BYTES", 1)
    assert len(list(quickest(graph, np.arange(25), np.arange(25), 120))) == 25
    again = table(graph)
    assert again[0] == pytest.approx(minutes)
    assert again[1] == pytest.approx(metres)
