"""The table of minutes by the road, written as it is computed, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatory.french.csv import FRENCH, csv_file, text_cell
from observatory.knowledge.catchment_rules import Travel
from observatory.knowledge.road_rules import Mode, RoadRules
from observatory.roads.compared_minutes import ComparedMinutes, straight_minutes
from observatory.roads.road_file import RoadWays
from observatory.roads.road_graph import RoadGraph, led_to, quickest, road_graph

MINUTES: dict[Mode, str] = {
    "car": "minutes_en_voiture",
    "walk": "minutes_a_pied",
    "bike": "minutes_a_velo",
}
"""Heading of the minutes, by which the refresh knows the mode (``data/raw/roads``)."""
NAMED = 1_000
"""Pairs without a road that are kept by name; the others are counted."""


@dataclass
class RoadTable:
    """Minutes between the ends of a version, filled by ``parts``.

    Attributes
    ----------
    origins, destinations : DataFrame
        Of ``trip_ends``.
    travel : Travel
        The straight line that the roads are compared to, and the longest trip (``max_minutes``).
    pairs : int
        Trips written.
    without_road : list of (str, str)
        Pairs in reach by the straight line between which no road leads, the first ones.
    without_road_count : int
        All of them.
    compared : ComparedMinutes
        Straight line beside road.
    """

    graph: RoadGraph
    origins: pd.DataFrame
    destinations: pd.DataFrame
    mode: Mode
    travel: Travel
    compared: ComparedMinutes
    pairs: int = 0
    without_road: list[tuple[str, str]] = field(default_factory=list)
    without_road_count: int = 0

    @property
    def far(self) -> pd.DataFrame:
        """Places too far from any road, once each: id, code, metres to the nearest."""
        ends = pd.concat([self.origins, self.destinations], ignore_index=True)
        off = ends.assign(metres=self.graph.off_metres)[self.graph.at < 0]
        return off[["id", "code", "metres"]].drop_duplicates("id", ignore_index=True)

    def parts(self) -> Iterator[bytes]:
        """The file, part by part: origin, destination, minutes, metres; within reach alone."""
        headings = ["origine", "destination", MINUTES[self.mode], "metres"]
        yield csv_file(headings, [])
        on = np.flatnonzero(self.graph.at >= 0)
        count = len(self.origins)
        starts, ends = on[on < count], on[on >= count]
        if not len(starts) or not len(ends):
            return
        ids = np.array([text_cell(one) for one in self.origins["id"]], dtype=object)
        goals = np.array([text_cell(one) for one in self.destinations["id"]], dtype=object)
        goals = goals[ends - count]
        group, led = led_to(self.graph, starts, ends)
        groups = dict(zip(starts.tolist(), group.tolist(), strict=True))
        for found in quickest(self.graph, starts, ends, self.travel.max_minutes):
            straight = straight_minutes(
                self.origins.iloc[found.origins],
                self.destinations.iloc[ends - count],
                self.travel,
            )
            self.compared.add(straight, found.minutes)
            closed = ~led[[groups[one] for one in found.origins.tolist()]]
            self._keep_closed(ids[found.origins], goals, closed & self.compared.near(straight))
            row, column = np.nonzero(np.isfinite(found.minutes))
            self.pairs += len(row)
            lines = pd.DataFrame(
                {
                    "origin": ids[found.origins[row]],
                    "destination": goals[column],
                    "minutes": found.minutes[row, column],
                    "metres": np.rint(found.metres[row, column]).astype(int),
                }
            )
            yield lines.to_csv(
                index=False, header=False, sep=FRENCH.delimiter, decimal=FRENCH.decimal_mark,
                float_format="%.2f", lineterminator="\r\n",
            ).encode()  # fmt: skip

    def _keep_closed(
        self, origins: NDArray[np.object_], goals: NDArray[np.object_], closed: NDArray[np.bool_]
    ) -> None:
        row, column = np.nonzero(closed)
        self.without_road_count += len(row)
        left = max(0, NAMED - len(self.without_road))
        self.without_road += [
            (str(origins[r]), str(goals[c])) for r, c in zip(row[:left], column[:left], strict=True)
        ]


def road_table(
    ways: RoadWays,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    mode: Mode,
    rules: RoadRules,
    travel: Travel,
) -> RoadTable:
    """Put the ends on the roads; nothing is computed before ``parts`` is asked for."""
    ends = pd.concat([origins, destinations], ignore_index=True)
    graph = road_graph(ways, ends["lon"].to_numpy(float), ends["lat"].to_numpy(float), rules)
    return RoadTable(graph, origins, destinations, mode, travel, ComparedMinutes(travel))
