"""Map specification: measure, classes, words, establishments; plain data, no Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from observatory.french.balance import BEYOND, LACKING
from observatory.maps.bivariate import Axis
from observatory.maps.circles import Scale
from observatory.maps.classes import Classification

Style = Literal["classes", "circles"]
GAP_ENDS = (LACKING, BEYOND)


@dataclass(frozen=True)
class MapColumn:
    """One more figure in the tooltip, for example the need beside the gap.

    Attributes
    ----------
    label : str
        What it is: ``Besoin``.
    values : sequence of float or None
        One per commune, in the order of `MapPaint.codes`.
    unit : str
        Unit, in the plural.
    decimals : int
        Decimals shown.
    masked : sequence of bool
        Whether each missing figure is hidden, not unknown; empty when none is.
    """

    label: str
    values: Sequence[float | None]
    unit: str = ""
    decimals: int = 0
    masked: Sequence[bool] = ()


@dataclass(frozen=True)
class MapPaint:
    """What the map shows: one measure, its classes and its words.

    Attributes
    ----------
    codes : sequence of str
        INSEE codes; the order of `values` and of the classification. A commune of the contours
        that is absent here is unknown.
    values : sequence of float or None
        The measure, in `unit`; None and NaN are unknown.
    classification : Classification
        Made by `observatory.maps.classes.classify` from the same values.
    title : str
        The measure and the service: ``Places manquantes, accueil des 0-2 ans``.
    sentence : str
        What the map shows, in full: service, measure, date, definition of the need.
    legend_title : str
        Head of the classes, with the unit: ``Places manquantes``.
    unit, unit_one : str
        Unit of the values in the plural and in the singular.
    source : str
        Source and date line; it prints with the map.
    decimals : int
        Decimals of the values: 0 for places, 1 for rates.
    notes : tuple of str
        What a reader must know: ``Contours schématiques``, ``Données de démonstration``.
    columns : tuple of Column
        More figures for the tooltip.
    ends : tuple of str, optional
        Words for the two sides of circles that may be of gaps; set by itself for those. The
        classes of a gap say it themselves.
    style : str
        ``classes``: the commune takes the colour of its class. ``circles``: the commune is plain
        ground (hatched when unknown) under a circle whose area follows the value
        (`observatory.maps.circles`); red and filled for a shortfall, blue and hollow for more
        than needed.
    scale : Scale, optional
        What the circles are drawn to; given when ``style`` is ``circles``.
    axes : tuple of Axis, optional
        The two axes of a ``bivariate`` classification, need then supply; class
        ``3 × row + column``. `values` are then the gap.
    legend_note : str
        One line under the classes: how they were made, when it is not by fixed bounds.
    unknown : sequence of str
        For each commune, why its figure is unknown where more can be said; empty when nothing is.
    """

    codes: Sequence[str]
    values: Sequence[float | None]
    classification: Classification
    title: str
    sentence: str
    legend_title: str
    unit: str
    unit_one: str
    source: str
    decimals: int = 0
    notes: tuple[str, ...] = ()
    columns: tuple[MapColumn, ...] = ()
    ends: tuple[str, str] | None = None
    style: Style = "classes"
    scale: Scale | None = None
    axes: tuple[Axis, Axis] | None = None
    legend_note: str = ""
    unknown: Sequence[str] = ()


@dataclass(frozen=True)
class Point:
    """An establishment. Never an assistant maternel: those are private persons.

    Attributes
    ----------
    lon, lat : float
        Degrees, WGS 84.
    service : str
        A service of `MapPoints.services`.
    status : str
        ``public``, ``associatif`` or ``prive``.
    name : str
        Shown as text, whatever it holds.
    code : str
        INSEE code of the commune: a click on the point selects it.
    detail : str
        One more line: ``24 places, Ville d'Arras``.
    """

    lon: float
    lat: float
    service: str
    status: str
    name: str
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class MapPoints:
    """The establishments to show.

    Attributes
    ----------
    services : mapping of str to str
        Every service that has points, identifier to label, in the order of the nomenclature:
        a service keeps its shape whatever is filtered.
    points : sequence of Point
        Those to show.
    """

    services: Mapping[str, str]
    points: Sequence[Point]


@dataclass(frozen=True)
class Tiles:
    """A tile server the operator turned on; without one no tile is asked for.

    Attributes
    ----------
    url : str
        Leaflet template: ``https://example.org/{z}/{x}/{y}.png``.
    attribution : str
        Who made the tiles; shown as text.
    """

    url: str
    attribution: str
