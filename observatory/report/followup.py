"""Calendar of dated movements, and the baseline of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from observatory.answers import deployment, sums
from observatory.answers.gaps import gaps
from observatory.answers.period import period
from observatory.french import balance, dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import VOTED, Question
from observatory.report import table_cells
from observatory.report.document import Block, note, paragraph, table
from observatory.report.facts import Facts, first_day, offer_label, service_of

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
    """The baseline: where things stand, where they stood when the convention began, and the aim."""
    if not reading.lists_offer:
        return [
            paragraph(
                "L'offre reste à recenser : l'état de référence, auquel l'évaluation se comparera, "
                "reste à établir."
            )
        ]
    rows = []
    start, before = _at_the_start(reading)
    for s in reading.services:
        total, service = reading.total(s), service_of(s)
        rows.append(
            [
                offer_label(s),
                service.unit,
                _aim(reading, s),
                *([table_cells.amount(before[s], "supply", service)] if before else []),
                table_cells.amount(total, "supply", service),
                table_cells.amount(total, "gap", service, signed=True),
                table_cells.rate(total),
            ]
        )
    return [
        table(
            f"État de référence au {dates.long_date(reading.request.as_of)}",
            [
                "Indicateur : offre",
                "Unité",
                "Taux visé",
                *([f"Offre au {dates.long_date(start)}"] if before else []),
                "Offre",
                balance.LACK,
                "Taux",
            ],
            rows,
            words=3,
            widths=[3, 1.2, 1.1, *([1.2] if before else []), 1, 1, 1.1],
        ),
        note(
            "Le taux et le manque de chaque service suivent la définition du besoin nommée dans "
            "ses pages. L'évaluation compare un même indicateur, à la même définition, d'une "
            "date à l'autre."
        ),
    ]


def _at_the_start(reading: Facts) -> tuple[date, dict[str, dict[str, Any]]]:
    """First day of the convention, and the selection's row of each service then.

    No row where no convention gives a first day, or where it is not past yet.
    """
    followed = period(reading.con, reading.request.as_of)
    if not followed.of_convention or followed.first >= reading.request.as_of:
        return followed.first, {}
    then = sums.add_up(
        reading.con, gaps(reading.con, Question(as_of=followed.first)), list(reading.names)
    )
    found = {}
    for s in reading.services:
        slot = then[(then["service"] == s) & (then["definition"] == reading.definition(s))]
        day = first_day(s)
        rows = slot[slot["day_type"] == day] if day else slot
        found[s] = {str(k): v for k, v in rows.iloc[0].to_dict().items()}
    return followed.first, found


def _aim(reading: Facts, service: str) -> str:
    """The target that the territory voted, in the unit of the rate; « à fixer » without one."""
    voted = [r for r in reading.definitions(service) if r["definition"] == VOTED]
    return numbers.rate(voted[0]["target"]) if voted else "à fixer"
