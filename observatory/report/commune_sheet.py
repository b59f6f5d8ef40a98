"""The sheet of a commune: key figures, need range, supply by status, gaps, duties, reliability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from observatory.answers.duties import applies_words, duties_of_territory, law
from observatory.answers.gaps import public_of_row
from observatory.answers.in_a_sentence import in_a_sentence, standing_of
from observatory.answers.silent_services import silent_words
from observatory.french import balance, dates, numbers, vocabulary
from observatory.french.spelling import capital, inside
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.report import table_cells
from observatory.report.comparable_blocks import comparable_lines
from observatory.report.document import Block, key_figures, note, paragraph, table
from observatory.report.facts import Facts, Row, day_of, service_of
from observatory.report.needs import definitions_table

STATUSES_NOTE = (
    "Un mode d'accueil connu par totaux communaux n'a pas de statut. Le taux s'entend dans l'unité "
    "du service, le besoin selon la définition retenue pour lui : voir « Méthode et sources »."
)


def commune_pages(reading: Facts, code: str, duties: pd.DataFrame) -> list[Block]:
    """One commune, as a document of its own.

    Parameters
    ----------
    duties : DataFrame
        Given by `observatory.answers.duties.duties_of_territory`.
    """
    facts = reading.facts_of(code)
    main = reading.services[0]
    blocks = [
        paragraph(first_sentence(reading, main, code)),
        note(f"Commune {code} · {table_cells.text(facts['epci_name'])}"),
        commune_figures(reading, facts, code),
        _need_range(reading, main, code),
        in_deficit(reading, main, code),
        services_table(reading, code, reading.sheet(code)),
        note(STATUSES_NOTE),
        *([note(silent_words(reading.silent))] if reading.silent else []),
    ]
    blocks += _duties(duties[duties["code"] == code])
    blocks += comparable_lines(reading)
    blocks.append(note(f"Fiabilité. {reliability(reading.sheet(code))} {table_cells.marks()}"))
    return blocks


def duties_table(reading: Facts) -> pd.DataFrame:
    """What the law asks of each commune of the report on its day."""
    return duties_of_territory(reading.con, reading.request.as_of, set(reading.names))


def commune_figures(reading: Facts, facts: Row, code: str) -> Block:
    """Population, public, births, income, and what lacks."""
    main = service_of(reading.services[0])
    row = reading.sheet(code)[0]
    return key_figures(
        [
            (
                f"Population{table_cells.year(facts['population_vintage'])}",
                numbers.number(facts["population"]),
                "habitants",
            ),
            (
                public_of_row(row).label,
                table_cells.public(row),
                "estimation" if row["estimated"] else "",
            ),
            (
                f"Naissances{table_cells.year(facts['births_year'])}",
                numbers.number(facts["births"]),
                "",
            ),
            (
                f"Revenu médian{table_cells.year(facts['income_vintage'])}",
                numbers.number(facts["median_income_eur"]),
                "euros par an" if numbers.is_known(facts["median_income_eur"]) else "",
            ),
            table_cells.lack(row, main),
            *table_cells.unmet(row),
        ]
    )


def _need_range(reading: Facts, service_id: str, code: str) -> Block:
    service = service_of(service_id)
    caption = f"{service.label} : le besoin selon ses définitions, en {service.unit}"
    return definitions_table(caption, service, reading.definitions(service_id, code))


def first_sentence(reading: Facts, service_id: str, code: str) -> str:
    """The answer in a sentence, and what opened and closed since the start of the convention."""
    service, name = service_of(service_id), str(reading.facts_of(code)["name"])
    rows = reading.definitions(service_id, code) or [
        row for row in reading.sheet(code) if row["service"] == service_id
    ]
    day = day_of(rows[0])
    day_words = f", {nomenclature().day_types[day]}" if day else ""
    subject = f"{name}, {inside(service.short)}{day_words}"
    return in_a_sentence(subject, service, standing_of(rows), reading.moves(service_id, day, code))


def in_deficit(reading: Facts, service_id: str, code: str) -> Block:
    """How many definitions call the commune short, and the rate that the Caf publishes."""
    told = reading.definitions(service_id, code)
    first = told[0] if told else None
    if first is None or not first["definition_count"]:
        if first and first["masked"]:
            return paragraph(
                f"Le déficit ne peut pas être dit : l'effectif ou l'offre est {vocabulary.MASKED}."
            )
        return paragraph(
            "Le déficit ne peut pas être dit : le service n'a ni référence ni objectif, ou bien "
            f"l'effectif ou l'offre est {vocabulary.UNKNOWN}."
        )
    published = ""
    if not pd.isna(first["published_rate"]):
        year = table_cells.year(first["published_year"])
        published = f" Taux publié par la Caf{year} : {numbers.rate(first['published_rate'])}."
    return paragraph(
        "En déficit selon "
        f"{numbers.quantity(first['deficit_count'], 'définition', 'définitions')} sur "
        f"{numbers.number(first['definition_count'])}.{published}"
    )


def services_table(reading: Facts, code: str, rows: Iterable[Row], *, empty: bool = True) -> Block:
    """Some services and types of day: need, supply and its part by status, gap.

    Parameters
    ----------
    empty : bool
        Whether a status that has no supply in the commune has its column all the same.
    """
    names = nomenclature()
    by_status = reading.by_status(code)
    statuses = vocabulary.EVERY_STATUS
    used = [
        s
        for s in statuses
        if (empty and s in vocabulary.STATUSES) or any(status == s for _, _, status in by_status)
    ]
    lines = []
    for row in rows:
        service_id, day = str(row["service"]), day_of(row)
        service = service_of(service_id)
        parts = service.parts or (service_id,)
        lines.append(
            [
                service.short + (f", {names.day_types[day]}" if day else ""),
                service.unit,
                table_cells.public(row),
                table_cells.amount(row, "need", service),
                table_cells.amount(row, "supply", service),
                *(_of_status(by_status, row, parts, s, service) for s in used),
                table_cells.amount(row, "gap", service, signed=True),
                table_cells.rate(row),
            ]
        )
    return table(
        f"Besoin, offre et manque par service au {dates.long_date(reading.request.as_of)}, "
        "dans l'unité de chacun",
        [
            "Service",
            "Unité",
            "Public",
            "Besoin",
            "Offre",
            *(f"dont {inside(statuses[s])}" for s in used),
            balance.LACK,
            "Taux",
        ],
        lines,
        words=2,
        widths=[2.2, 1.2, 0.8, 0.8, 0.8, *[0.9] * len(used), 1.3, 1.7],
    )


def _of_status(
    by_status: Mapping[tuple[str, str | None, str], float],
    row: Row,
    parts: Iterable[str],
    status: str,
    service: Service,
) -> str:
    """The supply of one status, a dash where there is none."""
    day = day_of(row)
    found = [by_status[key] for part in parts if (key := (part, day, status)) in by_status]
    if not found:
        return vocabulary.NOTHING
    if status == "total" and row["masked"] and not numbers.is_known(sum(found)):
        return vocabulary.MASKED
    return numbers.number(sum(found), service.decimals)


def _duties(duties: pd.DataFrame) -> list[Block]:
    if duties.empty:
        return []
    holders = law().holders
    return [
        table(
            "La commune, autorité organisatrice de l'accueil du jeune enfant",
            ["Compétence", "Obligatoire", "Exercée par"],
            [
                [
                    str(row["label"]),
                    applies_words(row),
                    holders[row["exercised_by"]].label
                    if row["exercised_by"]
                    else vocabulary.UNKNOWN,
                ]
                for row in duties.to_dict("records")
            ],
            words=3,
            widths=[3, 1, 1.4],
        ),
        note(f"{law().article}."),
    ]


def reliability(rows: Iterable[Row]) -> str:
    """What weakens some figures, each reason once with the services that it concerns."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        short = service_of(str(row["service"])).short
        services = reasons.setdefault(str(row["reliability"]), [])
        if short not in services:
            services.append(short)
    return " ".join(f"{capital(why)} : {', '.join(which)}." for why, which in reasons.items())
