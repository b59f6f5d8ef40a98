"""The order of the shortfalls as a file for a French spreadsheet."""

from __future__ import annotations

import pandas as pd

from observatory.french.csv import csv_file, number_cell, text_cell
from observatory.knowledge.nomenclature import nomenclature

HEADINGS = (
    "rang", "code_insee", "commune", "service", "type_jour", "definition_besoin", "effectif",
    "part_effectif_territoire_pct", "besoin", "offre", "ecart", "unite", "definitions_manque",
    "definitions_comptees", "personnes_sans_reponse", "ecart_un_an_avant", "demandes_sans_place",
    "fiabilite", "regle",
)  # fmt: skip


def priorities_csv(rows: pd.DataFrame, rule: str) -> bytes:
    """The priorities as French CSV, one row per commune × service × type of day.

    Parameters
    ----------
    rows : DataFrame
        Given by ``answers.priorities.priorities``, or rows of it.
    rule : str
        The rule of the order, in the last column of the first row: a file has no other place.
    """
    names = nomenclature()
    lines = []
    for n, row in enumerate(rows.to_dict("records")):
        service = names.services[row["service"]]
        lines.append(
            [
                number_cell(row["rank"], 0),
                *(text_cell(row[c]) for c in ("code", "name", "service", "day_type")),
                text_cell(names.definitions[row["definition"]].label),
                number_cell(row["public"], 0),
                number_cell(100 * row["public_share"], 1),
                *(number_cell(row[c], service.decimals) for c in ("need", "supply", "gap")),
                text_cell(service.unit),
                *(number_cell(row[c], 0) for c in ("deficit_count", "definition_count")),
                number_cell(row["left_without"], 0),
                number_cell(row["gap_before"], service.decimals),
                number_cell(row["unmet"], 0),
                text_cell(row["reliability"]),
                text_cell("" if n else rule),
            ]
        )
    return csv_file(HEADINGS, lines)
