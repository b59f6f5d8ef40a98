"""Sheets of the contract, in the form used by the template, the reader and the manual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from observatory.census.competences import competence_labels, holder_labels
from observatory.census.contract import CensusRow, CommuneTotal, Establishment, Served, Transfer
from observatory.census.coordinates import POSITIONS
from observatory.french.spelling import plain
from observatory.knowledge.nomenclature import nomenclature

HELP_SHEET = "Mode d'emploi"
LISTS_SHEET = "Listes"
TO_MEND = "a_corriger"  # the column that says why a row was set aside; not part of the contract


Kind = Literal["text", "number", "date"]


@dataclass(frozen=True)
class SheetColumn:
    """A column, as the template, the reader and the manual need it.

    Attributes
    ----------
    choices : str
        The name of the list of permitted values; empty when there is none.
    words : frozenset of str
        Headings by which it is known, plainly written.
    stored, written : bool
        Whether the store keeps it; whether the template holds it.
    """

    name: str
    title: str
    meaning: str
    allowed: str
    example: str
    required: bool
    choices: str
    words: frozenset[str]
    stored: bool
    written: bool
    kind: Kind


@dataclass(frozen=True)
class Sheet:
    """A sheet of the census: file stem, title in a workbook, model of its rows.

    Attributes
    ----------
    columns : tuple of Column
        In the order of the file.
    key : tuple of str
        Columns that make a row the same one, corrected.
    supply : bool
        Whether it tells of the supply: what the census vouches for.
    stored : tuple of str
        Names of the columns that the store keeps.
    """

    name: str
    title: str
    model: type[CensusRow]
    key: tuple[str, ...]
    supply: bool
    columns: tuple[SheetColumn, ...]
    stored: tuple[str, ...]

    def column_of(self, heading: str) -> str:
        """The name of the column that a heading means; empty when it means none."""
        word = plain(heading[:200])
        return next((c.name for c in self.columns if word in c.words), "")


@cache
def sheets() -> tuple[Sheet, ...]:
    """The sheets, in the order in which they are checked."""
    return (
        _sheet("offre", "Établissements", Establishment, ("identifiant", "jour", "depuis")),
        _sheet("communes_desservies", "Communes desservies", Served, ("identifiant", "code_insee")),
        _sheet(
            "totaux_communaux",
            "Totaux communaux",
            CommuneTotal,
            ("code_insee", "service", "depuis"),
        ),
        _sheet("competences", "Compétences", Transfer, ("code_insee", "competence"), supply=False),
    )


def sheet(name: str) -> Sheet:
    """The sheet of that name."""
    return next(s for s in sheets() if s.name == name)


def choices(kind: str) -> Mapping[str, str]:
    """The permitted ids of a list of the contract, with their French labels."""
    names = nomenclature()
    by_grain = {"service": "establishment", "total_service": "commune"}
    if kind in by_grain:
        return {i: s.label for i, s in names.services.items() if s.grain == by_grain[kind]}
    other: Mapping[str, Mapping[str, str]] = {
        "status": names.statuses,
        "day_type": names.day_types,
        "yes": {"oui": "oui", "non": "non"},
        "position": POSITIONS,
        "competence": competence_labels(),
        "holder": holder_labels(),
    }
    return other.get(kind, {})


def _sheet(
    name: str, title: str, model: type[CensusRow], key: tuple[str, ...], *, supply: bool = True
) -> Sheet:
    columns = []
    for heading, info in model.model_fields.items():
        extra: Any = info.json_schema_extra
        words = {plain(heading), plain(str(info.title)), *map(plain, extra["aliases"])}
        columns.append(
            SheetColumn(
                name=heading,
                title=str(info.title),
                meaning=str(info.description),
                allowed=extra["allowed"],
                example=str((info.examples or [""])[0]),
                required=info.is_required(),
                choices=extra["choices"],
                words=frozenset(words),
                stored=extra["stored"],
                written=extra["written"],
                kind=_kind(info.annotation),
            )
        )
    stored = tuple(c.name for c in columns if c.stored)
    return Sheet(name, title, model, key, supply, tuple(columns), stored)


def _kind(annotation: Any) -> Kind:
    """What a spreadsheet should know of a column, from the type of its field."""
    types = {annotation, *get_args(annotation)}
    return "number" if float in types else "date" if date in types else "text"
