"""Presentation menus: classes, circles, need × supply, or two maps side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

from observatory.french import dates
from observatory.maps.classes import Method
from observatory.maps.measures import MEASURES, can_be_crossed, measures_of
from observatory.maps.view import Representation, View
from observatory.ui.controls.form import Form
from observatory.ui.controls.texts import CLASSES_MEAN

TWO_MAPS = "deux"
SAME_DAY = ""
REPRESENTATIONS = {
    "classes": "Classes de couleur",
    "cercles": "Cercles proportionnels",
    "croises": "Besoin et offre croisés",
    TWO_MAPS: "Deux cartes",
}
# Value of the address bar → method and its words.
METHODS: dict[str, tuple[Method, str]] = {
    "fixes": ("fixed", "Fixes"),
    "quantiles": ("quantiles", "Effectifs égaux (quantiles)"),
    "naturels": ("natural", "Seuils naturels"),
}


def usual(measure_id: str) -> Representation:
    """How a measure is drawn unless something else is asked: counts as circles."""
    return "cercles" if MEASURES[measure_id].kind == "count" else "classes"


def representations_of(view: View) -> list[str]:
    """Representations that say something of the measure in view, the usual one first."""
    measure = view.measure
    meant = {
        "classes": True,
        "cercles": measure.kind != "rate",  # rates do not add up: no circle
        "croises": can_be_crossed(view.service) and not measure.published,
        TWO_MAPS: True,
    }
    return sorted((r for r in meant if meant[r]), key=lambda r: r != usual(view.measure_id))


def ask_presentation(asked: Form, view: View, days: Sequence[date]) -> list[View]:
    """Ask how the answer is drawn, and return the question of each map: one, or two side by side.

    Parameters
    ----------
    days : sequence of date
        The dates that the second map offers.
    """
    with asked.folded("Présentation"):
        options = representations_of(view)
        chosen = asked.menu("Représentation", options, "presentation", REPRESENTATIONS.__getitem__)
        views = [view]
        if chosen == TWO_MAPS:
            views.append(_ask_second(asked, view, days))
            views = [replace(one, representation=usual(one.measure_id)) for one in views]
        else:
            known = next(r for r in get_args(Representation) if r == chosen)
            views = [replace(view, representation=known)]
        if all(one.representation == "cercles" for one in views):
            return views
        method = asked.menu(
            "Classes",
            list(METHODS),
            "classes",
            lambda m: METHODS[m][1],
            help_=CLASSES_MEAN,
        )
    return [replace(one, method=METHODS[method][0]) for one in views]


def _ask_second(asked: Form, view: View, days: Sequence[date]) -> View:
    """The question of the second map: its measure, and its date when it is another."""
    other = next(m for m in ("taux", "ecart") if m != view.measure_id)
    measures = sorted(measures_of(view.service_id), key=lambda m: m != other)
    measure = asked.menu(
        "Mesure de la seconde carte",
        measures,
        "mesure2",
        lambda m: MEASURES[m].label(view.service),
    )
    day = asked.menu(
        "Date de la seconde carte",
        [SAME_DAY, *(step.isoformat() for step in days)],
        "date2",
        lambda d: dates.long_date(d) if d else "La même",
    )
    as_of = date.fromisoformat(day) if day else view.as_of
    return replace(view, measure_id=measure, question=replace(view.question, as_of=as_of))
