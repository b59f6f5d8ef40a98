"""What a place has of a service on a day: the establishments that count, or the totals.

Nothing is told of a masked total, nor of what would give it: a sum that holds one is the total that
the version publishes, rounded, and its communes are not listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from observatory.answers.explained.explained_material import Material, Place, Row
from observatory.answers.explained.explained_step import (
    FigurePart,
    FigureStep,
    State,
    Terms,
    figure_words,
    known_step,
    share_words,
    silent_step,
)
from observatory.answers.rounded import ROUNDED
from observatory.french import dates, numbers
from observatory.french.vocabulary import (
    CAPACITY_UNKNOWN,
    MASKED_MEANS,
    RELIABILITY,
    SUPPLY_OF_DEMONSTRATION,
)
from observatory.knowledge.nomenclature import Service, nomenclature

LISTED = 6
"""Establishments written one by one in the expression; beyond, they are counted."""


def supply_steps(material: Material, place: Place) -> Iterator[FigureStep]:
    """The supply of a place, its last step; before it, those of the services that it is made of."""
    names = nomenclature().services
    one, id_ = material.service, str(material.question.service)
    if not one.parts:
        yield _own(material, id_, place, "supply", "Offre")
        return
    parts = [_own(material, p, place, "part", f"Offre : {names[p].short}") for p in one.parts]
    yield from parts
    if missing := [p for p in parts if p.value is None]:
        masked = any(p.state == "masked" for p in missing)
        state: State = "masked" if masked else "unknown"
        why = ", ".join(p.label.partition(" : ")[2] for p in missing)
        yield silent_step("supply", "Offre", one.unit, state, f"manque : {why}")
        return
    terms: Terms = tuple((p.value,) for p in parts if p.value is not None)
    words = " + ".join(figure_words(p.value) for p in parts)
    notes = tuple(dict.fromkeys(n for p in parts for n in p.notes if n == ROUNDED))
    yield known_step("supply", "Offre", words, one.unit, terms, notes=notes)


def _own(material: Material, id_: str, place: Place, figure: str, label: str) -> FigureStep:
    """The supply of a service that is made of no other."""
    service, answer = nomenclature().services[id_], material.supplies[id_, place]
    notes = (
        *((SUPPLY_OF_DEMONSTRATION,) if answer["demonstration"] else ()),
        *((RELIABILITY["bpe"],) if id_ in material.bpe else ()),
    )
    if service.grain == "commune":
        return _of_totals(material, id_, place, figure, label, notes)
    found = _opened(material, id_, place)
    parts = tuple(_establishment(row, service) for row in found)
    about: dict[str, Any] = dict(source=_sources(found), vintage=_told_on(found), parts=parts)
    if answer["supply"] is None:
        why = _why_unknown(answer, found, place, material.question.as_of)
        return silent_step(figure, label, service.unit, "unknown", why, *notes, **about)
    if not found:
        none = "aucun lieu recensé pour ce service n'est ouvert ce jour"
        return known_step(figure, label, none, service.unit, (), notes=notes, **about)
    words = (
        " + ".join(_amount(row) for row in found)
        if len(found) <= LISTED
        else f"somme de {numbers.plural(len(found), 'établissement')}"
    )
    if service.site_rule == "max":
        notes = (*notes, "plusieurs déclarations à une adresse comptent pour la plus grande")
    if any(row["equal_shares"] for row in found):
        notes = (*notes, "partage en parts égales, faute des effectifs des communes desservies")
    terms: Terms = tuple((row["amount"], row["share"]) for row in found)
    return known_step(figure, label, words, service.unit, terms, notes=notes, **about)


def _opened(material: Material, id_: str, place: Place) -> list[Row]:
    """The establishments that count in a place, each once with all that it has there."""
    if place is not None:
        return material.opened.get((id_, place), [])
    once: dict[str, Row] = {}
    for (service, _), rows in material.opened.items():
        for row in rows if service == id_ else ():
            share = row["share"] + (once[row["id"]]["share"] if row["id"] in once else 0.0)
            once[row["id"]] = {**row, "share": share}
    return sorted(once.values(), key=lambda row: (str(row["name"]), row["id"]))


def _of_totals(
    material: Material, id_: str, place: Place, figure: str, label: str, notes: tuple[str, ...]
) -> FigureStep:
    """A service known by the totals of communes."""
    unit, supply = nomenclature().services[id_].unit, material.supplies[id_, place]["supply"]
    if (id_, place) in material.masked:
        return silent_step(figure, label, unit, "masked", MASKED_MEANS, *notes)
    if supply is None:
        why = (
            "le total d'une commune au moins est inconnu"
            if place is None
            else "aucun total communal n'est en vigueur ce jour"
        )
        return silent_step(figure, label, unit, "unknown", why, *notes)
    if place is None and any(service == id_ for service, _ in material.masked):
        # Neither the communes nor what is left: the published total says no more than itself.
        terms: Terms = ((supply,),)
        words = figure_words(supply)
        return known_step(figure, label, words, unit, terms, notes=(ROUNDED, *notes))
    communes = [c["code"] for c in material.communes if place in (None, c["code"])]
    found = [row for code in communes for row in material.totals.get((id_, code), ())]
    terms = tuple((row["places"],) for row in found)
    words = (
        f"somme de {numbers.plural(len(found), 'commune')}"
        if place is None
        else figure_words(supply)
    )
    return known_step(
        figure,
        label,
        words,
        unit,
        terms,
        source=_sources(found) or "Recensement de l'offre : total communal",
        vintage=f"en vigueur depuis le {dates.short_date(max(r['valid_from'] for r in found))}",
        notes=notes,
    )


def _establishment(row: Row, service: Service) -> FigurePart:
    amount, share = row["amount"], row["share"]
    where = f", {row['place']}" if row["place"] else ""
    return FigurePart(
        label=f"{row['name']}{where}",
        detail=_amount(row, service.unit),
        value=None if amount is None else amount * share,
        state="unknown" if amount is None else "known",
        source=str(row["source"] or ""),
    )


def _amount(row: Row, unit: str = "") -> str:
    """« 1,5 ETP × 2/3 »: a capacity, and the part of it that counts here."""
    if row["amount"] is None:
        return CAPACITY_UNKNOWN
    amount = f"{figure_words(row['amount'])} {unit}".strip()
    whole = abs(row["share"] - 1) < 1e-9
    if whole:
        return amount
    worth = f" = {figure_words(row['amount'] * row['share'])}" if unit else ""
    return f"{amount} × {share_words(row['share'])}{worth}"


def _sources(rows: list[Row]) -> str:
    return " ; ".join(sorted({str(r["source"]) for r in rows if r["source"]}))


def _told_on(rows: list[Row]) -> str:
    days = [r["source_date"] for r in rows if r["source_date"] is not None]
    return dates.short_date(max(days)) if days else ""


def _why_unknown(answer: Row, found: list[Row], place: Place, day: date) -> str:
    if any(row["amount"] is None for row in found):
        return "la capacité d'un établissement ouvert est inconnue"
    if place is None:
        return "l'offre d'une commune au moins est inconnue"
    if answer["told"] and answer["since"] is not None and answer["since"].date() > day:
        return f"le recensement ne commence que le {dates.short_date(answer['since'])}"
    return "le recensement ne dit rien de ce service pour la commune"
