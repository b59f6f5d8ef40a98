"""A directed graph of roads: crossings and places, joined by the quickest road between them.

What lies between two crossings is one edge, its minutes and metres added up. Turns and crossings
cost nothing of their own: the speeds are means of a whole trip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.knowledge.road_rules import RoadRules
from observatory.roads.road_file import RoadWays, extra, on_sphere

STEP_METRES = 50.0
"""Longest step of a way: places stand at most half of it from a node of their road."""
AT_ONCE_BYTES = 256_000_000
"""Memory of the quickest ways that are looked for at once."""
LEAST_MINUTES = 1e-6
"""Of an edge: two nodes at one spot are still joined."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class RoadGraph:
    """The graph, and where each place stands on it.

    Attributes
    ----------
    minutes : scipy.sparse.csr_array
        From a node (row) to another (column): one entry per edge.
    metres : array of float
        One per edge, in the order of ``minutes.data``.
    at : array of int
        One per place: its node; -1 where it is too far from any road.
    off_metres : array of float
        One per place: metres to the nearest node of a road, in a straight line.
    """

    minutes: Any
    metres: Floats
    at: Numbers
    off_metres: Floats


@dataclass(frozen=True)
class Reached:
    """Quickest ways from some origins to every destination.

    Attributes
    ----------
    origins : array of int
        Their ranks.
    minutes, metres : array of float
        One row per origin, one column per destination; infinite out of reach.
    """

    origins: Numbers
    minutes: Floats
    metres: Floats


def road_graph(ways: RoadWays, lon: Floats, lat: Floats, rules: RoadRules) -> RoadGraph:
    """Join the crossings of ways, and the node nearest to each place.

    Parameters
    ----------
    lon, lat : array of float
        Of the places, in degrees.
    """
    spots, node, way = _in_short_steps(ways)
    along = np.linalg.norm(spots[node[1:]] - spots[node[:-1]], axis=1)
    joined = (way[1:] == way[:-1]) & ~np.isnan(along)
    along[~joined] = 0

    step = np.flatnonzero(joined)
    whole, _ = _sparse(_directed(ways, way[step], node[step], node[step + 1], along[step]), spots)
    piece = _pieces(whole)
    large = (np.bincount(piece) >= rules.fewest_nodes)[piece] & ~np.isnan(spots[:, 0])
    at, off_metres = _nearest(spots, np.flatnonzero(large), lon, lat, rules.farthest_metres)

    kept = np.bincount(node, minlength=len(spots)) > 1
    kept[at[at >= 0]] = True
    stop = np.flatnonzero(kept[node] | ~np.append(False, joined) | ~np.append(joined, False))
    start, end = stop[:-1], stop[1:]
    run = joined[start]  # without a stop between them, they are joined all the way
    start, end = start[run], end[run]
    far = np.append(0.0, np.cumsum(along))
    short = _directed(ways, way[start], node[start], node[end], far[end] - far[start])
    used = np.unique(np.concatenate([short.start, short.end, at[at >= 0]]))
    minutes, metres = _sparse(short.among(used), used)
    placed = np.where(at >= 0, np.searchsorted(used, at), -1)
    return RoadGraph(minutes, metres, placed, off_metres)


