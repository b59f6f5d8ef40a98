"""Where France is: the box of each territory, the projection of its published metres."""

from __future__ import annotations

from typing import NamedTuple


class Zone(NamedTuple):
    """A part of France: the beginning of its communes' codes, its box, its legal projection."""

    prefix: str
    west: float
    south: float
    east: float
    north: float
    epsg: int


ZONES = (
    Zone("", -5.5, 41.2, 9.8, 51.3, 2154),
    Zone("971", -61.9, 15.7, -60.9, 16.6, 5490),
    Zone("972", -61.4, 14.3, -60.7, 15.0, 5490),
    Zone("973", -54.8, 2.0, -51.4, 6.0, 2972),
    Zone("974", 55.1, -21.5, 56.0, -20.7, 2975),
    Zone("975", -56.6, 46.6, -56.0, 47.3, 4467),
    Zone("976", 44.9, -13.2, 45.4, -12.5, 4471),
    Zone("977", -63.1, 17.7, -62.6, 18.1, 5490),
    Zone("978", -63.3, 17.9, -62.9, 18.2, 5490),
)


OVERSEAS = ("97", "98")
"""How the codes of overseas communes begin."""


def zone_of(code: str) -> Zone | None:
    """The zone of a commune; None for one of a territory that is not described here."""
    if not code.startswith(OVERSEAS):
        return ZONES[0]
    return next((z for z in ZONES[1:] if code.startswith(z.prefix)), None)


def away(code: str, box: tuple[float, float, float, float]) -> bool:
    """Whether a shape (west, south, east, north, in degrees) is out of its commune's territory.

    A picture of France moves the overseas départements next to the mainland: what it draws there is
    a place for the eye, not a position.
    """
    zone = zone_of(code)
    west, south, east, north = box
    return zone is not None and (
        east < zone.west or west > zone.east or north < zone.south or south > zone.north
    )
