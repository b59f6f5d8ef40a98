"""The five statements of accessible supply, in order, and the values of their one-row rule.

Two-step floating catchment (Luo and Wang, 2003): pairs in reach, their weights, the children who
draw from each site, the places per child that it gives, what each point reaches. Each statement
reads the tables that those before it made, by their names; ``rule`` is a table of one row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import Travel

HERE = Path(__file__).parent
STEPS = ("pair", "weight", "potential", "ratio", "access")
EARTH_KM = 6371.0088
FURTHEST_LATITUDE = 89.0
NARROWEST = 0.01  # of the cosine of a latitude: cells do not grow without end near the poles


def statements(timed: bool) -> dict[str, str]:
    """One SELECT by the table that it makes; ``timed``: pairs come from a table of minutes."""
    files = {step: step for step in STEPS} | ({"pair": "pair_of_travel"} if timed else {})
    return {s: (HERE / f"{name}.sql").read_text(encoding="utf-8") for s, name in files.items()}


def rule_row(
    rule: Mapping[str, float | bool], travel: Travel, furthest_latitude: float
) -> dict[str, float | bool]:
    """The values that the statements read.

    Parameters
    ----------
    rule : mapping
        A scheme scaled to a reach in minutes (``Catchment.rule``).
    travel : Travel
        How a straight line becomes minutes.
    furthest_latitude : float
        Of all the points, in degrees, without its sign: there, cells are the widest.

    Returns
    -------
    dict
        ``rule`` and what the grid takes: ``minutes_per_km``; ``chord2``, the longest chord of the
        sphere that is in reach, squared (km²); ``tall`` and ``wide``, of a cell, in degrees.

    Raises
    ------
    RequestError
        When families share their weight between sites (3SFCA): the statements weigh each alone.
    """
    if rule["choice"]:
        raise RequestError(
            "une pondération avec concurrence entre établissements ne se calcule pas ici",
            mend="Choisir une autre pondération (--scheme).",
        )
    minutes_per_km = travel.detour / travel.speed_kmh * 60
    angle = min(math.pi, rule["reach"] / minutes_per_km / EARTH_KM)
    tall = math.degrees(angle) / 2
    widest = math.radians(min(FURTHEST_LATITUDE, furthest_latitude + 2 * tall))
    return {
        **{name: value for name, value in rule.items() if name != "choice"},
        "minutes_per_km": minutes_per_km,
        "chord2": (2 * EARTH_KM * math.sin(angle / 2)) ** 2,
        "tall": tall,
        "wide": tall / max(NARROWEST, math.cos(widest)),
    }
