"""A commune in the atlas: what its sheet says, in half a page for most."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.answers.duties import applies_words, law
from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import inside
from observatory.report import table_cells
from observatory.report.commune_sheet import (
    commune_figures,
    first_sentence,
    in_deficit,
    reliability,
    services_table,
)
from observatory.report.document import Block, heading, note, paragraph, table
from observatory.report.facts import Facts, Row, day_of, first_day, service_of
from observatory.versions.frames import records


def commune_entry(reading: Facts, code: str) -> list[Block]:
    """One commune, under its name, kept on one page."""
    facts, main = reading.facts_of(code), reading.services[0]
    rows = reading.sheet(code)
    bare = _bare(rows)
    told = [row for row in rows if row["service"] not in bare and _is_first_day(row)]
    blocks = [
        note(f"Commune {code} · {table_cells.text(facts['epci_name'])}"),
        paragraph(
            f"{first_sentence(reading, main, code)} {in_deficit(reading, main, code)['text']}"
        ),
        commune_figures(reading, facts, code),
        *_needs(reading, main, code),
        services_table(reading, code, told, empty=False),
    ]
    shorts = ", ".join(inside(service_of(s).short) for s in bare)
    without = f"Sans offre, sans besoin de référence : {shorts}. " if bare else ""
    blocks.append(note(f"{without}Fiabilité. {reliability(told)}"))
    return [heading(2, str(facts["name"]), keeps=len(blocks)), *blocks]


def _bare(rows: list[Row]) -> list[str]:
    """The services that have no supply on any type of day, and no need of their own; never all."""
    found: dict[str, bool] = {}
    for row in rows:
        service = str(row["service"])
        found[service] = found.get(service, True) and table_cells.has_no_supply(row)
    none = [service for service, bare in found.items() if bare]
    return none if len(none) < len(found) else none[1:]


def _is_first_day(row: Row) -> bool:
    """Whether a row is of the type of day by which its service is first looked at."""
    return day_of(row) == first_day(str(row["service"]))


def _needs(reading: Facts, service_id: str, code: str) -> list[Block]:
    """The need and the gap by definition, one column each."""
    service, told = service_of(service_id), reading.definitions(service_id, code)
    if not told:
        return []
    lines: list[tuple[str, Any]] = [
        (f"Cible (pour {numbers.number(service.rate_per)})", lambda r: numbers.rate(r["target"])),
        ("Besoin", lambda r: table_cells.amount(r, "need", service)),
        (balance.LACK, lambda r: table_cells.amount(r, "gap", service, signed=True)),
    ]
    return [
        table(
            f"{service.label} : le besoin selon ses définitions, en {service.unit}",
            ["", *(table_cells.listed_definition(row) for row in told)],
            [[label, *(cell(row) for row in told)] for label, cell in lines],
            widths=[1.2, *[1.0] * len(told)],
        )
    ]


def duties_by_commune(reading: Facts, duties: pd.DataFrame) -> list[Block]:
    """Who exercises each competence of the law, the communes alike told once.

    Parameters
    ----------
    duties : DataFrame
        Given by `observatory.answers.duties.duties_of_territory`.
    """
    by_code: dict[str, list[Row]] = {}
    for row in records(duties):
        by_code.setdefault(row["code"], []).append(row)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for code, name in reading.names.items():
        for row in by_code.get(code, []):
            who = row["exercised_by"]
            held = law().holders[who].label if who else vocabulary.UNKNOWN
            alike.setdefault((str(row["label"]), applies_words(row), held), []).append(name)
    if not alike:
        return []
    merged: dict[tuple[str, str, str], list[str]] = {}
    for (label, compulsory, held), names in alike.items():
        where = _among(names, list(reading.names.values()))
        merged.setdefault((where, compulsory, held), []).append(label)
    return [
        table(
            "L'autorité organisatrice de l'accueil du jeune enfant, par commune",
            ["Communes", "Compétences", "Obligatoires", "Exercées par"],
            [[names, " ; ".join(labels), compulsory, held]
             for (names, compulsory, held), labels in merged.items()],
            words=4,
            widths=[3, 2.4, 0.8, 1],
        ),
        note(f"{law().article}."),
    ]  # fmt: skip


def _among(names: list[str], every: list[str]) -> str:
    """Some communes by their names, or by those that are left out where these are fewer."""
    left = [name for name in every if name not in names]
    if not left:
        return "toutes"
    return f"toutes sauf {', '.join(left)}" if len(left) < len(names) else ", ".join(names)
