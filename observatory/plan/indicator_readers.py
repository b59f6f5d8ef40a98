"""What the columns of an indicator accept: bound to a figure of the observatory, or typed in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from observatory.french.spreadsheet import Cell
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.plan.plan_communes import several_communes
from observatory.plan.plan_readers import (
    several_services,
    signed,
    word_of,
)
from observatory.plan.plan_words import bound_measures, plan_lists
from observatory.workbook import readers
from observatory.workbook.cells import clean, labels, number_text, read_word
from observatory.workbook.problems import refused, short
from observatory.workbook.readers import EMPTY, CellReading

PERCENT = "%"
BOUND_ONLY = "ne sert qu'à un indicateur lié à un chiffre"
MEND_BOUND = "Choisir le service à suivre, ou vider cette cellule."


def one_service(cell: Cell, info: ValidationInfo) -> str:
    """The one service that a bound indicator follows; nothing when it is typed in."""
    found = several_services(cell, info)
    if "," in found:
        raise refused("un indicateur suit un seul service", "Faire un indicateur par service.")
    return found


def day_type(cell: Cell, info: ValidationInfo) -> str:
    """A type of day, for a bound service that has some and for it alone."""
    value, service = clean(cell), _service(info, clean(cell))
    if service is None:
        return ""
    days = {d: nomenclature().day_types[d] for d in service.day_types}
    if value and not days:
        raise refused(f"{service.short} n'a pas de type de jour", "Laisser la cellule vide.")
    if days and not value:
        raise refused(EMPTY, f"Choisir un type de jour : {', '.join(days.values())}.")
    return read_word(value, days, "un type de jour de ce service") if value else ""


def measure(cell: Cell, info: ValidationInfo) -> str:
    """The figure of a bound service."""
    value, service = clean(cell), _service(info, clean(cell))
    if service is None:
        return ""
    offered = {i: m.label for i, m in bound_measures().items() if m.serves(service)}
    if not value:
        raise refused(EMPTY, f"Choisir le chiffre à suivre : {labels(offered, offered)}.")
    return read_word(value, offered, "un chiffre que ce service a")


def definition(cell: Cell, info: ValidationInfo) -> str:
    """The need definition that a gap or a need is measured against, for them alone."""
    value, service = clean(cell), _service(info, clean(cell))
    figure = bound_measures().get(info.data.get("mesure", ""))
    if service is None or figure is None:
        return ""
    if not figure.asked:
        if value:
            what = f"{figure.label} ne dépend d'aucune définition du besoin"
            raise refused(what, "Laisser la cellule vide.")
        return ""
    offered = plan_lists()["definition"]
    offered = {d: offered[d] for d in service.definitions if d in offered}
    if not value:
        raise refused(EMPTY, f"Choisir une définition du besoin : {labels(offered, offered)}.")
    return read_word(value, offered, "une définition du besoin de ce service")


def own_communes(cell: Cell, info: ValidationInfo) -> str:
    """The communes of a bound indicator, all of the territory."""
    found = several_communes(cell, info)
    known = getattr(info.context, "communes", {})
    if _service(info, found) is None or not found:
        return ""
    if known and (outside := [c for c in found.split(", ") if c not in known]):
        what = f"{short(outside[0])} n'est pas une commune du territoire"
        raise refused(what, "L'indicateur ne se calcule que sur des communes du territoire.")
    return found


def unit(cell: Cell, info: ValidationInfo) -> str:
    """The unit of what is typed in; a bound figure has its own."""
    value, data = clean(cell), info.data
    if "service" not in data:
        return value
    if data["service"] and value:
        raise refused(
            "un indicateur est lié à un chiffre, ou bien saisi : pas les deux",
            "Vider l'unité (le chiffre a la sienne), ou vider le service.",
        )
    if not data["service"] and not value:
        raise refused(
            "l'indicateur n'a ni service à suivre ni unité",
            "Choisir un service et un chiffre, ou écrire l'unité de ce qui sera relevé.",
        )
    return value


def baseline(cell: Cell, info: ValidationInfo) -> float | None:
    """The value at the start; a bound figure is computed for the day that is given."""
    found, data = _value(cell, info), info.data
    if found is not None or not {"service", "depart_le"} <= data.keys():
        return found
    if data["service"] and data["depart_le"] is None:
        raise refused(
            "ni la valeur de départ ni son jour ne sont donnés",
            "Écrire le jour du départ : la valeur de ce jour sera calculée.",
        )
    if not data["service"] and isinstance(info.context, CellReading):
        what = "sans valeur de départ, aucun progrès ne pourra être dit"
        info.context.remark(info, "", what, "L'écrire quand elle est connue.")
    return None


def target_day(cell: Cell, info: ValidationInfo) -> date | None:
    """The day of the target, after that of the start."""
    found, first = readers.day(cell, info), info.data.get("depart_le")
    if found and first and found <= first:
        what = f"le jour de la cible ({found}) ne vient pas après le départ ({first})"
        raise refused(what, "Corriger l'une des deux dates.")
    return found


def goal(cell: Cell, info: ValidationInfo) -> float | None:
    """The value to reach, or nothing."""
    return _value(cell, info)


def _value(cell: Cell, info: ValidationInfo) -> float | None:
    """A value of an indicator, in its unit."""
    found, data = signed(cell, info), info.data
    if found is None:
        return None
    figure = bound_measures().get(data.get("mesure", ""))
    if figure is not None and not figure.signed and found < 0:
        raise refused(f"{number_text(found)} est négatif", f"{figure.label} ne peut pas l'être.")
    if why := percent_fault(data.get("unite", ""), found):
        raise refused(*why)
    return found


def percent_fault(unite: str, value: float) -> tuple[str, str] | None:
    """What is wrong with a percentage, and its mend; None when nothing is."""
    if unite.strip() != PERCENT or 0 <= value <= 100:
        return None
    hint = "Un pourcentage va de 0 à 100 ; pour un taux qui peut le dépasser, écrire « pour 100 »."
    return f"{number_text(value)} % n'est pas un pourcentage", hint


def _service(info: ValidationInfo, value: str) -> Service | None:
    """The service of the row; None when it has none, or when it was refused.

    Raises
    ------
    PydanticCustomError
        When the row has none, and the cell is filled all the same.
    """
    given = info.data.get("service")
    if given == "" and value:
        raise refused(f"cette colonne {BOUND_ONLY}", MEND_BOUND)
    return nomenclature().services[given] if given else None


IndicatorKind = Annotated[str, PlainValidator(word_of("indicator_kind", "un genre d'indicateur"))]
OneService = Annotated[str, PlainValidator(one_service)]
BoundDay = Annotated[str, PlainValidator(day_type)]
Figure = Annotated[str, PlainValidator(measure)]
Need = Annotated[str, PlainValidator(definition)]
OwnCommunes = Annotated[str, PlainValidator(own_communes)]
Unit = Annotated[str, PlainValidator(unit)]
Baseline = Annotated[float | None, PlainValidator(baseline)]
TargetDay = Annotated[date | None, PlainValidator(target_day)]
Goal = Annotated[float | None, PlainValidator(goal)]
