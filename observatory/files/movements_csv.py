"""Movements of the supply as a file for a French spreadsheet."""

from __future__ import annotations

import pandas as pd

from observatory.answers.deployment import status_words
from observatory.french.csv import csv_file, number_cell, text_cell
from observatory.french.vocabulary import MOVEMENTS
from observatory.knowledge.nomenclature import nomenclature

HEADINGS = (
    "date", "code_insee", "commune", "identifiant", "etablissement", "service", "type_jour",
    "statut", "mouvement", "avant", "apres", "effet", "unite",
)  # fmt: skip
WORDS = ("code", "commune", "id", "name", "service", "day_type")


def movements_csv(moves: pd.DataFrame) -> bytes:
    """The movements as French CSV, one row per movement."""
    services = nomenclature().services
    statuses = status_words()
    rows = [
        [
            text_cell(f"{move['day']:%Y-%m-%d}"),
            *(text_cell(move[column]) for column in WORDS),
            text_cell(statuses[move["status"]]),
            text_cell(MOVEMENTS[move["kind"]]),
            *(number_cell(move[column], 1) for column in ("before", "after", "effect")),
            text_cell(services[move["service"]].unit),
        ]
        for move in moves.to_dict("records")
    ]
    return csv_file(HEADINGS, rows)
