"""EPCI, départements or régions as a file for a French spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from observatory.answers.masked_cells import masked_cells
from observatory.french.csv import CsvCell, csv_file, number_cell, text_cell
from observatory.french.vocabulary import MASKED
from observatory.knowledge.nomenclature import nomenclature

TITLE = "Besoin, offre et écart par EPCI, département ou région"
OF_PLACE = {
    "code": ("place", None), "nom": ("name", None), "communes": ("communes", 0),
    "population": ("population", 0), "millesime_population": ("population_vintage", None),
    "naissances": ("births", 0), "annee_naissances": ("births_year", 0),
    "habitants_km2": ("density", 1), "revenu_estime_eur": ("income", 0),
    "millesime_revenu": ("income_vintage", None),
}  # fmt: skip
"""Columns of the place: heading, our name, decimals; None is text."""
FIGURES = {
    "effectif": "public",
    "besoin": "need",
    "offre": "supply",
    "ecart": "gap",
    "taux": "rate",
}
"""Figures of the question, by heading."""
HEADINGS = (
    *OF_PLACE, "service", "type_jour", "definition_besoin", *FIGURES, "unite", "taux_publie",
    "annee_taux_publie", "communes_effectif_inconnu", "communes_offre_inconnue", "fiabilite",
)  # fmt: skip


def parts_csv(tables: Iterable[pd.DataFrame]) -> bytes:
    """One row per place × service × type of day × need definition.

    Parameters
    ----------
    tables : iterable of DataFrame
        Given by ``answers.territory_parts.parts_of``, one or several services.
    """
    return csv_file(HEADINGS, (line for table in tables for line in _lines(table)))


def _lines(table: pd.DataFrame) -> Iterable[list[CsvCell]]:
    hidden = pd.DataFrame({c: masked_cells(table, c) for c in FIGURES.values()})
    for row, masked in zip(table.to_dict("records"), hidden.to_dict("records"), strict=True):
        yield _line(row, masked)


def _line(row: dict[Any, Any], masked: dict[Any, Any]) -> list[CsvCell]:
    service = nomenclature().services[row["service"]]
    decimals = dict.fromkeys(FIGURES.values(), service.decimals) | {"public": 0, "rate": 1}
    return [
        *(
            text_cell(row[ours]) if places is None else number_cell(row[ours], places)
            for ours, places in OF_PLACE.values()
        ),
        *(text_cell(row[c]) for c in ("service", "day_type", "definition")),
        *(
            text_cell(MASKED) if masked[c] else number_cell(row[c], decimals[c])
            for c in FIGURES.values()
        ),
        text_cell(service.unit),
        number_cell(row["published_rate"], 1),
        number_cell(row["published_year"], 0),
        *(number_cell(row[c], 0) for c in ("public_unknown", "supply_unknown")),
        text_cell(row["reliability"]),
    ]
