"""What the columns of a scenario accept: what a kind of change needs, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from pydantic import ValidationInfo

from observatory.census import coordinates
from observatory.census.rules import service as offered_service
from observatory.french.dates import long_date
from observatory.french.spreadsheet import Cell
from observatory.french.vocabulary import STATUSES
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.plan_communes import code_of, one_commune
from observatory.plan.plan_readers import signed
from observatory.scenario.money_of_scenario import amounts
from observatory.scenario.scenario_change import KINDS, UNDER_THREE
from observatory.targets.target_rows import service as any_service
from observatory.workbook import readers
from observatory.workbook.cells import clean, read_text, read_word
from observatory.workbook.problems import refused, short
from observatory.workbook.readers import EMPTY, CellReading

LATER = "Donner une date plus récente, par exemple 2027-09-01."

Reader = Callable[[Cell, ValidationInfo], Any]


@dataclass
class ScenarioReading(CellReading):
    """What the readers of a scenario know beside the row.

    Attributes
    ----------
    communes : mapping
        Name of each commune of the territory by INSEE code; empty without a version in service.
    establishments : mapping
        Service of each establishment of the version, by its id.
    since : date, optional
        The first day of which the version knows a supply.
    """

    communes: Mapping[str, str] = field(default_factory=dict)
    establishments: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None


def kind(cell: Cell, info: ValidationInfo) -> str:
    """A kind of change, by its word or its label."""
    value, choices = clean(cell), kind_labels()
    if not value:
        raise refused(EMPTY, f"Choisir : {', '.join(choices)}.")
    return read_word(value, choices, "un changement")


@cache
def kind_labels() -> Mapping[str, str]:
    """The kinds of change in words."""
    return {i: k.label for i, k in KINDS.items()}


@cache
def publics() -> Mapping[str, str]:
    """The publics of a given age, in words."""
    return {i: p.label for i, p in nomenclature().publics.items() if p.ages}


def for_kind(name: str, read: Reader, hint: str, nothing: Any = "") -> Reader:
    """Make the reader of a column that some kinds need, some may hold, and the others may not."""

    def column(cell: Cell, info: ValidationInfo) -> Any:
        value = clean(cell)
        asked = KINDS.get(info.data.get("changement", ""))
        if asked is None:  # refused already
            return nothing
        if name not in asked.uses:
            if value:
                raise refused(f"« {asked.label} » ne se sert pas de cette colonne", "La vider.")
            return nothing
        if not value:
            if name in asked.needs:
                raise refused(EMPTY, hint)
            return nothing
        return read(cell, info)

    return column


def needed_day(cell: Cell, info: ValidationInfo) -> date:
    """The day from which a change holds."""
    found = readers.day(cell, info)
    if found is None:
        raise refused(EMPTY, "Écrire une date, par exemple 2027-09-01.")
    since: date | None = getattr(info.context, "since", None)
    if since is not None and found < since:
        raise refused(before_supply(found, since), LATER)
    return found


def before_supply(day: date, since: date) -> str:
    """Why a change of a day is refused: nothing is known of the supply of that day."""
    return (
        f"le changement du {long_date(day)} précède l'offre connue, qui commence le "
        f"{long_date(since)}"
    )


def service(cell: Cell, info: ValidationInfo) -> str:
    """A service that establishments offer; any of them for a target."""
    if info.data.get("changement") == "objectif":
        return any_service(cell, info)
    return offered_service(cell, info)


def commune(cell: Cell, info: ValidationInfo) -> str:
    """A commune of the territory, by its INSEE code or its name."""
    known: Mapping[str, str] = getattr(info.context, "communes", {})
    value = clean(cell)
    code = code_of(value)
    if known and code and code not in known:
        raise refused(
            f"{short(value)} n'est pas une commune du territoire",
            "Un scénario change les communes du territoire : vérifier ce code.",
        )
    return code or one_commune(value, known, info)


def status(cell: Cell, info: ValidationInfo) -> str:
    """Who would run it."""
    return read_word(clean(cell), STATUSES, "un statut")


def day_type(cell: Cell, info: ValidationInfo) -> str:
    """A type of day of the service."""
    days: Mapping[str, str] = nomenclature().day_types
    if given := info.data.get("service"):
        days = {d: days[d] for d in nomenclature().service(given).day_types}
        if not days:
            raise refused("ce service n'a pas de type de jour", "La vider.")
    return read_word(clean(cell), days, "un type de jour de ce service")


def places(cell: Cell, info: ValidationInfo) -> float | None:
    """Places of an opening; added or taken away by an extension."""
    found = signed(cell, info)
    if info.data.get("changement") == "ouvrir" and found is not None and found <= 0:
        raise refused("une ouverture a au moins une place", "Écrire par exemple 12.")
    return found


def number(cell: Cell, info: ValidationInfo) -> float | None:
    """How many, never negative."""
    return readers.number(cell, info)


def share(cell: Cell, info: ValidationInfo) -> float | None:
    """Percent of the childminders who leave; that, or how many."""
    found = readers.number(cell, info)
    if found is not None and found > 100:
        raise refused(f"{short(clean(cell))} dépasse 100 %", "Écrire par exemple 30.")
    return found


def leaving(cell: Cell, info: ValidationInfo) -> float | None:
    """The share of a departure: asked where no number is given, and refused beside one."""
    read = for_kind("part", share, "", None)
    found: float | None = read(cell, info)
    of_departure = info.data.get("changement") == "depart" and "nombre" in info.data
    if of_departure and (found is None) == (info.data["nombre"] is None):
        raise refused(
            "un départ se donne en nombre ou en part, l'un des deux",
            "Remplir une seule de ces deux colonnes.",
        )
    return found


def public(cell: Cell, info: ValidationInfo) -> str:
    """The ages that are counted; those under three when nothing is said."""
    return read_word(clean(cell), publics(), "une classe d'âge")


def counted_public(cell: Cell, info: ValidationInfo) -> str:
    """The same, filled in where the kind counts children."""
    found: str = for_kind("public", public, "")(cell, info)
    asked = KINDS.get(info.data.get("changement", ""))
    return found or (UNDER_THREE if asked and "public" in asked.uses else "")


def cofinanced(cell: Cell, info: ValidationInfo) -> bool:
    """Whether a collectivité co-funds the places."""
    read = for_kind("cofinance", readers.yes, "", False)
    return bool(read("" if cell is False or clean(cell) == "non" else cell, info))


def amount(cell: Cell, info: ValidationInfo) -> str:
    """One of the amounts of money of a scenario."""
    value, choices = clean(cell), {i: a.label for i, a in amounts().items()}
    if not value:
        raise refused(EMPTY, f"Choisir : {', '.join(choices)}.")
    return read_word(value, choices, "un montant")


def place_or_name(cell: Cell, info: ValidationInfo) -> str:
    """The id of an establishment, or the name of one to open."""
    return read_text(clean(cell))


longitude = for_kind("longitude", coordinates.longitude, "", None)


def latitude(cell: Cell, info: ValidationInfo) -> float | None:
    """Degrees north, given with the longitude."""
    asked = KINDS.get(info.data.get("changement", ""))
    if asked is None or "latitude" not in asked.uses:
        found: float | None = for_kind("latitude", coordinates.latitude, "", None)(cell, info)
        return found
    return coordinates.latitude(cell, info)
