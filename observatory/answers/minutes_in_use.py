"""Which minutes a version counts with: the straight line, the road, the territory's own table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.road_rules import Mode, road_rules

ROADS, GIVEN = "roads", "travel_time"
MODES: dict[str, Mode] = {"en_voiture": "car", "a_velo": "bike", "a_pied": "walk"}
"""By publication of ``data/raw/roads``, in the order in which one of them serves."""


def minutes_in_words(info: Mapping[str, Any]) -> str:
    """Which minutes the version uses, in French: one sentence, or one per table and the last.

    Parameters
    ----------
    info : Mapping
        Of ``versions.record.info``.
    """
    used = {(s["id"], s["publication"]): s["vintage"] for s in info["sources"]}
    tables = [
        f"Temps de trajet donnés par le territoire{_year(vintage)}."
        for (source, _), vintage in used.items()
        if source == GIVEN
    ][:1]
    road = next((name for name in MODES if (ROADS, name) in used), None)
    if road:
        label = road_rules().mode(MODES[road]).label
        tables.append(
            f"Temps de trajet {label} par la route{_year(used[ROADS, road])}, d'après "
            "OpenStreetMap et une vitesse par classe de voie."
        )
    straight = catchment_rules().explain_minutes()
    if not tables:
        return straight
    return f"{' '.join(tables)} Là où ils ne disent rien : {straight[0].lower()}{straight[1:]}"


def _year(vintage: str | None) -> str:
    return f" ({vintage})" if vintage else ""
