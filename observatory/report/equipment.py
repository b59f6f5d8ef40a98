"""The list of equipment, services and modes of care."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.report import table_cells
from observatory.report.document import Block, note, paragraph, table
from observatory.report.facts import Facts, service_of

LISTED = 500
"""Establishments beyond which the list is left to the spreadsheet."""


def equipment(reading: Facts) -> list[Block]:
    """Establishments by service and status, totals by commune, then the list by name."""
    names, day = nomenclature(), dates.long_date(reading.request.as_of)
    statuses = vocabulary.EVERY_STATUS
    found = reading.establishments
    used = [s for s in statuses if s in vocabulary.STATUSES or s in set(found["status"])]
    counts = found.groupby(["service", "status"]).size()
    rows = [
        [
            names.services[s].label,
            *(numbers.number(counts.get((s, status), 0)) for status in used),
            numbers.number((found["service"] == s).sum()),
        ]
        for s in names.services
        if s in set(found["service"])
    ]
    blocks = [
        table(
            f"Établissements ouverts au {day}, par statut, en nombre",
            ["Service", *(statuses[s] for s in used), "Ensemble"],
            rows,
            widths=[3, *[1.0] * len(used), 1],
        )
    ]
    totals = [
        [
            service_of(s).label,
            service_of(s).unit,
            table_cells.amount(reading.total(s), "supply", service_of(s)),
        ]
        for s in reading.services
        if service_of(s).grain == "commune"
    ]
    if totals:
        blocks += [
            table(
                f"Modes d'accueil connus par totaux communaux, au {day}",
                ["Mode d'accueil", "Unité", "Offre"],
                totals,
                words=2,
                widths=[3, 1, 1],
            ),
            note("Aucun assistant maternel n'est nommé ni situé : ce sont des particuliers."),
        ]
    blocks += _list_of(found)
    return blocks


def _list_of(found: pd.DataFrame) -> list[Block]:
    names = nomenclature()
    statuses = vocabulary.EVERY_STATUS
    if len(found) > LISTED:
        return [
            paragraph(
                f"La liste nominative des {numbers.number(len(found))} établissements est dans le "
                "tableur que l'observatoire produit (page « Fichiers »)."
            )
        ]
    demonstration = f" ({vocabulary.DEMONSTRATION})" if found["demonstration"].any() else ""
    return [
        table(
            f"Liste des établissements{demonstration}",
            ["Établissement", "Service", "Commune", "Statut", "Gestionnaire", "Capacité"],
            [
                [
                    str(r["name"]),
                    names.services[r["service"]].short,
                    str(r["commune"]),
                    statuses[r["status"]],
                    table_cells.text(r["manager"]),
                    _capacity(r),
                ]
                for r in found.to_dict("records")
            ],
            words=5,
            widths=[2.4, 1.2, 1.4, 0.9, 1.9, 1.1],
        )
    ]


def _capacity(row: Mapping[Any, Any]) -> str:
    service = service_of(str(row["service"]))
    known = numbers.number(row["amount"], service.decimals)
    return f"{known} {service.unit}" if numbers.is_known(row["amount"]) else known
