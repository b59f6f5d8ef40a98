"""The ways of an extract of OpenStreetMap that a mode may take, as arrays.

The file is read twice, ways then the nodes they need, so that memory follows the roads and not the
file. The reader is the optional extra ``roads``, imported when a file is read.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.errors import RequestError
from observatory.knowledge.road_rules import RoadMode

EARTH_KM = 6371.0088
INSTALL = "pip install '.[roads]', dans l'environnement de l'observatoire"


@dataclass(frozen=True)
class RoadWays:
    """Ways as sequences of nodes, one after the other.

    Attributes
    ----------
    lon, lat : array of float
        One per node, in degrees; NaN where the file has the way but not the node.
    node, way : array of int
        One per step of a way: index of its node, and of the way it is of.
    kmh : array of float
        One per way.
    forward, backward : array of bool
        One per way: open as it is drawn, and against.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    node: NDArray[np.int64]
    way: NDArray[np.int64]
    kmh: NDArray[np.float64]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]


def extra(name: str) -> Any:
    """A module of the optional extra.

    Raises
    ------
    RequestError
        When it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise RequestError(
            f"le calcul par les routes demande un complément qui n'est pas installé ({name})",
            mend=f"L'installer : {INSTALL}.",
        ) from None


def read_ways(path: Path, mode: RoadMode) -> RoadWays:
    """The ways of a file that a mode may take.

    Parameters
    ----------
    path : Path
        An extract of OpenStreetMap: ``.osm.pbf``, ``.osm.gz`` or ``.osm``.

    Raises
    ------
    RequestError
        When the extra is missing, the file cannot be read, or holds no road of the mode.
    """
    osmium = extra("osmium")
    if not path.is_file():
        raise RequestError("fichier des routes introuvable", where=str(path))
    node, length = array("q"), array("q")
    kmh, forward, backward = array("d"), array("b"), array("b")
    try:
        ways = osmium.FileProcessor(str(path), osmium.osm.WAY)
        for way in ways.with_filter(osmium.filter.KeyFilter("highway")):
            tags = {t.k: t.v for t in way.tags}
            speed = mode.speed_kmh(tags)
            if speed is None or len(way.nodes) < 2:
                continue
            node.extend([n.ref for n in way.nodes])
            length.append(len(way.nodes))
            kmh.append(speed)
            ahead, back = mode.directions(tags)
            forward.append(ahead)
            backward.append(back)
        ids, index = np.unique(np.asarray(node, dtype=np.int64), return_inverse=True)
        lon, lat = _places(osmium, path, ids)
    except (RuntimeError, ValueError, OSError) as error:
        raise RequestError(
            "le fichier des routes ne peut pas être lu jusqu'au bout",
            where=str(path),
            mend="Le télécharger de nouveau, en .osm.pbf.",
        ) from error
    if np.isnan(lon).all():
        raise RequestError(
            f"aucune route ouverte {mode.label} dans ce fichier",
            where=str(path),
            mend="Donner un extrait d'OpenStreetMap qui couvre le territoire.",
        )
    return RoadWays(
        lon,
        lat,
        index.astype(np.int64),
        np.repeat(np.arange(len(length)), np.asarray(length)),
        np.asarray(kmh),
        np.asarray(forward, dtype=bool),
        np.asarray(backward, dtype=bool),
    )


def _places(
    osmium: Any, path: Path, ids: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude of the nodes of those ids, which grow; NaN for those not in file."""
    found, lons, lats = array("q"), array("d"), array("d")
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE)
    for one in nodes.with_filter(osmium.filter.IdFilter(array("q", ids.tobytes()))):
        found.append(one.id)
        lons.append(one.lon)
        lats.append(one.lat)
    lon, lat = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    at = np.searchsorted(ids, np.asarray(found, dtype=np.int64))
    lon[at], lat[at] = np.asarray(lons), np.asarray(lats)
    return lon, lat


def on_sphere(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on the sphere, in metres: three columns."""
    east, north = np.radians(lon), np.radians(lat)
    flat = np.cos(north)
    return (
        1000 * EARTH_KM * np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
    )
