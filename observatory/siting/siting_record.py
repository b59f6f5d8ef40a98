"""The answer to a question of siting as a program reads it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.siting.siting_in_words import Siting
from observatory.versions.frames import records


def as_record(answer: Siting) -> dict[str, Any]:
    """Everything, for a program; places per child are as they are in the accessible supply."""
    found = answer.found

    def told_of(table: pd.DataFrame) -> list[dict[str, Any]]:
        return records(table.astype(object).where(table.notna(), None))

    told: dict[str, Any] = {
        "service": answer.question.service,
        "day_type": answer.question.day_type,
        "definition": answer.question.definition,
        "as_of": answer.question.as_of.isoformat(),
        "minutes": answer.minutes,
        "scheme": answer.scheme,
        "short_places": found.short,
        "closed_places": found.closed,
        "bound_places": found.bound,
        "distance": found.distance,
        "steps": [{"sought": one.sought, "distance": one.distance} for one in found.steps],
        "least_before": found.least_before,
        "least_after": found.least,
        "local_gap_places": answer.asked.local_gap,
        "limits": answer.held_back,
        "seconds": round(found.seconds, 3),
        "sites": told_of(answer.opened),
        "communes": told_of(answer.gained),
        "left_out": list(answer.asked.left_out),
        "demonstration": answer.asked.demonstration,
    }
    if answer.published is not None:
        told["place_cost"] = {
            "euros": answer.published.low,
            "source": answer.published.source,
            "year": answer.published.year,
        }
    if answer.opinions is not None:
        told |= dict(zip(("nearest", "within_reach"), map(told_of, answer.opinions), strict=True))
    if answer.variants is not None:
        told["variants"] = [
            {"label": one.label, "sites": one.sites, "why": one.why or None}
            for one in answer.variants
        ]
        told["stays"] = answer.stays
    return told
