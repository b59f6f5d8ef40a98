"""Summary page of a report: key figures of the territory, then one line per service."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.answers.duties import law
from observatory.answers.gaps import public_of_row
from observatory.answers.silent_services import silent_words
from observatory.french import balance, dates, numbers, vocabulary
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.report import table_cells
from observatory.report.document import Block, heading, key_figures, note, paragraph, table
from observatory.report.facts import Facts, offer_label, service_of


def summary(reading: Facts, duties: pd.DataFrame) -> list[Block]:
    """The summary of the selection.

    Parameters
    ----------
    duties : DataFrame
        Given by `observatory.answers.duties.duties_of_territory`.
    """
    main = reading.services[0]
    service, total = service_of(main), reading.total(main)
    people = reading.facts["population"]
    return [
        heading(1, "Synthèse du territoire", new_page=True),
        paragraph(_who(reading)),
        key_figures(
            [
                (
                    "Population",
                    numbers.number(float(people.sum()) if people.notna().all() else None),
                    "habitants",
                ),
                (
                    public_of_row(total).label,
                    table_cells.public(total),
                    "estimation" if total["estimated"] else "",
                ),
                (
                    f"Offre : {service.short}",
                    table_cells.amount(total, "supply", service),
                    service.unit if numbers.is_known(total["supply"]) else "",
                ),
                *_headline_gap(total, service),
            ]
        ),
        _every_service(reading),
        note(
            "Le manque est ce qui sépare l'offre du besoin ; « de plus » : l'offre le dépasse. "
            "Les sommes de la sélection sont "
            f"recalculées, jamais des moyennes de taux. {table_cells.marks()}"
        ),
        *([paragraph(silent_words(reading.silent))] if reading.silent else []),
        *_unknown(reading, main),
        *_duties(reading, duties),
    ]


def _headline_gap(total: dict[str, Any], service: Service) -> list[tuple[str, str, str]]:
    """The gap as a key figure; none against the mean of the territory, which is no need."""
    if nomenclature().definitions[str(total["definition"])].shares_out:
        return []
    return [table_cells.lack(total, service)]


def _who(reading: Facts) -> str:
    count = len(reading.names)
    day = dates.long_date(reading.request.as_of)
    if reading.whole:
        communes = numbers.quantity(count, "commune", "communes")
        return f"{reading.territory} : {communes}, offre au {day}."
    return f"Sélection ({reading.territory}) : {', '.join(reading.names.values())}. Offre au {day}."


def _every_need(reading: Facts) -> Block:
    """What is known without any offer: the publics and the needs."""
    each = [(s, service_of(s), reading.total(s)) for s in reading.services]
    return table(
        f"Public et besoin par service, l'offre restant à recenser : {reading.selection}",
        ["Service", "Unité", "Public", "Besoin"],
        [
            [
                offer_label(s),
                service.unit,
                table_cells.public(total),
                table_cells.amount(total, "need", service),
            ]
            for s, service, total in each
            if numbers.is_known(total["public"]) or numbers.is_known(total["need"])
        ],
        words=2,
        widths=[3, 1.4, 1, 1],
    )


def _every_service(reading: Facts) -> Block:
    if not reading.lists_offer:
        return _every_need(reading)
    rows = []
    for s in reading.services:
        service, total = service_of(s), reading.total(s)
        rows.append(
            [
                offer_label(s),
                service.unit,
                table_cells.public(total),
                table_cells.amount(total, "need", service),
                table_cells.amount(total, "supply", service),
                table_cells.amount(total, "gap", service, signed=True),
                table_cells.rate(total),
                table_cells.deficits(total),
            ]
        )
    return table(
        f"Besoin, offre et manque par service : {reading.selection}",
        [
            "Service",
            "Unité",
            "Public",
            "Besoin",
            "Offre",
            balance.LACK,
            "Taux",
            "Définitions en déficit",
        ],
        rows,
        words=2,
        widths=[2.6, 1.1, 1, 0.9, 0.9, 0.9, 0.9, 1.1],
    )


def _unknown(reading: Facts, service_id: str) -> list[Block]:
    """The communes that make a sum unknown, when the selection is not the territory."""
    total = reading.total(service_id)
    missing = sorted({*total["public_unknown"], *total["supply_unknown"]})
    if not missing or numbers.is_known(total["gap"]):
        return []
    return [
        paragraph(f"Ce qui manque à la sélection est inconnu : il l'est pour {', '.join(missing)}.")
    ]


def _duties(reading: Facts, duties: pd.DataFrame) -> list[Block]:
    """How many communes each competence is compulsory for, and who exercises it."""
    mine = duties[duties["code"].isin(list(reading.names))]
    if mine.empty:
        return []
    rows = []
    for competence, of_all in mine.groupby("competence", sort=False):
        said = of_all["exercised_by"].dropna().value_counts()
        who = ", ".join(f"{law().holders[str(h)].label} : {n}" for h, n in said.items())
        silent = int(of_all["exercised_by"].isna().sum())
        rows.append(
            [
                law().competences[str(competence)].label,
                ", ".join(
                    w for w in (who, f"{vocabulary.UNKNOWN} : {silent}" if silent else "") if w
                ),
                _compulsory(of_all["applies"]),
            ]
        )
    return [
        table(
            "L'autorité organisatrice de l'accueil du jeune enfant, en nombre de communes",
            ["Compétence", "Exercée par", "Obligatoire pour"],
            rows,
            words=2,
            widths=[3, 2.4, 1],
        ),
        note(f"{law().article}. {law().population}"),
    ]


def _compulsory(applies: pd.Series[Any]) -> str:
    """How many communes a duty is compulsory for, and of how many nobody can tell."""
    untold = int(applies.isna().sum())
    told = numbers.number(applies.eq(True).sum())
    return f"{told} ({vocabulary.UNKNOWN} : {numbers.number(untold)})" if untold else told
