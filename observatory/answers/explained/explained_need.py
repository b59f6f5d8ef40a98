"""What a definition asks of a public: the factors of the need, in a commune or over the territory.

Made apart from the macros of the version, from the counts and the published rates: a second way to
the same figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from observatory.answers.explained.explained_material import Material, Place, Row
from observatory.answers.explained.explained_public import public_id_of
from observatory.answers.explained.explained_step import (
    FigureStep,
    Terms,
    figure_words,
    known_step,
    withheld,
)
from observatory.answers.gaps import public_of_row
from observatory.french import numbers
from observatory.knowledge.nomenclature import Definition, nomenclature

PLACES = {
    "nat": "de la France", "reg": "de la région", "dep": "du département", "epci": "de l'EPCI",
}  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    """Of one count of people, what a definition asks: its factors, and the words for them."""

    people: float
    factors: tuple[float, ...]
    words: str


def need_step(material: Material, row: Row, place: Place) -> FigureStep:
    """What the definition of a row of the gap table asks in a place."""
    service = material.service
    definition = nomenclature().definitions[row["definition"]]
    label = f"Besoin : {definition.label}"
    if definition.shares_out:
        label = "Part à la moyenne du territoire"
    source = definition.source
    if definition.kind == "norm" and service.norm:
        source = f"{service.norm.text} ({service.norm.source})"
    if row["need"] is None:
        why = (
            "l'effectif est inconnu, ou celui d'une commune du territoire"
            if row["public"] is None
            else "le taux qui sert de référence est inconnu"
        )
        return withheld("need", label, service.unit, row, why, source=source)
    asked = _asked(material, definition, row, place)
    terms: Terms = tuple((a.people, *a.factors) for a in asked)
    vintage = "" if row["target_year"] is None else str(int(row["target_year"]))
    words = " + ".join(a.words for a in asked)
    return known_step("need", label, words, service.unit, terms, source=source, vintage=vintage)


def _asked(material: Material, definition: Definition, row: Row, place: Place) -> list[_Asked]:
    """What is asked in a place, the communes of one target put together."""
    service, people = material.service, float(row["public"])
    noun, per = public_of_row(row).noun, numbers.number(service.rate_per)
    counted = f"{figure_words(people)} {noun}"
    if definition.kind == "reference":
        return _referred(material, definition, row, place)
    if definition.kind == "share":
        return [_share(material, definition, row, place)]
    if definition.kind == "territory":
        whole = material.rows[None, row["definition"]]
        supply, public = float(whole["supply"]), float(whole["public"])
        words = f"{counted} × {figure_words(supply)} ÷ {figure_words(public)}"
        return [_Asked(people, (supply, 1 / public), f"{words} (offre et public du territoire)")]
    norm = service.norm.value if service.norm else None
    target, after = {
        "custom": (material.question.custom, " (objectif choisi)"),
        "voted": (material.voted, " (objectif voté)"),
        "norm": (norm, ""),
    }[definition.kind]
    words = f"{counted} × {numbers.short_number(float(target or 0))} ÷ {per}{after}"
    return [_Asked(people, (float(target or 0), 1 / service.rate_per), words)]


def _referred(material: Material, definition: Definition, row: Row, place: Place) -> list[_Asked]:
    """The communes of each place of reference, by its published rate."""
    level, id_ = str(definition.level), public_id_of(row)
    people: dict[tuple[float, int], list[float]] = {}
    for commune in material.communes:
        if place in (None, commune["code"]):
            reference = material.rates[level, "FR" if level == "nat" else commune[level]]
            people.setdefault(reference, []).append(material.publics[commune["code"], id_] or 0.0)
    found = []
    noun, per = public_of_row(row).noun, material.service.rate_per
    for (rate, year), counts in people.items():
        count = math.fsum(counts)
        which = f"taux {PLACES[level]}, {year}"
        words = f"{figure_words(count)} {noun} × {numbers.short_number(rate)}"
        words += f" ÷ {numbers.number(per)} ({which})"
        found.append(_Asked(count, (rate, 1 / per), words))
    return found


def _share(material: Material, definition: Definition, row: Row, place: Place) -> _Asked:
    """A share of the public, or of other ages: what part of the public these make is said."""
    value, people = float(definition.value or 0.0), float(row["public"])
    own = public_of_row(row)
    percent = f"{numbers.short_number(100 * value)} ÷ 100"
    if definition.public is None:
        return _Asked(people, (value,), f"{figure_words(people)} {own.noun} × {percent}")
    other = nomenclature().publics[definition.public]
    months = [12 * (p.ages[1] - p.ages[0]) for p in (other, own)]
    years = months[0] / months[1]
    # Where these ages are not counted, they are the part of the years that they make.
    counts = [
        years * (material.publics[c["code"], public_id_of(row)] or 0.0) if other_count is None
        else other_count
        for c in material.communes
        if place in (None, c["code"])
        for other_count in (material.publics.get((c["code"], definition.public)),)
    ]  # fmt: skip
    count = math.fsum(counts)
    if people and abs(count / people - years) < 1e-12:
        words = f"{figure_words(people)} {own.noun} × {months[0]:g}/{months[1]:g} × {percent}"
        return _Asked(people, (years, value), words)
    return _Asked(count, (value,), f"{figure_words(count)} {other.noun} × {percent}")


def target_step(material: Material, need: FigureStep, row: Row) -> FigureStep | None:
    """The target that the need amounts to, per so many of the public; None without a need."""
    if need.value is None or not row["public"]:
        return None
    service, public = material.service, float(row["public"])
    terms = ((service.rate_per, need.value, 1 / public),)
    words = (
        f"{figure_words(need.value)} ÷ {figure_words(public)} × {numbers.number(service.rate_per)}"
    )
    return known_step("target", "Cible, pour le public entier", words, service.rate_label, terms)
