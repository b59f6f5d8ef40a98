"""Location of an establishment: its own point when it lies in its commune, else the town hall.

The store keeps the coordinates as they were given and says what they are worth: ``exact``,
``geocoded``, or ``approximate`` (no point, or one outside the commune: the town hall is shown).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from observatory.census.commune_codes import Communes
from observatory.census.sheets import sheet
from observatory.french.numbers import number
from observatory.french.vocabulary import POSITIONS
from observatory.workbook.problems import Problem
from observatory.workbook.results import CheckedTable

TOWN_HALL = POSITIONS["approximate"]
TOLERANCE_M = 200.0
"""How far outside an official contour a point is still its commune's: contours are simplified."""
FAR_M = 15_000.0
"""How far from the town hall a point may be when there is no official contour."""
COARSE_M = 2_000.0
"""How far outside a generalised contour a point is still its commune's."""
DEGREE_M = 111_320.0
Floats = NDArray[np.float64]


def place_establishments(table: CheckedTable, communes: Communes) -> list[Problem]:
    """Write the position of every accepted establishment; warn of points outside their commune.

    The rows of the table are changed in place.
    """
    at = {name: n for n, name in enumerate(sheet("offre").stored)}
    lon, lat, code, position = (at[c] for c in ("longitude", "latitude", "code_insee", "position"))
    pointed = []
    for n, row in enumerate(table.accepted):
        if row[lon]:
            row[position] = "geocoded" if row[position] == "geocoded" else "exact"
            pointed.append(n)
        else:
            row[position], row[at["score_geocodage"]] = "approximate", ""
    codes = [table.accepted[n][code] for n in pointed]
    lons = np.array([float(table.accepted[n][lon]) for n in pointed])
    lats = np.array([float(table.accepted[n][lat]) for n in pointed])
    away = metres_outside(codes, lons, lats, communes)
    warnings, said = [], set()
    for n, metres in zip(pointed, away, strict=True):
        if metres <= 0:
            continue
        row = table.accepted[n]
        row[position] = "approximate"
        if row[0] in said:
            continue
        said.add(row[0])
        place = communes.name(row[code])
        distance = f"{number(metres / 1000, 1)} km"
        by_hall = row[code] not in communes.contours and row[code] in communes.halls
        what = f"le point est à {distance} de {'la mairie de' if by_hall else 'la commune'} {place}"
        hint = f"Vérifier le point ou le code ; la mairie est montrée, « position {TOWN_HALL} »."
        warnings.append(
            Problem(
                table.where,
                table.numbers[n],
                "longitude",
                f"{row[lon]} ; {row[lat]}",
                what,
                hint,
                warning=True,
            )
        )
    return warnings + _untested(table, pointed, codes, communes)


def _untested(
    table: CheckedTable, pointed: list[int], codes: list[str], communes: Communes
) -> list[Problem]:
    """One warning per commune of which neither town hall nor contour is known; none without a
    version, of which the check says by itself that codes are judged on their form alone."""
    tested = (communes.contours, communes.halls, communes.generalised)
    first: dict[str, int] = {}
    for n, code in zip(pointed, codes, strict=True):
        if not any(code in known for known in tested):
            first.setdefault(code, n)
    return [
        Problem(
            table.where,
            table.numbers[n],
            "longitude",
            code,
            f"aucun point ne peut être vérifié : ni la mairie ni le contour de la commune "
            f"{communes.name(code)} ne sont connus",
            "Vérifier ces points sur une carte.",
            warning=True,
        )
        for code, n in (first.items() if communes.names else ())
    ]


def metres_outside(codes: list[str], lons: Floats, lats: Floats, communes: Communes) -> Floats:
    """How far each point (WGS84) is from its commune, in metres; 0 when it lies in it.

    With an official contour: the distance to it, beyond the tolerance. Without: the distance to the
    town hall when it is more than 15 km; without a town hall, the distance to the generalised
    contour, beyond its own tolerance. Without any of them: 0.
    """
    away = np.zeros(len(codes))
    by_code: dict[str, list[int]] = defaultdict(list)
    for n, code in enumerate(codes):
        by_code[code].append(n)
    for code, members in by_code.items():
        index = np.array(members)
        x, y = lons[index], lats[index]
        if code in communes.contours:
            away[index] = _from_contour(communes.contours[code], x, y, TOLERANCE_M)
        elif code in communes.halls:
            hall = communes.halls[code]
            scale = DEGREE_M * np.cos(np.radians(hall[1]))
            metres = np.hypot((x - hall[0]) * scale, (y - hall[1]) * DEGREE_M)
            away[index] = np.where(metres > FAR_M, metres, 0.0)
        elif code in communes.generalised:
            away[index] = _from_contour(communes.generalised[code], x, y, COARSE_M)
    return away


def _from_contour(contour: Any, x: Floats, y: Floats, tolerance_m: float) -> Floats:
    shapely.prepare(contour)
    away = np.zeros(len(x))
    out = np.flatnonzero(~shapely.intersects_xy(contour, x, y))
    if len(out):
        scale = np.array([DEGREE_M * np.cos(np.radians(float(np.mean(y)))), DEGREE_M])
        flat = shapely.transform(contour, lambda c: c * scale)
        metres = shapely.distance(flat, shapely.points(x[out] * scale[0], y[out] * scale[1]))
        away[out] = np.where(metres > tolerance_m, metres, 0.0)
    return away
