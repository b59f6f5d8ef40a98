"""How many people a service is for in a place, from the bands of age or the heads counted."""

from __future__ import annotations

from typing import Any

from observatory.answers.explained.explained_material import Material, Place, Row
from observatory.answers.explained.explained_step import (
    FigureStep,
    Terms,
    figure_words,
    known_step,
    share_words,
    withheld,
)
from observatory.answers.gaps import public_of_row
from observatory.answers.rounded import HOW
from observatory.french import numbers
from observatory.french.vocabulary import RELIABILITY
from observatory.knowledge.nomenclature import nomenclature

SPREAD = (
    "estimation : tranches d'âge coupées par les âges du public, réparties également entre les "
    "années d'âge"
)


def public_id_of(row: Row) -> str:
    """Id of the public that a row of the gap table counts."""
    public = public_of_row(row)
    return next(i for i, p in nomenclature().publics.items() if p is public)


def public_step(material: Material, row: Row, place: Place) -> FigureStep:
    """How many people a row of the gap table counts, and how they were counted."""
    public, id_ = public_of_row(row), public_id_of(row)
    by_age = bool(public.ages) and (row["resident"] or not public.schooled)
    counted = "rp_age" if by_age else "census"
    source = public.source.partition(".")[0] or counted
    about: dict[str, Any] = dict(
        source=material.sources.get(source, ""),
        vintage="" if row["public_vintage"] is None else str(row["public_vintage"]),
    )
    if row["public"] is None:
        why = "aucune source ne donne cet effectif"
        return withheld("public", public.label, public.noun, row, why, **about)
    notes = {
        SPREAD: row["estimated"],
        RELIABILITY["resident"]: row["resident"],
        public.note: bool(public.note),
        RELIABILITY["fragile"]: row["fragile"] and not row["suppressed"],
        f"total publié {HOW}": place is None and not public.ages and _is_rounded(row),
    }
    words, terms = _counted(material, row, place, id_)
    told = tuple(note for note, holds in notes.items() if holds)
    return known_step("public", public.label, words, public.noun, terms, notes=told, **about)


def _is_rounded(row: Row) -> bool:
    return HOW in str(row["reliability"])


def _counted(material: Material, row: Row, place: Place, id_: str) -> tuple[str, Terms]:
    """What is added up: the bands of age of a commune, or the communes of the territory.

    Where a commune is masked, the total that the version publishes stands alone.
    """
    if place is None:
        amounts = [material.publics.get((c["code"], id_)) for c in material.communes]
        if not _is_rounded(row) or nomenclature().publics[id_].ages:
            known = [a for a in amounts if a is not None]
            if len(known) == len(amounts):
                words = f"somme de {numbers.plural(len(known), 'commune')}"
                return words, tuple((a,) for a in known)
    elif pieces := material.pieces.get((place, id_)):
        words = " + ".join(_piece(p) for p in pieces)
        return words, tuple((p["amount"], p["share"]) for p in pieces)
    return figure_words(row["public"]), ((float(row["public"]),),)


def _piece(piece: Row) -> str:
    """« 2 342,7 de 0 à 4 ans × 3/5 »."""
    first, last = int(piece["first_age"]), int(piece["next_age"]) - 1
    ages = f"de {first} à {last} ans" if last > first else f"de {first} an{'s' * (first > 1)}"
    share = "" if piece["share"] == 1 else f" × {share_words(piece['share'])}"
    return f"{figure_words(piece['amount'])} {ages}{share}"
