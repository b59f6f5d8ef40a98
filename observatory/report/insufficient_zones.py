"""Zones of insufficient supply or access: commune by commune, service by service."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from observatory.answers.children_in_use import counted_in_words
from observatory.french import numbers, vocabulary
from observatory.french.spelling import inside
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import is_short
from observatory.report.document import Block, note, paragraph, table
from observatory.report.facts import Facts, first_day, service_of

MUCH = 0.25
"""Share of what is in reach beyond which an approximation is told."""
WORST = 3
"""Communes named for each service."""


def shortfalls(reading: Facts) -> list[Block]:
    """The communes that lack a service, then those whose children do not reach it."""
    reach = catchment_rules().reach.default
    caught = [s for s in reading.services if service_of(s).catchment]
    blocks = [
        *_short_table(
            "Communes dont l'offre est inférieure au besoin", reading, reading.services, "gap"
        ),
        note(
            "Une commune sans établissement n'est pas par elle-même un manque : ses familles "
            "peuvent atteindre une place ailleurs."
        ),
    ]
    if caught:
        blocks += [
            *_short_table(
                f"Communes dont l'offre accessible à {reach:g} min est inférieure au besoin",
                reading,
                caught,
                "access_gap",
            ),
            note(counted_in_words(reading.info)),
        ]
        if said := _beyond(reading, caught):
            blocks.append(note(said))
    return [*blocks, *_deserts(reading)]


def _short_table(caption: str, reading: Facts, services: Sequence[str], column: str) -> list[Block]:
    """The services that lack somewhere by a column; those of which nothing is told, named once."""
    told = [s for s in services if reading.rows(s)[column].notna().any()]
    silent = [inside(service_of(s).short) for s in services if s not in told]
    found = [
        table(
            caption,
            ["Service", "Les plus grands manques", "En déficit", "Inconnues", "Communes"],
            [_line(reading, s, column) for s in told],
            words=2,
            widths=[2, 3, 0.8, 0.9, 0.9],
        )
    ] if told else [paragraph(f"{caption} : aucune ne peut être dite.")]  # fmt: skip
    why = f"Offre ou besoin {vocabulary.UNKNOWN}, ou {vocabulary.MASKED}, dans chaque commune"
    return [*found, note(f"{why} : {', '.join(silent)}.")] if silent else found


def _beyond(reading: Facts, caught: list[str]) -> str:
    """How much of what is in reach is unknown, and where most; nothing when all is known."""
    rows = pd.concat([reading.rows(s)[["name", "beyond"]] for s in caught]).dropna()
    if rows.empty or rows["beyond"].max() < MUCH:
        return ""
    most = rows.groupby("name")["beyond"].max()
    concerned = int((most >= MUCH).sum())
    return (
        f"Dans {numbers.quantity(concerned, 'commune', 'communes')} sur {len(most)}, plus de "
        f"{numbers.number(100 * MUCH)} % des habitants à portée (pondérés comme les places) vivent "
        "là où l'offre n'est pas connue, surtout au-delà du territoire : l'offre accessible y est "
        "une approximation."
    )


def _line(reading: Facts, service_id: str, column: str) -> list[str]:
    service, day = service_of(service_id), first_day(service_id)
    rows = reading.rows(service_id)[["code", "name", column]]
    named = f"{service.short}, {nomenclature().day_types[day]}" if day else service.short
    short = rows[is_short(rows[column], service.decimals)].sort_values([column, "code"])
    worst = [
        f"{r['name']} ({numbers.number(-r[column], service.decimals)})"
        for r in short.head(WORST).to_dict("records")
    ]
    return [
        f"{named}, en {service.unit}",
        " ; ".join(worst) or vocabulary.NOTHING,
        numbers.number(len(short)),
        numbers.number(rows[column].isna().sum()),
        numbers.number(len(rows)),
    ]


def _deserts(reading: Facts) -> list[Block]:
    """The communes that published rules call a desert; the rules were made for centre care."""
    rules = catchment_rules().deserts
    blocks: list[Block] = []
    for id_, rule in rules.items():
        column = f"desert_{id_}"
        for service_id in reading.services:
            rows = reading.rows(service_id)
            if column not in rows or rows[column].isna().all():
                continue
            concerned = rows[rows[column].eq(True)]
            blocks.append(
                paragraph(
                    f"{rule.label} ({service_of(service_id).short}) : {_names(concerned)} "
                    f"Origine de la règle : {rule.source}."
                )
            )
    return blocks


def _names(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "aucune commune."
    named = ", ".join(map(str, rows["name"].head(40)))
    more = f" et {len(rows) - 40} autres" if len(rows) > 40 else ""
    count = numbers.quantity(len(rows), "commune", "communes")
    return f"{count} ({named}{more})."
