"""The coming years as a table: its columns, on a screen and in a file, and its notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd

from observatory.answers.commune_table import DisplayColumn
from observatory.answers.masked_cells import OWN, flag_of
from observatory.files.notes import sources
from observatory.files.side_by_side import table_xlsx
from observatory.french import numbers
from observatory.french.balance import cell
from observatory.french.dates import long_date
from observatory.french.spelling import capital
from observatory.french.vocabulary import MASKED, NOTHING_MEANS, SUPPLY_IS_DEMONSTRATION
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.outlook_rules import SIMULATED
from observatory.outlook.coming_children import SIDES, WHOLE
from observatory.outlook.territory_outlook import TerritoryOutlook

BOUNDS = {"low": "bas", "mid": "milieu", "high": "haut"}
TOLD = {"public": "Public", "need": "Besoin", "supply": "Offre", "gap": "Offre moins besoin"}


def outlook_columns(service: Service) -> list[DisplayColumn]:
    """One column per figure and bound, after the place and the year."""
    return [
        DisplayColumn("nom", "name", "Lieu", words=True),
        DisplayColumn("annee", "when", "Année", words=True),
        *(
            DisplayColumn(
                f"{figure}_{side}",
                f"{figure}_{side}",
                f"{label}, {BOUNDS[side]}",
                "personnes" if figure == "public" else service.unit,
                0 if figure == "public" else max(service.decimals, 1),
                signed=figure == "gap",
            )
            for figure, label in TOLD.items()
            for side in SIDES
        ),
        DisplayColumn("nouveau", "new", "Ouvre entre-temps", service.unit, service.decimals),
    ]


def outlook_rows(outlook: TerritoryOutlook) -> pd.DataFrame:
    """The rows of the table, each masked cell told from an unknown one beside it."""
    rows = outlook.table.copy()
    day = outlook.question.as_of
    # What was counted bears its year; what the tables say today, its day; the others, 1 January.
    counted = outlook.counted

    def when(year: int) -> str:
        if year == counted:
            return str(year)
        return day.isoformat() if counted is None and year == day.year else f"{year}-01-01"

    rows["when"] = [when(int(year)) for year in rows["year"]]
    rows["code"] = rows["code"].where(rows["code"] != WHOLE, None)
    service = nomenclature().services[str(outlook.question.service)]
    secret = service.public in nomenclature().services
    for figure in TOLD:
        for side in SIDES:
            column = f"{figure}_{side}"
            hidden = rows["masked"].astype(bool) & rows[column].isna()
            rows[flag_of(column)] = hidden & (figure in OWN or secret)
    return rows


def outlook_notes(outlook: TerritoryOutlook) -> list[str]:
    """What a reader must know of the table, a line each."""
    names, question = nomenclature(), outlook.question
    service = names.services[str(question.service)]
    day = f", {names.day_types[question.day_type]}" if question.day_type else ""
    need = names.definitions[str(question.definition)]
    return [
        f"{SIMULATED} : {service.label}{day}, à partir du {long_date(question.as_of)}.",
        f"Besoin : {need.label}. {need.source}.",
        *(f"{capital(note)}." for note in outlook.notes),
        *([f"{capital(outlook.silent)}."] if outlook.silent else []),
        NOTHING_MEANS,
        *([f"{SUPPLY_IS_DEMONSTRATION}."] if outlook.demonstration else []),
    ]


def outlook_xlsx(con: duckdb.DuckDBPyConnection, outlook: TerritoryOutlook) -> bytes:
    """The table as a workbook, with what it supposes and the files that the version was made of."""
    service = nomenclature().services[str(outlook.question.service)]
    files = [" ; ".join(str(v) for v in one if v) for one in sources(con).to_numpy()]
    notes = [*outlook_notes(outlook), *files]
    return table_xlsx(outlook_rows(outlook), outlook_columns(service), SIMULATED, notes)


def shown_figures(definition: str) -> dict[str, str]:
    """The figures shown against a definition, and their headings; no gap where nothing lacks."""
    if nomenclature().definitions[definition].shares_out:
        return {"public": "", "need": "À la moyenne d'aujourd'hui", "supply": "Offre"}
    return {"public": "", "need": "Besoin", "supply": "Offre", "gap": "Manque, ou de plus"}


def span_words(row: Mapping[Any, Any], figure: str, service: Service) -> str:
    """A figure of a year with its range: « 3 119 (2 752 à 3 493) »."""
    low, middle, high = (row[f"{figure}_{side}"] for side in ("low", "mid", "high"))
    if pd.isna(middle):
        secret = service.public in nomenclature().services
        hidden = row["masked"] and (figure in OWN or secret)
        return MASKED if hidden else numbers.UNKNOWN
    decimals = 0 if figure == "public" else service.decimals

    def write(value: float) -> str:
        return cell(value, decimals) if figure == "gap" else numbers.number(value, decimals)

    bounds = write(low), write(high)
    return write(middle) if bounds[0] == bounds[1] else f"{write(middle)} ({' à '.join(bounds)})"
