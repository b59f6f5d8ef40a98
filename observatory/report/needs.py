"""Needs part of a report: the publics, and the need by definition."""

from __future__ import annotations

from collections.abc import Iterable

from observatory.answers.gaps import public_of_row
from observatory.answers.profile import YOUNG, born_before, retention
from observatory.french import balance, numbers, vocabulary
from observatory.knowledge.nomenclature import Service
from observatory.report import table_cells
from observatory.report.copil_figures import needs_chart
from observatory.report.document import Block, note, paragraph, table
from observatory.report.facts import Facts, Row, service_of


def needs(reading: Facts) -> list[Block]:
    """Each public once, the need of each service by definition, births."""
    seen: dict[str, list[str]] = {}
    for s in reading.services:
        total = reading.total(s)
        seen.setdefault(
            service_of(s).public,
            [
                public_of_row(total).label,
                table_cells.public(total),
                "estimation" if total["estimated"] else "observé",
            ],
        )
    blocks = [
        table(
            "Publics des services, en nombre",
            ["Public", "Nature", "Effectif"],
            [[a, c, b] for a, b, c in seen.values()],
            words=2,
            widths=[3, 1, 1],
        ),
        paragraph(
            "Un besoin n'est pas un chiffre mais une fourchette : chaque définition vise un taux, "
            "aucune n'est la vérité."
        ),
    ]
    for s in reading.services:
        told = reading.definitions(s)
        if len(told) < 2:
            continue
        service = service_of(s)
        if drawn := needs_chart(reading, s):
            blocks.append({**drawn, "caption": f"{service.label} : les besoins et l'offre"})
        blocks.append(
            definitions_table(
                f"{service.label} : besoin selon ses définitions, en {service.unit}", service, told
            )
        )
    marks = f"{vocabulary.NOT_COUNTED_MEANS} {table_cells.marks()}"
    return [*blocks, _births(reading), *_foretold(reading), note(marks)]


def definitions_table(caption: str, service: Service, rows: Iterable[Row]) -> Block:
    """The need and the gap of a place by definition, one row per definition."""
    return table(
        caption,
        [
            "Définition du besoin",
            f"Cible (pour {numbers.number(service.rate_per)})",
            f"Besoin ({service.unit})",
            f"{balance.LACK} ({service.unit})",
        ],
        [
            [
                table_cells.listed_definition(row),
                numbers.rate(row["target"]),
                table_cells.amount(row, "need", service),
                table_cells.amount(row, "gap", service, signed=True),
            ]
            for row in rows
        ],
    )


def _births(reading: Facts) -> Block:
    born, years = reading.facts["births"], reading.facts["births_year"].dropna().unique()
    if born.isna().any() or len(years) != 1:
        return paragraph("Naissances : inconnues pour une partie des communes.")
    return paragraph(
        f"Naissances domiciliées en {int(years[0])} : {numbers.number(float(born.sum()))}."
    )


def _foretold(reading: Facts) -> list[Block]:
    """Beside children under three that are an estimate, what births and their retention give."""
    young = [reading.total(s) for s in reading.services if service_of(s).public == YOUNG]
    born, share = born_before(reading.con), retention(reading.con)
    if not any(t["estimated"] for t in young) or share != share or set(reading.names) - set(born):
        return []
    births = sum(born[code] for code in reading.names)
    return [
        paragraph(
            f"Le nombre d'enfants de moins de 3 ans est une estimation. À côté d'elle : "
            f"{numbers.plural(round(births), 'naissance')} dans les trois années d'avant, et une "
            f"rétention de {numbers.number(100 * share)} enfants recensés pour 100 naissances "
            f"dans le territoire, soit {numbers.plural(round(births * share), 'enfant')} "
            "(simulation, pas prévision)."
        )
    ]
