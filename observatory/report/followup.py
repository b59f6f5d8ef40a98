"""Calendar of dated movements, and the baseline of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from observatory.answers import deployment
from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.report import table_cells
from observatory.report.document import Block, note, paragraph, table
from observatory.report.facts import Facts, offer_label, service_of

YEARS_AHEAD = 5


def calendar(reading: Facts) -> list[Block]:
    """Openings, closings and changes that are already dated."""
    first = reading.request.as_of
    found = deployment.movements(reading.con, first, date(first.year + YEARS_AHEAD, 12, 31))
    found = found[found["code"].isin(list(reading.names)) & found["service"].isin(reading.counted)]
    if found.empty:
        return [
            paragraph(
                f"Aucune ouverture ni fermeture n'est datée après le {dates.long_date(first)} "
                "dans le recensement."
            )
        ]
    days = nomenclature().day_types
    return [
        table(
            "Mouvements déjà datés dans le recensement",
            ["Établissement", "Commune", "Service", "Nature", "Date", "Effet"],
            [
                [
                    str(r["name"]),
                    table_cells.text(r["commune"]),
                    service_of(r["service"]).short
                    + (f", {days[r['day_type']]}" if isinstance(r["day_type"], str) else ""),
                    vocabulary.MOVEMENTS[r["kind"]],
                    dates.long_date(r["day"]),
                    _effect(r),
                ]
                for r in found.to_dict("records")
            ],
            words=5,
            widths=[2.4, 1.3, 1.3, 1, 1.3, 1],
        )
    ]


def _effect(row: Mapping[Any, Any]) -> str:
    service = service_of(row["service"])
    known = numbers.gap(row["effect"], service.decimals)
    return f"{known} {service.unit}" if numbers.is_known(row["effect"]) else known


def indicators(reading: Facts) -> list[Block]:
    """The baseline: where things stand before the convention begins."""
    rows = []
    for s in reading.services:
        total, service = reading.total(s), service_of(s)
        rows.append(
            [
                offer_label(s),
                service.unit,
                "à fixer",
                table_cells.amount(total, "supply", service),
                table_cells.amount(total, "gap", service, signed=True),
                table_cells.rate(total),
            ]
        )
    return [
        table(
            f"État de référence au {dates.long_date(reading.request.as_of)}",
            ["Indicateur : offre", "Unité", "Valeur visée", "Offre", "Écart", "Taux"],
            rows,
            words=3,
            widths=[3, 1.2, 1.1, 1, 1, 1.1],
        ),
        note(
            "Le taux et l'écart de chaque service suivent la définition du besoin nommée dans ses "
            "pages. L'évaluation compare un même indicateur, à la même définition, d'une date à "
            "l'autre."
        ),
    ]
