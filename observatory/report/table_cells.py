"""Cells of a report's tables: figures in French, words for figures that cannot be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.answers.masked_cells import is_masked
from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import capital, inside
from observatory.knowledge.nomenclature import Service, nomenclature

ABOUT = "≈\u202f"


def marks() -> str:
    """What the words and marks of the cells mean."""
    return (
        f"{ABOUT.strip()} : effectif estimé d'après des bandes de cinq ans. "
        f"{capital(vocabulary.UNKNOWN)} n'est jamais zéro. "
        f"{capital(vocabulary.TOO_SMALL)} : "
        f"moins de {nomenclature().least_public} enfants, pas de taux. "
        f"{capital(vocabulary.RELIABILITY['masked'])}."
    )


def public(row: Mapping[str, Any]) -> str:
    """How many children, marked when estimated."""
    value = vocabulary.MASKED if is_masked(row, "public") else numbers.number(row["public"])
    return f"{ABOUT}{value}" if row["estimated"] and numbers.is_known(row["public"]) else value


def amount(row: Mapping[str, Any], column: str, service: Service, *, signed: bool = False) -> str:
    """A need, a supply or a gap in the service's unit."""
    value = row[column]
    if is_masked(row, column):
        return vocabulary.MASKED
    write = balance.cell if signed else numbers.number
    return write(value, service.decimals)


def lack(row: Mapping[str, Any], service: Service) -> tuple[str, str, str]:
    """The gap of a service as a key figure, the service named: « Il manque : EAJE »."""
    label, figure, unit = balance.figure(row["gap"], service.unit, service.decimals)
    said = vocabulary.MASKED if is_masked(row, "gap") else figure
    return f"{label} : {inside(service.short)}", said, unit


def unmet(row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The requests that found no place, and who tells them; nothing where nobody does."""
    if pd.isna(row["unmet"]):
        return []
    asked = numbers.plural(int(row["unmet_asked"]), "établissement")
    told = f"dites par {numbers.number(row['unmet_told'])} sur {asked}"
    return [("Demandes non satisfaites", numbers.number(row["unmet"]), told)]


def has_no_supply(row: Mapping[str, Any]) -> bool:
    """Whether a place is known to have none of a service, and no need says that it lacks any."""
    return (
        not is_masked(row, "supply")
        and numbers.is_known(row["supply"])
        and row["supply"] == 0
        and nomenclature().definitions[str(row["definition"])].shares_out
    )


def rate(row: Mapping[str, Any] | pd.Series[Any], column: str = "rate") -> str:
    """A rate with one decimal, or why there is none."""
    if row["suppressed"]:
        return vocabulary.TOO_SMALL
    if is_masked(row, column):
        return vocabulary.MASKED
    return numbers.rate(row[column])


def deficits(row: Mapping[str, Any]) -> str:
    """How many need definitions call the commune short: « 6 sur 8 »."""
    if not row["definition_count"]:
        return numbers.UNKNOWN
    return f"{numbers.number(row['deficit_count'])} sur {numbers.number(row['definition_count'])}"


def definition_words(row: Mapping[str, Any]) -> str:
    """A need definition with the year of its reference."""
    label = nomenclature().definitions[str(row["definition"])].label
    year = row["target_year"]
    return label if pd.isna(year) else f"{label} ({int(year)})"


def listed_definition(row: Mapping[str, Any]) -> str:
    """The same in a list of definitions: one that does not count says so."""
    return definition_words(row) + nomenclature().definitions[str(row["definition"])].counting


def year(value: Any) -> str:
    """A vintage in brackets, nothing when there is none."""
    return "" if pd.isna(value) else f" ({str(value).removesuffix('.0')})"


def text(value: Any) -> str:
    """A word of the census, or a dash."""
    return value if isinstance(value, str) and value else vocabulary.NOTHING
