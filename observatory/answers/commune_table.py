"""Table of communes for a screen: its columns, its rows and their order.

The figures stay figures until they are written, so that rows are sorted by what they are and not by
how they read, and a file holds what the screen shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory.answers.masked_cells import masked_cells
from observatory.french import balance, numbers
from observatory.french.spelling import in_full, plain
from observatory.french.vocabulary import MASKED, NOTHING
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.shortfall import PLACES, is_short


@dataclass(frozen=True)
class DisplayColumn:
    """One column of a table.

    Attributes
    ----------
    key : str
        Its name in the address bar.
    source : str
        Column of the data.
    label, unit : str
        Its heading; the unit stands below.
    decimals : int
        Decimals shown; of no use for words.
    signed : bool
        Whether it is a gap: written in words on a screen, with its sign in a file.
    words : bool
        Whether it holds text.
    falling : bool
        Whether the largest comes first when the column is chosen to sort by.
    """

    key: str
    source: str
    label: str
    unit: str = ""
    decimals: int = 0
    signed: bool = False
    words: bool = False
    falling: bool = True

    def write(self, value: Any) -> str:
        """The cell, as a French reader reads it."""
        if pd.isna(value):
            return NOTHING
        return (
            str(value)
            if self.words
            else balance.cell(value, self.decimals)
            if self.signed
            else numbers.number(value, self.decimals)
        )


GROUPS = {
    "essentiel": "Besoin, offre, manque",
    "demandes": "Demandes non satisfaites",
    "acces": "Offre accessible",
    "references": "Objectif et taux publié",
    "fiabilite": "Fiabilité",
    "commune": "Code, EPCI, population",
}
"""Groups of columns, in the order of the table, in the words of the menu."""
NAME = DisplayColumn("nom", "name", "Commune", words=True, falling=False)


def groups_of(service: Service) -> list[str]:
    """The groups that mean something for a service."""
    return [g for g in GROUPS if g != "acces" or service.catchment]


def columns_of(service: Service, groups: Sequence[str]) -> list[DisplayColumn]:
    """The columns of the table of one service, the name first.

    Parameters
    ----------
    groups : sequence of str
        Keys of ``GROUPS``, in any order.
    """
    unit, fine = service.unit, service.decimals
    per = f"pour {numbers.number(service.rate_per)}"
    public = nomenclature().publics[service.public].label
    within = f"{catchment_rules().reach.default:g} min"
    by_group = {
        "essentiel": [
            DisplayColumn("public", "public", public),
            DisplayColumn("besoin", "need", "Besoin", unit, fine),
            DisplayColumn("offre", "supply", "Offre", unit, fine),
            DisplayColumn("ecart", "gap", balance.LACK, unit, fine, signed=True, falling=False),
            DisplayColumn("taux", "rate", "Taux", per, 1),
        ],
        "demandes": [
            DisplayColumn("demandes", "unmet", "Demandes non satisfaites", "demandes"),
            DisplayColumn("renseignes", "unmet_told", "Établissements qui le disent", "nombre"),
        ],
        "acces": [
            DisplayColumn("taux_acces", "access_rate", f"Taux accessible à {within}", per, 1),
            DisplayColumn(
                "ecart_acces", "access_gap", f"{balance.LACK} à {within}", unit, fine,
                signed=True, falling=False,
            ),
            DisplayColumn(
                "temps", "nearest_minutes", "Au plus proche", "minutes", 0, falling=False,
            ),
            DisplayColumn(
                "temps_insee", "published_minutes", "Au plus proche, selon l'Insee", "minutes", 0,
                falling=False,
            ),
        ],
        "references": [
            DisplayColumn("objectif", "target", "Objectif", per, 1),
            DisplayColumn("taux_caf", "published_rate", "Taux publié par la Caf", per, 1),
        ],
        "fiabilite": [
            DisplayColumn("deficits", "deficit_count", "Définitions en déficit", "nombre"),
            DisplayColumn("fiabilite", "reliability", "Fiabilité", words=True, falling=False),
        ],
        "commune": [
            DisplayColumn("code", "code", "Code Insee", words=True, falling=False),
            DisplayColumn("epci", "epci_name", "EPCI", words=True, falling=False),
            DisplayColumn("population", "population", "Population", "habitants"),
        ],
    }  # fmt: skip
    return [NAME, *(c for g in groups_of(service) if g in groups for c in by_group[g])]


@dataclass(frozen=True)
class Filters:
    """Which communes to keep.

    Attributes
    ----------
    name : str
        Part of the name, accents or not, or the beginning of the code.
    short : bool
        Only those where something is missing.
    rated : bool
        Only those whose public is large enough to bear a rate.
    epci : str
        Code of an EPCI; empty for all.
    """

    name: str = ""
    short: bool = False
    rated: bool = False
    epci: str = ""

    def keep(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that pass, in their order.

        Parameters
        ----------
        rows : DataFrame
            code, name, epci; service and gap for ``short``; public and suppressed for ``rated``.
        """
        kept = pd.Series(True, index=rows.index)
        if wanted := in_full(self.name):
            named = rows["name"].map(plain)
            kept &= named.str.contains(wanted, regex=False) | rows[
                "code"
            ].str.lower().str.startswith(wanted)
        if self.short:
            kept &= is_short(rows["gap"], nomenclature().decimals_of(rows["service"]))
        if self.rated:
            kept &= rows["public"].notna() & ~rows["suppressed"].astype(bool)
        if self.epci:
            kept &= rows["epci"] == self.epci
        return rows[kept]


def ordered(rows: pd.DataFrame, column: DisplayColumn, *, descending: bool) -> pd.DataFrame:
    """The rows by a column, unknown ones last either way; equal ones by name, then code."""
    values = rows[column.source]
    key = (
        values.map(plain, na_action="ignore")
        if column.words
        else values.astype(float).round(PLACES)
    )
    found = rows.assign(_key=key, _name=rows["name"].map(plain)).sort_values(
        ["_key", "_name", "code"], ascending=[not descending, True, True], na_position="last"
    )
    return found.drop(columns=["_key", "_name"])


def cells(rows: pd.DataFrame, columns: Sequence[DisplayColumn]) -> list[tuple[str, ...]]:
    """Every cell as it is written on the screen, one tuple per row."""
    written = [
        [
            MASKED if hidden else c.write(value)
            for value, hidden in zip(
                rows[c.source].tolist(), masked_cells(rows, c.source).tolist(), strict=True
            )
        ]
        for c in columns
    ]
    return list(zip(*written, strict=True))
