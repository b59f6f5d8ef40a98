"""What the page of the map shows of a question, made once and kept as bytes for every visitor.

A choice that somebody made before costs nothing but its sending. What is kept is bounded in bytes;
what was asked longest ago is given up first. Nothing here depends on who asks: the page shows a
planner what it shows anyone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from observatory.answers.deployment import of_service
from observatory.french import dates
from observatory.maps.specification import MapPoints, Tiles
from observatory.maps.view import View
from observatory.ui.map.answer import MapAnswer, answer, paints
from observatory.ui.map.beside import BesideMap, moves_told, shortfalls_told, timeline
from observatory.ui.map.establishments import Choice, has_points, points_of
from observatory.ui.map.head import head_html, nothing_known
from observatory.ui.map.message import payload, points_told
from observatory.ui.map.statements import statements_html
from observatory.ui.messages import PointsMessage
from observatory.ui.shell import data
from observatory.ui.shell.data import Version
from observatory.ui.shell.kept import kept
from observatory.ui.shell.loader import digest, packed, written
from observatory.ui.shell.said_first import first_sentence

KEYS = ("carte", "carte2")
"""The name of each map: it keeps its place and zoom."""


@dataclass(frozen=True)
class ReadyMap:
    """One map: its message but for what a visitor chose on it, and its title."""

    message: bytes
    title: str


@dataclass(frozen=True)
class ReadyPage:
    """What stands on the page, whatever the commune in focus.

    Attributes
    ----------
    head : str
        The answer in a sentence, title and figures of the territory, as HTML.
    nothing : str
        Why the map is hatched; empty when it is not.
    maps : tuple of ReadyMap
        One, or two side by side.
    beside : BesideMap
        What stands beside the first map.
    statements : str
        Sentences on the accessible supply, as HTML; empty for another measure.
    """

    head: str
    nothing: str
    maps: tuple[ReadyMap, ...]
    beside: BesideMap
    statements: str

    @property
    def titles(self) -> list[str]:
        """The title of each map."""
        return [one.title for one in self.maps]

    @cached_property
    def size(self) -> int:
        """Bytes that it holds, about."""
        texts = len(self.head) + len(self.nothing) + len(self.statements)
        return (
            texts
            + sum(len(one.message) for one in self.maps)
            + len(written({"told": [self.beside.shortfalls, self.beside.moves]}))
        )


@dataclass(frozen=True)
class ReadyPoints:
    """The establishments of a map, under a digest of their content."""

    told: PointsMessage
    size: int


def ready_page(
    version: Version, views: Sequence[View], days: Sequence[date], tiles: Tiles | None
) -> ReadyPage:
    """The page of one view, or of two side by side; the commune in focus changes nothing to it."""
    asked = tuple(replace(view, commune=None) for view in views)
    return kept().get(
        (version, asked, dates.today(), tiles),  # the days are those of this version, today
        lambda: _page(version, asked, days, tiles),
    )


def _page(
    version: Version, views: Sequence[View], days: Sequence[date], tiles: Tiles | None
) -> ReadyPage:
    answers = [answer(version, view) for view in views]
    view, first = views[0], answers[0]
    files, link = data.static_files(version), "cartes" if len(views) == 2 else None
    said = first_sentence(version, view, first.table, None)
    return ReadyPage(
        head=head_html(view, first.sums, data.info(version)["territory"]["name"], said),
        nothing="" if first.rows["supply"].notna().any() else nothing_known(first),
        maps=tuple(
            ReadyMap(
                packed(written(payload(paint, files, name=key, tiles=tiles, link=link))),
                paint.title,
            )
            for key, paint in zip(KEYS, paints(answers), strict=False)
        ),
        beside=_beside(version, view, first, days),
        statements=statements_html(version, view, first.table) if view.measure.reach else "",
    )


def _beside(version: Version, view: View, first: MapAnswer, days: Sequence[date]) -> BesideMap:
    """What stands beside the first map."""
    line = timeline(days, view.as_of)
    moved = data.movements(version, line.days[0], line.days[-1])
    moved = of_service(moved, view.service_id, view.day_type)
    return BesideMap(shortfalls_told(view, first), line, moves_told(line.days, moved))


def ready_points(version: Version, view: View, choice: Choice | None) -> ReadyPoints | None:
    """The establishments of a map; None where it has none."""
    if choice is None or not has_points(view):
        return None

    def made() -> ReadyPoints:
        told = points_told(points_of(version, view, choice) or MapPoints({}, ()))
        text = written(told)
        told["digest"] = digest(text)
        return ReadyPoints(told, len(text))

    return kept().get((version, view.as_of, choice), made)
