"""The reconciliation as CSV for a French spreadsheet."""

from __future__ import annotations

import pandas as pd

from observatory.french.csv import csv_file, number_cell, text_cell
from observatory.knowledge.nomenclature import nomenclature

LEVELS = {"com": "commune", "epci": "EPCI"}
MEASURES = {"places": "places", "taux": "places pour 100 enfants", "aucune": "places"}
HEADINGS = {
    "level": "niveau",
    "code": "code",
    "name": "nom",
    "service": "mode",
    "year": "annee",
    "measure": "mesure",
    "published": "publie_caf",
    "census": "recensement_31_decembre",
    "difference": "ecart",
    "percent": "ecart_pour_cent",
    "bpe": "etablissements_bpe",
    "establishments": "etablissements_recenses",
    "explanation": "explication",
}
COUNTS = ("bpe", "establishments", "year")


def reconciliation_csv(table: pd.DataFrame) -> bytes:
    """Rows of ``reconcile`` as French CSV."""
    words = table.assign(
        level=table["level"].map(LEVELS),
        measure=table["measure"].map(MEASURES),
        service=[nomenclature().services[s].label for s in table["service"]],
    )
    written = []
    for ours in HEADINGS:
        if pd.api.types.is_numeric_dtype(words[ours]):
            decimals = 0 if ours in COUNTS else 1
            written.append([number_cell(v, decimals) for v in words[ours]])
        else:
            written.append([text_cell(v) for v in words[ours]])
    return csv_file(HEADINGS.values(), zip(*written, strict=True))
