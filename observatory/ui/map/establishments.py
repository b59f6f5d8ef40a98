"""Establishments on the map, filtered by service and status."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from observatory.french import numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.specification import MapPoints, Point
from observatory.maps.specify import shown_measure
from observatory.maps.view import View
from observatory.ui.controls.form import Form
from observatory.ui.shell import data
from observatory.ui.shell.data import Version


def has_points(view: View) -> bool:
    """Whether establishments may stand on the map of a view."""
    return view.representation != "cercles" and not shown_measure(view).published


Choice = tuple[tuple[str, ...], tuple[str, ...]]
"""Services and statuses to show."""


def ask_points(asked: Form, version: Version, view: View) -> Choice | None:
    """Ask which services and statuses to show, and return them; None when there is nothing."""
    services, offered = _offered(version, view.as_of)
    if not services:
        return None
    of_view = [i for i in (view.service.parts or (view.service_id,)) if i in services]
    with asked.folded("Établissements sur la carte"):
        chosen = asked.several(
            "Services", services, f"points_{view.service_id}", of_view, linked="never"
        )
        statuses = asked.several("Statuts", offered, "statuts", list(offered), linked="never")
    return tuple(chosen), tuple(statuses)


@lru_cache(maxsize=30)
def _offered(version: Version, as_of: date) -> tuple[dict[str, str], dict[str, str]]:
    """Words of the services and of the statuses that have establishments on a day."""
    names = nomenclature()
    table = data.establishments(version, as_of)
    services, statuses = set(table["service"]), set(table["status"])
    return (
        {i: s.short for i, s in names.services.items() if i in services},
        {
            i: s
            for i, s in vocabulary.EVERY_STATUS.items()
            if i in vocabulary.STATUSES or i in statuses
        },
    )


def points_of(version: Version, view: View, choice: Choice | None) -> MapPoints | None:
    """The establishments of a map, at its date; never an assistant maternel.

    A map of circles has none: symbols and circles would hide each other. Nor has a map of what
    others publish: the census says nothing of those figures.
    """
    if choice is None or not has_points(view):
        return None
    return _points(version, view.as_of, choice)


@lru_cache(maxsize=30)
def _points(version: Version, as_of: date, choice: Choice) -> MapPoints:
    names = nomenclature()
    table = data.establishments(version, as_of)
    chosen, statuses = choice
    kept = table[table["service"].isin(chosen) & table["status"].isin(statuses)]
    # Beside contours drawn away from their place, a true point would be in another world.
    kept = kept[kept["lon"].notna() & ~kept["code"].isin(data.moved_contours(version))]
    services = {i: s.short for i, s in names.services.items() if i in set(table["service"])}
    return MapPoints(
        services,
        [
            Point(
                r["lon"],
                r["lat"],
                r["service"],
                r["status"],
                r["name"],
                r["code"],
                _detail(r["service"], r["amount"], r["manager"]),
            )
            for r in kept.to_dict("records")
        ],
    )


def _detail(service_id: str, amount: float, manager: str | None) -> str:
    service = nomenclature().service(service_id)
    known = f"{numbers.number(amount, service.decimals)} {service.unit}"
    size = known if numbers.is_known(amount) else vocabulary.CAPACITY_UNKNOWN
    return f"{size}, {manager}" if isinstance(manager, str) else size
