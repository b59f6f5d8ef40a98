"""What the slides say of the figures: the sentence, where it lacks, what is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from observatory.answers.gaps import public_of_row
from observatory.answers.masked_cells import is_masked
from observatory.french import balance, dates, numbers, vocabulary
from observatory.french.spelling import capital, inside
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.shortfall import is_short
from observatory.report import table_cells
from observatory.report.document import Block, table
from observatory.report.facts import Facts, offer_label, service_of
from observatory.report.openings import moved_words, openings
from observatory.report.slides import chart

FIVE = 5
WORST = 3
UNLISTED = "l'offre reste à recenser"
LARGEST = 8
"""Communes of the table of what is known where no offer is."""


@dataclass(frozen=True)
class Range:
    """What is missing by every way of counting that can be told.

    Attributes
    ----------
    short : tuple of float
        What is missing by each definition that finds a lack, the smallest first.
    told : int
        How many definitions can be told.
    """

    short: tuple[float, ...]
    told: int


def range_of(reading: Facts, service_id: str) -> Range:
    """The range of what a service lacks; the mean of the territory is no need."""
    service = service_of(service_id)
    known = [
        row["gap"]
        for row in reading.definitions(service_id)
        if not _shared(row) and numbers.is_known(row["gap"])
    ]
    found = sorted(-gap for gap in known if is_short(gap, service.decimals))
    return Range(tuple(found), len(known))


def lack_sentence(reading: Facts, service_id: str) -> str:
    """What lacks, as a range: never one number passed off as the truth."""
    service, total = service_of(service_id), reading.total(service_id)
    found = range_of(reading, service_id)
    if is_masked(total, "gap") or is_masked(total, "supply"):
        return f"ce qui manque est {vocabulary.MASKED}"
    if not found.told:
        return f"ce qui manque est {vocabulary.UNKNOWN}"
    if not found.short:
        ways = numbers.plural(found.told, "façon")
        return f"l'offre atteint le besoin selon {ways} de compter sur {found.told}"
    ways = f"{numbers.plural(len(found.short), 'façon')} de compter sur {found.told}"
    least, most = (numbers.number(found.short[i], service.decimals) for i in (0, -1))
    if least != most:
        return (
            f"il manque des {service.unit} selon {ways}, de {least} à {most} selon le besoin retenu"
        )
    one = balance.singular(service.unit)
    amount = numbers.quantity(found.short[0], one, service.unit, service.decimals)
    return f"il manque {amount} selon {ways}"


def territory_sentence(reading: Facts, since: date) -> str:
    """The territory in a sentence: what lacks, then what opened and closed, of any service."""
    if not reading.lists_offer:
        return f"{reading.territory} : {UNLISTED}, ce qui manque ne peut pas encore être dit."
    moved, service = openings(reading, since), service_of(reading.services[0])
    return (
        f"{reading.territory}, {inside(service.menu or service.label)} : "
        f"{lack_sentence(reading, reading.services[0])} ; dans tous les services, "
        f"{moved_words(moved)} depuis le {dates.long_date(since)}."
    )


def headline_figures(reading: Facts) -> list[tuple[str, str, str]]:
    """The territory in four figures: people, children, supply, ways of counting in deficit."""
    first = reading.services[0]
    service, total, people = service_of(first), reading.total(first), reading.facts["population"]
    population = float(people.sum()) if people.notna().all() else None
    who = [
        ("Population", numbers.number(population), "habitants"),
        (
            public_of_row(total).label,
            table_cells.public(total),
            "estimation" if total["estimated"] else "",
        ),
    ]
    if not reading.lists_offer:
        born = reading.facts["births"]
        births = float(born.sum()) if born.notna().all() else None
        told = [*who, ("Naissances", numbers.number(births), "dans l'année")]
        return [figure for figure in told if figure[1] != numbers.UNKNOWN]
    return [
        *who,
        (
            f"Offre : {inside(service.short)}",
            table_cells.amount(total, "supply", service),
            service.unit if numbers.is_known(total["supply"]) else "",
        ),
        ("Façons de compter en manque", table_cells.deficits(total), ""),
    ]


def known_table(reading: Facts) -> Block:
    """What is known of the largest communes where no offer is: people, births, income."""
    rows = reading.facts.sort_values(["population", "code"], ascending=[False, True])
    columns = {"population": "Population", "births": "Naissances dans l'année",
               "median_income_eur": "Revenu médian (euros par an)"}  # fmt: skip
    kept = [c for c in columns if rows[c].notna().any()]
    return table(
        "Ce que l'on connaît déjà",
        ["Commune", *(columns[c] for c in kept)],
        [
            [str(row["name"]), *(numbers.number(row[c]) for c in kept)]
            for row in rows.head(LARGEST).to_dict("records")
        ],
        widths=[3, *[1.6] * len(kept)],
    )


def lacking_table(reading: Facts) -> Block:
    """Where each service lacks most; a service whose need is only the mean is left out."""
    rows = []
    for s in reading.services:
        service, total = service_of(s), reading.total(s)
        rows_of = reading.rows(s)
        if _shared(total) or rows_of["gap"].isna().all():
            continue
        short = rows_of[is_short(rows_of["gap"], service.decimals)].sort_values(["gap", "code"])
        worst = [
            f"{r['name']} ({numbers.number(-r['gap'], service.decimals)})"
            for r in short.head(WORST).to_dict("records")
        ]
        rows.append(
            [
                f"{offer_label(s)}, en {service.unit}",
                ", ".join(worst) or "aucune commune",
                numbers.number(len(short)),
                numbers.number(int(rows_of["gap"].isna().sum())),
            ]
        )
    return table(
        "Où il manque le plus",
        ["Service", "Communes où il manque le plus", "Communes en manque", "Inconnues ou masquées"],
        rows,
        words=2,
        widths=[3.4, 5.4, 1.6, 1.7],
    )


def worst_communes(reading: Facts, service_id: str) -> list[str]:
    """What to read beside the map: where it lacks most, by the definition in force."""
    service, total = service_of(service_id), reading.total(service_id)
    rows = reading.rows(service_id)
    if _shared(total) or rows["gap"].isna().all():
        return []
    short = rows[is_short(rows["gap"], service.decimals)].sort_values(["gap", "code"])
    named = [
        f"{r['name']} : {balance.balance(r['gap'], service.unit, service.decimals)}"
        for r in short.head(FIVE).to_dict("records")
    ]
    count = numbers.plural(len(short), "commune")
    return [f"{count} sur {len(rows)} en manque, selon la définition de la carte", *named]


def needs_chart(reading: Facts, service_id: str) -> Block | None:
    """The need by definition beside what there is; None when fewer than two can be told."""
    service, total = service_of(service_id), reading.total(service_id)
    told = [row for row in reading.definitions(service_id) if not _shared(row)]
    if len(told) < 2:
        return None
    known = numbers.is_known(total["supply"])
    names = [table_cells.listed_definition(row) for row in told]
    values = [float(row["need"]) for row in told]
    if known:
        names, values = ["Offre", *names], [float(total["supply"]), *values]
    said = "; ".join(
        f"{name} {numbers.number(value, service.decimals)}"
        for name, value in zip(names, values, strict=True)
    )
    return chart(
        names,
        values,
        unit=capital(service.unit),
        decimals=service.decimals,
        strong=[0] if known else [],
        alt=f"Barres, en {service.unit}. {said}.".replace(";", " ;"),
    )


def needs_sentence(reading: Facts, service_id: str) -> str:
    """The range of the need, and what there is."""
    service, total = service_of(service_id), reading.total(service_id)
    found = [float(r["need"]) for r in reading.definitions(service_id) if not _shared(r)]
    known = numbers.is_known(total["supply"]) or is_masked(total, "supply")
    supply = f"offre : {table_cells.amount(total, 'supply', service)}"
    supply = supply if known else vocabulary.SUPPLY_UNKNOWN
    if not found:
        return f"Le besoin est {vocabulary.UNKNOWN} ; {supply}"
    least, most = (numbers.number(f(found), service.decimals) for f in (min, max))
    needs = f"de {least} à {most}" if least != most else least
    return f"Besoin : {needs} {service.unit} selon la définition ; {supply}"


def _shared(row: Mapping[Any, Any]) -> bool:
    """Whether a definition only spreads what there is."""
    return nomenclature().definitions[str(row["definition"])].shares_out
