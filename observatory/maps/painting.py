"""The words and classes of the map that answers a question."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory import formats
from observatory.maps.measures import classify_measure, values_of
from observatory.maps.paint import Column, MapPaint
from observatory.maps.view import View
from observatory.nomenclature import nomenclature
from observatory.weights import catchment_rules
from observatory.words import capital, inside

CONTOURS = {
    "schematic": "Contours schématiques",
    "generalised": "Contours très généralisés",
}


def painting(view: View, rows: pd.DataFrame, info: dict[str, Any]) -> MapPaint:
    """What a map shows for a question.

    Parameters
    ----------
    view : View
        The question.
    rows : DataFrame
        One row a commune of the gap table (`observatory.gaps.gaps`, or
        `observatory.catchment.access_gaps` for a measure of accessible supply), for the view's
        service, day type and definition; without the territory's total.
    info : dict
        What the version says of itself (`observatory.record.info`).
    """
    service, measure = view.service, view.measure
    unit = measure.unit(service)
    return MapPaint(
        codes=rows["code"].tolist(),
        values=values_of(measure, rows),
        classification=classify_measure(measure, service, rows),
        title=title(view),
        sentence=sentence(view, rows.iloc[0]),
        legend_title=_legend_title(view),
        unit=unit,
        unit_one=unit.split()[0].rstrip("s") if measure.kind == "count" else unit,
        decimals=measure.decimals(service),
        source=source_line(view, info, bpe=bool(rows["bpe"].any())),
        notes=notes_of(rows, info),
        columns=tuple(
            Column(label, [None if pd.isna(v) else float(v) for v in rows[column]], u, decimals)
            for label, column, u, decimals in (
                ("Besoin", "need", service.unit, service.decimals),
                ("Offre", "supply", service.unit, service.decimals),
                ("Public", "public", "", 0),
            )
            if column != measure.column
        ),
    )


def _legend_title(view: View) -> str:
    """The measure with its unit: a rate says of how many."""
    label = view.measure.label(view.service)
    if view.measure.kind != "rate" or label == capital(view.service.rate_label):
        return label
    return f"{label}, pour {formats.number(view.service.rate_per)}"


def source_line(view: View, info: dict[str, Any], *, bpe: bool) -> str:
    """Sources with their vintages, and the date of the supply."""
    vintages = {s["id"]: s["vintage"] for s in info["sources"]}
    ages = f"Insee RP {vintages['rp_age']}" if "rp_age" in vintages else "âges inconnus"
    census = "recensement de démonstration" if info["demonstration"] else "recensement de l'offre"
    if bpe:
        census = f"{census}, BPE {vintages.get('bpe', '')}".rstrip()
    caf = ", Cnaf" if "caf" in vintages else ""
    return f"Sources : {ages}{caf}, {census}. Offre au {formats.long_date(view.as_of)}."


def notes_of(rows: pd.DataFrame, info: dict[str, Any]) -> tuple[str, ...]:
    """What a reader of the map must know: contours, demonstration, a source that undercounts."""
    notes = [CONTOURS[info["contours"]]] if info["contours"] in CONTOURS else []
    if info["demonstration"]:
        notes.append("Offre de démonstration")
    if rows["bpe"].any():
        notes.append("Offre de la BPE : sous-estimée")
    return tuple(notes)


def title(view: View) -> str:
    """The measure and the service: « Places manquantes : EAJE »."""
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    return f"{view.measure.label(view.service)} : {view.service.short}{day}"


def sentence(view: View, total: pd.Series[Any]) -> str:
    """What the map shows, in full: measure, date, definition of the need, age of the figures."""
    service = view.service
    estimated = ", estimés d'après des bandes de cinq ans" if total["estimated"] else ""
    supply = f"offre au {formats.long_date(view.as_of)}"
    public = f"{nomenclature().publics[service.public].noun}{estimated}"
    return {
        "ecart": f"{capital(supply)} moins besoin, défini par : {inside(view.definition_label)} ; "
        f"{public}.",
        "taux": f"{capital(service.rate_label)}, {supply} ; {public}.",
        "acces": f"{capital(service.unit.split()[0])} que les familles atteignent, partagées avec "
        f"les communes voisines ; {supply} ; {public}. {catchment_rules().explain_minutes()}",
        "ecart_acces": f"Offre accessible moins besoin, défini par : "
        f"{inside(view.definition_label)} ; {supply} ; {public}. "
        f"{catchment_rules().explain_minutes()}",
        "offre": f"Offre en {service.unit} ; {supply}.",
        "besoin": f"Besoin en {service.unit}, défini par : {inside(view.definition_label)} ; "
        f"{public}.",
        "enfants": f"Nombre de personnes : {public}.",
        "taux_publie": "Taux de couverture publié par la Caf pour les communes de plus de "
        "10 000 habitants ; ailleurs il est inconnu.",
    }[view.measure_id]
