"""Explain the rank of a commune: those that come before it, among those whose figure is known."""

from __future__ import annotations

from observatory.answers.explained.explained_material import Material, Place
from observatory.answers.explained.explained_step import FigureStep, known_step
from observatory.answers.sums import SMALLEST_FIRST
from observatory.french.numbers import ordinal, plural
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import PLACES

RANKED = {
    "gap": ("Rang, du plus grand manque", "où il manque davantage", "l'écart est connu"),
    "rate": ("Rang, du taux le plus élevé", "où le taux est plus élevé", "le taux est connu"),
}
"""By figure: the label, what is so in those before it, among which communes."""


def rank_steps(material: Material, place: Place, definition: str) -> list[FigureStep]:
    """The ranks of a commune; none of the territory, of an unknown figure, of the only known one.

    Equal figures share the better rank, as in the tables.
    """
    if place is None:
        return []
    row = material.rows[place, definition]
    shared = nomenclature().definitions[definition].shares_out
    steps = []
    for figure, (label, before, known_words) in RANKED.items():
        own = row[figure]
        if own is None or (shared and figure == "gap"):
            continue
        known = [round(one, PLACES) for one in material.every[definition, figure]]
        if len(known) < 2:
            continue
        here, side = round(own, PLACES), 1 if figure in SMALLEST_FIRST else -1
        ahead = sum(side * one < side * here for one in known)
        alike = ", à égalité" if known.count(here) > 1 else ""
        words = (
            f"1 + {plural(ahead, 'commune')} {before}, sur {plural(len(known), 'commune')} "
            f"dont {known_words}"
        )
        terms = ((1.0,), (float(ahead),))
        said = f"{ordinal(ahead + 1)}{alike}"
        steps.append(known_step(f"{figure}_rank", label, words, "", terms, words=said))
    return steps