def quickest(
    graph: RoadGraph, origins: Numbers, destinations: Numbers, most_minutes: float
) -> Iterator[Reached]:
    """Quickest ways, a bounded number of origins at a time.

    Parameters
    ----------
    origins, destinations : array of int
        Ranks of places that stand on a road.
    most_minutes : float
        Nothing is looked for beyond.
    """
    csgraph = extra("scipy.sparse.csgraph")
    size = graph.minutes.shape[0]
    at_once = max(1, AT_ONCE_BYTES // (12 * size + 48 * max(1, len(destinations))))
    starts, which = np.unique(graph.at[origins], return_inverse=True)
    ends = graph.at[destinations]
    for first in range(0, len(starts), at_once):
        several = starts[first : first + at_once]
        minutes, before = csgraph.dijkstra(
            graph.minutes, indices=several, limit=most_minutes, return_predecessors=True
        )
        metres = _metres(graph, before, ends, np.isfinite(minutes[:, ends]))
        of = (which >= first) & (which < first + at_once)
        row = which[of] - first
        yield Reached(origins[of], minutes[:, ends][row], metres[row])


def led_to(
    graph: RoadGraph, origins: Numbers, destinations: Numbers
) -> tuple[Numbers, NDArray[np.bool_]]:
    """Whether any road at all leads there, however long.

    Returns
    -------
    array of int
        One per origin: its group. Whoever is of a group goes wherever another of it goes.
    array of bool
        One row per group, one column per destination.
    """
    csgraph = extra("scipy.sparse.csgraph")
    pieces, group = np.unique(_pieces(graph.minutes)[graph.at[origins]], return_inverse=True)
    led = np.zeros((len(pieces), len(destinations)), dtype=bool)
    for one in range(len(pieces)):
        start = graph.at[origins][group == one][0]
        found = csgraph.breadth_first_order(graph.minutes, start, return_predecessors=False)
        led[one] = np.isin(graph.at[destinations], found)
    return group, led


def _in_short_steps(ways: RoadWays) -> tuple[Floats, Numbers, Numbers]:
    """Nodes on the sphere (metres), and the steps of the ways, long ones divided."""
    spots = on_sphere(ways.lon, ways.lat)
    here, there = spots[ways.node[:-1]], spots[ways.node[1:]]
    far = np.linalg.norm(there - here, axis=1)
    far = np.where((ways.way[:-1] == ways.way[1:]) & ~np.isnan(far), far, 0)
    parts = np.append(np.maximum(1, np.ceil(far / STEP_METRES)).astype(np.int64), 1)
    step = np.repeat(np.arange(len(parts)), parts)
    nth = np.arange(len(step)) - np.repeat(np.cumsum(parts) - parts, parts)
    new = nth > 0
    node = ways.node[step]
    node[new] = len(spots) + np.arange(new.sum())
    share = (nth[new] / parts[step[new]])[:, None]
    between = here[step[new]] * (1 - share) + there[step[new]] * share
    return np.vstack([spots, between]), node, ways.way[step]


@dataclass(frozen=True)
class _Edges:
    """Directed edges: nodes they start from and end at, minutes, metres."""

    start: Numbers
    end: Numbers
    minutes: Floats
    metres: Floats

    def among(self, nodes: Numbers) -> _Edges:
        """The same, their nodes by their rank among some, which grow."""
        start, end = np.searchsorted(nodes, self.start), np.searchsorted(nodes, self.end)
        return _Edges(start, end, self.minutes, self.metres)


def _directed(ways: RoadWays, way: Numbers, start: Numbers, end: Numbers, metres: Floats) -> _Edges:
    """Pieces of ways in each direction that their way is open."""
    ahead, back = ways.forward[way], ways.backward[way]
    minutes = np.maximum(metres / 1000 / ways.kmh[way] * 60, LEAST_MINUTES)
    return _Edges(
        np.concatenate([start[ahead], end[back]]),
        np.concatenate([end[ahead], start[back]]),
        np.concatenate([minutes[ahead], minutes[back]]),
        np.concatenate([metres[ahead], metres[back]]),
    )


def _sparse(edges: _Edges, nodes: NDArray[Any]) -> tuple[Any, Floats]:
    """The quickest edge from each node to each other: a matrix, and the metres of its entries."""
    order = np.lexsort((edges.minutes, edges.end, edges.start))
    start, end = edges.start[order], edges.end[order]
    first = np.append(True, (np.diff(start) != 0) | (np.diff(end) != 0))[: len(order)]
    kept = order[first]
    matrix = extra("scipy.sparse").csr_array(
        (edges.minutes[kept], (edges.start[kept], edges.end[kept])), shape=(len(nodes), len(nodes))
    )
    return matrix, edges.metres[kept]


def _pieces(minutes: Any) -> Numbers:
    """Of each node, the piece of road it is of: within it, each is reached from each."""
    csgraph = extra("scipy.sparse.csgraph")
    found: Numbers = csgraph.connected_components(minutes, directed=True, connection="strong")[1]
    return found


def _nearest(
    spots: Floats, candidates: Numbers, lon: Floats, lat: Floats, farthest_metres: float
) -> tuple[Numbers, Floats]:
    """The candidate nearest to each place, -1 where it is too far, and how far it is (metres)."""
    if not len(candidates) or not len(lon):
        return np.full(len(lon), -1), np.full(len(lon), np.inf)
    tree = extra("scipy.spatial").cKDTree(spots[candidates])
    off, which = tree.query(on_sphere(lon, lat))
    return np.where(off <= farthest_metres, candidates[which], -1), off


def _metres(
    graph: RoadGraph, before: NDArray[np.int32], ends: Numbers, known: NDArray[np.bool_]
) -> Floats:
    """Metres of the quickest ways, by following each back to where it starts."""
    size = graph.minutes.shape[0]
    keys = np.repeat(np.arange(size), np.diff(graph.minutes.indptr)) * size + graph.minutes.indices
    metres = np.where(known, 0.0, np.inf)
    row, column = np.nonzero(known)
    node = ends[column]
    while len(row):
        last = before[row, node].astype(np.int64)
        going = last >= 0
        row, column, node, last = row[going], column[going], node[going], last[going]
        metres[row, column] += graph.metres[np.searchsorted(keys, last * size + node)]
        node = last
    return metres
