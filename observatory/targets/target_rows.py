"""The contract of the targets: one sheet, one row per service, type of day and date."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.workbook import readers
from observatory.workbook.cells import clean, read_word
from observatory.workbook.contract import Contract, Sheet, SheetRow, column, sheet_of
from observatory.workbook.problems import refused, short
from observatory.workbook.readers import DATE, EMPTY, TEXT, Text


def service(cell: Cell, info: ValidationInfo) -> str:
    """A service of the nomenclature, by its id, its label or its short name."""
    value = clean(cell)
    services = nomenclature().services
    if not value:
        raise refused(EMPTY, f"Choisir un service : {', '.join(services)}.")
    words = {plain(w): i for i, s in services.items() for w in (s.label, s.short)}
    return words.get(plain(value[:200])) or read_word(
        value, {i: s.label for i, s in services.items()}, "un service de la nomenclature"
    )


def day_type(cell: Cell, info: ValidationInfo) -> str:
    """A type of day, for the services that have some and for them alone."""
    value, offered = clean(cell), _service(info)
    if offered is None:
        return ""
    days = {d: nomenclature().day_types[d] for d in offered.day_types}
    if not days:
        if value:
            raise refused(f"{offered.short} n'a pas de type de jour", "Laisser la cellule vide.")
        return ""
    if not value:
        raise refused(EMPTY, f"Choisir un type de jour : {', '.join(days)}.")
    return read_word(value, days, "un type de jour de ce service")


def amount(cell: Cell, info: ValidationInfo) -> float:
    """The target, in the unit of the service's rate."""
    found = readers.number(cell, info)
    if found is None:
        offered = _service(info)
        unit = f", en {offered.rate_label}" if offered else ""
        raise refused(EMPTY, f"Écrire l'objectif{unit}.")
    return found


def first_day(cell: Cell, info: ValidationInfo) -> date:
    """The day from which the target holds."""
    found = readers.day(cell, info)
    if found is None:
        raise refused(EMPTY, "Écrire la date de la décision, par exemple 2024-06-27.")
    return found


def decided_by(cell: Cell, info: ValidationInfo) -> str:
    """The body that decided, never a person."""
    found = readers.required(cell, info)
    if privacy.names_person(found):
        raise refused(
            f"{short(found)} est une personne",
            "Écrire l'instance qui a décidé, par exemple « Conseil communautaire ».",
            private=True,
        )
    return found


def _service(info: ValidationInfo) -> Service | None:
    """The service of the row; None when it was refused."""
    given = info.data.get("service")
    return nomenclature().services[given] if given else None


ServiceId = Annotated[str, PlainValidator(service)]
DayType = Annotated[str, PlainValidator(day_type)]
Amount = Annotated[float, PlainValidator(amount)]
FirstDay = Annotated[date, PlainValidator(first_day)]
Decider = Annotated[str, PlainValidator(decided_by)]


class Target(SheetRow):
    """One target voted by the territory."""

    service: ServiceId = column(
        "Service", "Ce que vise l'objectif.", "L'un des services de la liste", "eaje",
        choices="service",
    )  # fmt: skip
    jour: DayType = column(
        "Type de jour",
        "Pour les accueils de loisirs seulement ; vide pour les autres services.",
        "L'un des types de jour de la liste, ou vide",
        "",
        default="",
        choices="day_type",
        aliases=("type jour",),
    )
    valeur: Amount = column(
        "Objectif",
        "Dans l'unité du taux du service : places pour 100 enfants, heures pour 100 enfants, ETP "
        "pour 100 assistants maternels, structures pour 10 000 habitants.",
        "Un nombre",
        "60",
        aliases=("cible", "taux vise"),
    )
    depuis: FirstDay = column(
        "Depuis le",
        "Premier jour de l'objectif ; un objectif revu se dit sur une nouvelle ligne.",
        DATE,
        "2024-06-27",
        aliases=("date", "date de la decision"),
    )
    decide_par: Decider = column(
        "Décidé par",
        "L'instance qui a décidé, jamais le nom d'une personne.",
        "Texte",
        "Conseil communautaire",
        aliases=("instance",),
    )
    source: Text = column(
        "Source", "Délibération, convention.", TEXT, "Délibération 2024-12", default=""
    )


@cache
def target_contract() -> Contract:
    """The contract of a file of targets."""
    names = nomenclature()
    return Contract(
        title="Objectifs du territoire",
        of_it="des objectifs",
        sheets=(sheet_of("objectifs", "Objectifs", Target, ("service", "jour", "depuis")),),
        introduction=(
            "Une ligne par objectif décidé : un service, un type de jour s'il en a, une valeur, "
            "une date, l'instance qui l'a décidé.",
            "Charger un fichier remplace tous les objectifs en place.",
        ),
        lists={
            "service": {i: s.label for i, s in names.services.items()},
            "day_type": names.day_types,
        },
        widths={"service": 30, "decide_par": 32, "source": 28},
        template_hint="Repartir du modèle : observatory targets template --out objectifs.xlsx.",
    )


def target_sheet() -> Sheet:
    """The one sheet of the contract."""
    return target_contract().sheets[0]
