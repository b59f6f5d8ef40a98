"""Specification of the map that answers a question: its words and its classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.answers.children_in_use import counted_in_words
from observatory.answers.gaps import part_names, public_of_row
from observatory.answers.masked_cells import masked_cells
from observatory.french import dates, numbers, vocabulary
from observatory.french.spelling import capital, inside
from observatory.french.vocabulary import CONTOURS, CONTOURS_MEAN, MOVED
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.circles import scale_of
from observatory.maps.measures import (
    MEASURES,
    Measure,
    classify_measure,
    cross_need_and_supply,
    values_of,
)
from observatory.maps.specification import MapColumn, MapPaint
from observatory.maps.view import View

METHOD_NOTES = {
    "quantiles": "Classes par effectifs égaux : les couleurs ne se comparent pas d'une mise à "
    "jour à l'autre.",
    "natural": "Classes par seuils naturels : les couleurs ne se comparent pas d'une mise à "
    "jour à l'autre.",
}


def painting(
    view: View,
    rows: pd.DataFrame,
    info: dict[str, Any],
    population: Mapping[str, float] | None = None,
) -> MapPaint:
    """What a map shows for a question.

    Parameters
    ----------
    view : View
        The question.
    rows : DataFrame
        One row per commune of the gap table (`answers.gaps.gaps`, or, for a measure of accessible
        supply, `answers.accessible.access_gaps`), for the view's service, day type and definition;
        without the territory's total.
    info : dict
        What the version says of itself (`observatory.versions.record.info`).
    population : mapping, optional
        Inhabitants by INSEE code; needed where need and supply are crossed.

    Raises
    ------
    ValueError
        When need and supply are to be crossed without the population.
    """
    service, measure = view.service, shown_measure(view)
    unit = measure.unit(service)
    first, *rest = unit.split() or [""]
    values = values_of(measure, rows)
    crossed = view.representation == "croises"
    axes = None
    if crossed:
        if population is None:
            raise ValueError("need × supply needs the population of the communes")
        classes, axes = cross_need_and_supply(
            service, rows, population, reach=measure.reach, method=view.method
        )
    else:
        classes = classify_measure(measure, service, rows, view.method)
    circles = view.representation == "cercles"
    return MapPaint(
        codes=rows["code"].tolist(),
        values=values,
        classification=classes,
        title=title(view),
        sentence=sentence(view, rows.assign(estimated=bool(rows["estimated"].any())).iloc[0], info),
        legend_title="Besoin et offre" if crossed else _legend_title(view),
        unit=unit,
        unit_one=unit if measure.kind == "rate" else " ".join([first.rstrip("s"), *rest]),
        decimals=measure.decimals(service),
        source=source_line(
            view, info, bpe=bool(rows["bpe"].any()), known=bool(rows["supply"].notna().any())
        ),
        notes=notes_of(view, rows, info),
        unknown=[
            f"Offre connue en partie : il manque {part_names(parts)}." if parts else ""
            for parts in rows["unknown_parts"].fillna("")
        ],
        columns=tuple(
            MapColumn(
                label,
                [None if pd.isna(v) else float(v) for v in rows[column]],
                u,
                decimals,
                masked_cells(rows, column).tolist(),
            )
            for label, column, u, decimals in (
                ("Besoin", "need", service.unit, service.decimals),
                ("Offre", "supply", service.unit, service.decimals),
                ("Offre accessible", "access_supply", service.unit, service.decimals),
                ("Public", "public", "", 0),
            )
            if column in rows
            and column != measure.column
            and (column == "public" or not measure.published)
        ),
        style="circles" if circles else "classes",
        scale=scale_of(values) if circles else None,
        axes=axes,
        legend_note="" if circles else METHOD_NOTES.get(view.method, ""),
    )


def shown_measure(view: View) -> Measure:
    """The measure whose values the map carries: the gap, where need and supply are crossed."""
    if view.representation != "croises":
        return view.measure
    return MEASURES["ecart_acces" if view.measure.reach else "ecart"]


def _legend_title(view: View) -> str:
    """The measure with its unit: a rate says of how many."""
    label = view.measure.label(view.service)
    if view.measure.column == "rate":
        return capital(view.service.rate_label)
    if view.measure.kind != "rate":
        return label
    return f"{label}, pour {numbers.number(view.service.rate_per)}"


def source_line(view: View, info: dict[str, Any], *, bpe: bool, known: bool = True) -> str:
    """Sources with their vintages, and the date of the supply.

    Parameters
    ----------
    bpe : bool
        Whether the supply is that of the BPE.
    known : bool
        Whether the supply of one commune at least is known.
    """
    vintages = {s["id"]: s["vintage"] for s in info["sources"]}
    if shown_measure(view).published:
        return f"Source : Cnaf, taux publiés {vintages.get('caf', '')}".rstrip() + "."
    ages = f"Insee RP {vintages['rp_age']}" if "rp_age" in vintages else "âges inconnus"
    if (public := nomenclature().publics[view.service.public]).published:
        read = {f"{s['id']}.{s['publication']}": s["vintage"] for s in info["sources"]}
        told = read.get(public.source, vocabulary.UNKNOWN)
        ages = f"{public.credit} {told}"
        vintages.pop(public.source.partition(".")[0], None)  # said once
    census = vocabulary.census_words(demonstration=info["demonstration"])
    if bpe:
        census = f"{census}, BPE {vintages.get('bpe', '')}".rstrip()
    caf = ", Cnaf" if "caf" in vintages else ""
    if not known:
        supply = capital(vocabulary.SUPPLY_UNKNOWN)
        return f"Sources : {ages}{caf}. {supply} au {dates.long_date(view.as_of)}."
    return f"Sources : {ages}{caf}, {census}. Offre au {dates.long_date(view.as_of)}."


def notes_of(view: View, rows: pd.DataFrame, info: dict[str, Any]) -> tuple[str, ...]:
    """What a reader of the map must know: contours, demonstration, a source that undercounts."""
    kind = info["contours"]
    notes = [f"Contours {CONTOURS[kind]}"] if kind in CONTOURS_MEAN else []
    notes += filter(None, [nomenclature().publics[view.service.public].note.removesuffix(".")])
    if info["contours_moved"]:
        notes.append(capital(MOVED))
    if shown_measure(view).published:  # nothing of the census stands on that map
        return tuple(notes)
    if not rows["supply"].notna().any():
        notes.append(capital(vocabulary.SUPPLY_UNKNOWN))
    elif info["demonstration"]:
        notes.append(capital(vocabulary.SUPPLY_OF_DEMONSTRATION))
    if rows["bpe"].any():
        notes.append(capital(vocabulary.RELIABILITY["bpe"]))
    return tuple(notes)


def title(view: View) -> str:
    """The measure and the service: « Places manquantes : EAJE »."""
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    label = view.measure.label(view.service)
    if view.representation == "croises":
        label = f"Besoin et offre{' accessible' if view.measure.reach else ''}"
    return f"{label} : {inside(view.service.short)}{day}"


def sentence(view: View, total: pd.Series[Any], info: Mapping[str, Any]) -> str:
    """What the map shows, in full: measure, date, definition of the need, age of the figures.

    A service known by its acronym is named in full first.
    """
    acronym = view.service.short[:2].isupper()
    return (f"{view.service.label}. " if acronym else "") + _shown(view, total, info)


def _shown(view: View, total: pd.Series[Any], info: Mapping[str, Any]) -> str:
    service = view.service
    estimated = ", estimés d'après des bandes de cinq ans" if total["estimated"] else ""
    supply = f"offre au {dates.long_date(view.as_of)}"
    stand_in = f", {vocabulary.RESIDENT}" if total["resident"] else ""
    public = f"{public_of_row(total).noun}{stand_in}{estimated}"
    if view.representation == "croises":
        what = "offre accessible" if view.measure.reach else "offre"
        return (
            f"Besoin pour 1\u202f000 habitants et part de ce besoin que l'{what} couvre ; besoin "
            f"défini par : {inside(view.definition_label)} ; {supply} ; {public}."
        )
    return {
        "ecart": f"{capital(supply)} moins besoin, défini par : {inside(view.definition_label)} ; "
        f"{public}.",
        "taux": f"{capital(service.rate_label)}, {supply} ; {public}.",
        "acces": f"{capital(service.unit.split()[0])} que les familles atteignent, partagées avec "
        f"les communes voisines ; {supply} ; {public}. {counted_in_words(info)}",
        "ecart_acces": f"Offre accessible moins besoin, défini par : "
        f"{inside(view.definition_label)} ; {supply} ; {public}. "
        f"{counted_in_words(info)}",
        "offre": f"{capital(supply)}, en {service.unit}.",
        "besoin": f"Besoin en {service.unit}, défini par : {inside(view.definition_label)} ; "
        f"{public}.",
        "enfants": f"Nombre de {public_of_row(total).counted_in} : {public}.",
        "taux_publie": "Taux de couverture publié par la Caf pour les communes de plus de "
        "10 000 habitants ; ailleurs il est inconnu.",
    }[view.measure_id]
