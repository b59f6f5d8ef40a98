"""Column rules of a position: degrees, metres, and how the point was located."""

from __future__ import annotations

from pydantic import ValidationInfo

from observatory.french.spreadsheet import Cell
from observatory.french.vocabulary import POSITIONS
from observatory.projection import ZONES, degrees
from observatory.workbook.cells import clean, number_text, read_number, read_word
from observatory.workbook.problems import refused, short

LAMBERT = {"x": (0.0, 1_300_000.0), "y": (6_000_000.0, 7_200_000.0)}


def from_lambert(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude (WGS84, degrees) of a point in Lambert-93 metres."""
    lon, lat = degrees("EPSG:2154").transform(x, y)
    return round(lon, 6), round(lat, 6)


def longitude(cell: Cell, info: ValidationInfo) -> float | None:
    """Degrees east, or nothing; the place is judged with the latitude."""
    return _degrees(cell, "une longitude", 180.0, "2.77689")


def latitude(cell: Cell, info: ValidationInfo) -> float | None:
    """Degrees north, given with the longitude, somewhere in France."""
    lat = _degrees(cell, "une latitude", 90.0, "50.29004")
    if "longitude" not in info.data:
        return lat
    lon = info.data["longitude"]
    _both(lon, lat, "la longitude", "la latitude")
    if lon is None or lat is None or _in_france(lon, lat):
        return lat
    point = f"le point ({number_text(lon)} ; {number_text(lat)})"
    if _in_france(lat, lon):
        hint = f"Écrire {number_text(lat)} en longitude et {number_text(lon)} en latitude."
        raise refused(f"{point} a sa longitude et sa latitude inversées", hint)
    raise refused(f"{point} n'est pas en France", "Corriger, ou laisser les deux cellules vides.")


def east_lambert(cell: Cell, info: ValidationInfo) -> float | None:
    """Metres east, Lambert-93, or nothing."""
    return _metres(cell, "x")


def north_lambert(cell: Cell, info: ValidationInfo) -> float | None:
    """Metres north, Lambert-93, given with the abscissa."""
    found = _metres(cell, "y")
    if "x_lambert93" in info.data:
        _both(info.data["x_lambert93"], found, "x_lambert93", "y_lambert93")
    return found


def position(cell: Cell, info: ValidationInfo) -> str:
    """How the point was found, as the observatory wrote it."""
    value = clean(cell)
    return read_word(value, POSITIONS, "une position") if value else ""


def score(cell: Cell, info: ValidationInfo) -> float | None:
    """The geocoder's score, from 0 to 1."""
    value = clean(cell)
    number = read_number(value) if value else None
    if value and (number is None or not 0 <= number <= 1):
        raise refused(f"{short(value)} n'est pas un score de 0 à 1", "Laisser la cellule vide.")
    return number


def _degrees(cell: Cell, noun: str, most: float, example: str) -> float | None:
    value = clean(cell)
    if not value:
        return None
    number = read_number(value)
    if number is None:
        hint = f"Écrire des degrés décimaux, par exemple {example}, ou laisser la cellule vide."
        raise refused(f"{short(value)} n'est pas {noun}", hint)
    if abs(number) > most:
        lambert = " Des mètres Lambert-93 vont dans les colonnes x_lambert93 et y_lambert93."
        hint = f"Écrire des degrés décimaux, par exemple {example}."
        hint += lambert if abs(number) > 1_000 else ""
        raise refused(f"{short(value)} n'est pas {noun}", hint)
    return round(number, 6)


def _metres(cell: Cell, axis: str) -> float | None:
    value = clean(cell)
    if not value:
        return None
    number, (least, most) = read_number(value), LAMBERT[axis]
    if number is None or not least <= number <= most:
        hint = f"Écrire des mètres, de {least:.0f} à {most:.0f}, ou laisser la cellule vide."
        raise refused(f"{short(value)} n'est pas une coordonnée Lambert-93", hint)
    return number


def _both(first: float | None, second: float | None, one: str, other: str) -> None:
    if (first is None) != (second is None):
        missing = one if first is None else other
        raise refused(f"il manque {missing}", "Donner les deux coordonnées, ou aucune.")


def _in_france(lon: float, lat: float) -> bool:
    for west, south, east, north, _ in ZONES:  # metropolitan France first
        if west <= lon <= east and south <= lat <= north:
            return True
    return False
