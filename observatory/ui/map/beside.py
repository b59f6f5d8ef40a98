"""What stands beside a map, in the same component: where it lacks most, and a line of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from observatory.french import dates, numbers
from observatory.french.balance import singular
from observatory.maps.view import View
from observatory.ui.map.answer import MapAnswer


@dataclass(frozen=True)
class Timeline:
    """The days that a line of dates stops at, and the one in view among them."""

    days: tuple[date, ...]
    at: date

    def message(self) -> dict[str, Any]:
        """What the browser is sent: each stop as the address writes it."""
        return {
            "label": "Avancer la date de l'offre",
            "help": "Les établissements paraissent et disparaissent sur la carte à leur date "
            "d'ouverture et de fermeture.",
            "stops": [day.isoformat() for day in self.days],
            "at": self.days.index(self.at),
        }


def timeline(days: Sequence[date], as_of: date) -> Timeline:
    """A line of dates: today and the day in view are stops too, so that it shows no other day."""
    return Timeline(tuple(sorted({*days, dates.today(), as_of})), as_of)


def shortfalls_told(view: View, answer: MapAnswer) -> dict[str, Any] | None:
    """The communes that lack most, for the browser: code, name, amount; None when none is asked."""
    found, unit = answer.shortfalls, view.service.unit
    if found is None:
        return None
    return {
        "title": "Où il manque le plus",
        "none": "Aucune commune ne manque d'offre pour cette définition du besoin.",
        "rows": [
            [
                code,
                str(name),
                numbers.quantity(-gap, singular(unit), unit, view.service.decimals),
            ]
            for code, name, gap in found
        ],
    }
