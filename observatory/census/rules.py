"""What the columns of a census accept beside what any column does: services, communes, amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from pydantic import ValidationInfo

from observatory.census.amounts import read_amount, service_names, services
from observatory.census.commune_codes import Communes, Found, city_of
from observatory.census.commune_names import city_of_words, read_postcode, spelled
from observatory.census.doubtful_codes import doubt_of
from observatory.french.numbers import plural
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell
from observatory.french.vocabulary import SPOKEN_STATUSES, STATUSES
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.secrecy import secrecy_rules
from observatory.workbook.cells import (
    MAX_ID,
    clean,
    labels,
    number_text,
    read_number,
    read_text,
    read_word,
)
from observatory.workbook.problems import Remark, refused, short
from observatory.workbook.readers import EMPTY, CellReading, day

ZERO = "la capacité est 0 : l'établissement compte comme ouvert, sans rien offrir"
MOST_PERSONS = 20_000
"""More assistants maternels than any commune has: the whole of France has about 250,000."""
MOST_PUPILS = 300_000
"""More pupils than any commune has: Paris has about 110,000 in its first-degree schools."""


@dataclass
class CensusReading(CellReading):
    """What the rules of the census know beside the row.

    Attributes
    ----------
    kept : frozenset of str
        Codes of the communes that the census in place names.
    judged : dict
        Communes read so far, and what was remarked of each: a list names the same ones row after
        row.
    """

    communes: Communes = field(default_factory=Communes)
    kept: frozenset[str] = frozenset()
    judged: dict[tuple[str | None, ...], tuple[Found, tuple[Remark, ...]]] = field(
        default_factory=dict
    )


def service(cell: Cell, info: ValidationInfo) -> str:
    """A service that establishments offer."""
    value = clean(cell)
    if value in services("establishment"):
        return value
    word = plain(value[:200])
    known = service_names("establishment")
    if word in known:
        return known[word]
    if not value:
        raise refused(EMPTY, f"Choisir un service : {_labels('establishment')}.")
    if service_names("commune").get(word) == privacy.SERVICE or privacy.describes_childminder(
        [value], service=privacy.RELAY_SERVICE
    ):
        raise refused(privacy.WHAT, privacy.MEND, private=True)
    if word in service_names("commune"):
        hint = "Mettre ce total dans la feuille « Totaux communaux »."
        raise refused(f"{short(value)} se compte par commune, pas par établissement", hint)
    if word in service_names("composite"):
        parts = nomenclature().services[service_names("composite")[word]].parts
        hint = f"Préciser : {_labels('establishment', parts)}."
        raise refused(f"{short(value)} réunit plusieurs services", hint)
    if word in (spoken := _spoken()):
        what = f"{short(value)} n'est pas un service de la nomenclature"
        raise refused(what, f"Vouliez-vous dire : {_labels('establishment', [spoken[word]])} ?")
    return read_word(value, services("establishment"), "un service de la nomenclature")


@cache
def _spoken() -> dict[str, str]:
    """Id of each service by the words that people use for it."""
    return {plain(w): i for i, s in nomenclature().services.items() for w in s.spoken}


def _labels(grain: str, among: Sequence[str] = ()) -> str:
    """Services of a grain as a message lists them; all of them, or those among some."""
    found = services(grain)
    return labels(found, [i for i in among or found if i in found])


def total_service(cell: Cell, info: ValidationInfo) -> str:
    """A service that is counted by commune."""
    value = clean(cell)
    if value in services("commune"):
        return value
    word = plain(value[:200])
    known = service_names("commune")
    if word in known:
        return known[word]
    if word in service_names("establishment"):
        hint = "Décrire chaque établissement dans la feuille « Établissements »."
        raise refused(f"{short(value)} se recense par établissement, pas par commune", hint)
    if not value:
        raise refused(EMPTY, f"Choisir un service : {_labels('commune')}.")
    return read_word(value, services("commune"), "un service compté par commune")


def status(cell: Cell, info: ValidationInfo) -> str:
    """Who runs it: a status of the nomenclature."""
    value = clean(cell)
    if value in STATUSES:
        return value
    if not value:
        raise refused(EMPTY, f"Choisir un statut : {labels(STATUSES, STATUSES)}.")
    if found := SPOKEN_STATUSES.get(plain(value[:200])):
        return found
    return read_word(value, STATUSES, "un statut")


def commune(cell: Cell, info: ValidationInfo) -> str:
    """Today's code of a commune; an old one is carried, with a remark."""
    return _commune(cell, info, "La ligne est rattachée à").current


def given_commune(cell: Cell, info: ValidationInfo) -> str:
    """A code as it was given: totals of merged communes are added up later, not here."""
    return _commune(cell, info, "La ligne comptera pour").code


def _commune(cell: Cell, info: ValidationInfo, hint: str) -> Found:
    """The commune of a cell; a remark tells what becomes of a row under an old code."""
    value, reading, given = clean(cell), _reading(info), info.data
    name, postcode = str(given.get("commune") or ""), str(given.get("code_postal") or "")
    key = (value, name, postcode, hint, info.field_name)
    if key not in reading.judged:
        before = len(reading.remarks)
        found = _judge(reading, info, value, name, postcode, hint)
        reading.judged[key] = found, tuple(reading.remarks[before:])
        return found
    found, remarks = reading.judged[key]
    reading.remarks += remarks
    return found


def _judge(
    reading: CensusReading, info: ValidationInfo, value: str, name: str, postcode: str, hint: str
) -> Found:
    if value:
        found = reading.communes.find(value, name, postcode)
        _doubt(reading, info, found, name, postcode)
        _compare_name(reading, info, found, name)
    elif name or postcode:
        found = reading.communes.resolve(name, postcode)
        _compare_name(reading, info, found, name)
    else:
        found = _no_code()
    _say_padded(reading, info, value, found.padded, found.code)
    if city := city_of(found.code):
        what = f"{found.code} est un arrondissement de {city[1]} ({city[0]})"
        reading.remark(info, value, what, f"{hint} la commune entière.")
    elif found.current != found.code:
        reading.remark(
            info,
            value,
            f"{short(found.code)} n'est plus le code d'une commune",
            f"{hint} {reading.communes.name(found.current)}.",
        )
    return found


def day_type(cell: Cell, info: ValidationInfo) -> str:
    """A type of day, for the services that are open by type of day and for them alone."""
    value, offered = clean(cell), _service(info)
    names = nomenclature().day_types
    if offered is None:
        return read_word(value, names, "un type de jour") if value else ""
    if not offered.day_types:
        if value:
            what = f"{short(value)} : ce service n'a pas de type de jour"
            raise refused(what, "Laisser la cellule vide.")
        return ""
    allowed = {i: names[i] for i in offered.day_types}
    if not value:
        hint = f"Écrire une ligne par type de jour : {labels(allowed, allowed)}."
        raise refused("il manque le type de jour", hint)
    return value if value in allowed else read_word(value, allowed, "un type de jour")


def capacity(cell: Cell, info: ValidationInfo) -> float:
    """A capacity in the service's unit."""
    value, offered = clean(cell), _service(info)
    unit = offered.unit if offered else "places"
    if not value:
        hint = f"Écrire la capacité, en {unit}. Inconnue, elle ne peut pas entrer dans les totaux."
        raise refused(EMPTY, hint)
    number = _amount(value, offered, info)
    if number == 0:
        hint = "Fermé, écrire sa date de fermeture ; sa capacité inconnue, supprimer la ligne."
        _reading(info).remark(info, value, ZERO, hint)
    if offered and offered.usual_max is not None and number > offered.usual_max:
        _reading(info).remark(
            info,
            value,
            f"{number_text(number)} {unit}, c'est plus que les {number_text(offered.usual_max)} "
            f"habituels pour ce service ({offered.short})",
            "Vérifier ce chiffre.",
        )
    return number


def headcount(cell: Cell, info: ValidationInfo) -> float | None:
    """Active assistants maternels of a commune; empty for the other services."""
    value = clean(cell)
    if not value:
        return None
    number = _people(
        value,
        "un effectif",
        "Écrire un entier, par exemple 33, ou laisser la cellule vide.",
        MOST_PERSONS,
        "Écrire l'effectif de la commune, pas celui du département.",
    )
    if info.data.get("service", privacy.SERVICE) != privacy.SERVICE:
        hint = "Laisser la cellule vide : l'effectif ne vaut que pour les assistants maternels."
        raise refused(f"{short(value)} : ce service n'a pas d'effectif", hint)
    return number


def places(cell: Cell, info: ValidationInfo) -> float | None:
    """Places of a commune; unknown only beside a known headcount."""
    value = clean(cell)
    if not value and info.data.get("effectif") is not None:
        return None
    if not value:
        raise refused(EMPTY, "Écrire le nombre de places ; inconnu, supprimer la ligne.")
    number = _amount(value, _service(info), info)
    persons = info.data.get("effectif")
    if persons is not None:
        _agree(persons, number, value, info)
    return number


def _agree(persons: float, number: float, value: str, info: ValidationInfo) -> None:
    """Places that so many persons can offer: a mask relies on it, whichever column is right."""
    rules = secrecy_rules()
    said = f"{plural(int(persons), 'personne')} et {number_text(number)} places"
    if not persons and number:
        what = f"{short(value)} : personne n'accueille, et pourtant {number_text(number)} places"
        raise refused(what, "Corriger l'effectif, ou mettre 0 place.")
    if number > persons * rules.most_places:
        what = f"{short(value)} : {said}, plus de {rules.most_places} par personne"
        hint = (
            f"Corriger l'un des deux : un agrément va jusqu'à {rules.usual_places} enfants, "
            f"{rules.most_places} par dérogation."
        )
        raise refused(what, hint)
    if number > persons * rules.usual_places:
        what = f"{said}, plus de {rules.usual_places} par personne"
        _reading(info).remark(info, value, what, "Vérifier : c'est possible par dérogation.")
    if number < persons:
        what = f"{said}, moins d'une par personne"
        _reading(info).remark(info, value, what, "Vérifier ces deux chiffres.")


def pupils(cell: Cell, info: ValidationInfo) -> float:
    """Pupils of the schools of a commune."""
    value = clean(cell)
    if not value:
        raise refused(EMPTY, "Écrire le nombre d'élèves, 0 pour une commune sans école.")
    return _people(
        value,
        "un nombre d'élèves",
        "Écrire un entier, par exemple 412, ou 0 pour une commune sans école.",
        MOST_PUPILS,
        "Écrire les élèves de la commune, pas ceux du département.",
    )


def _people(value: str, what: str, hint: str, most: int, too_many: str) -> float:
    """A whole number of people of a commune, at most so many."""
    number = read_number(value)
    if number is None or number < 0 or not number.is_integer():
        raise refused(f"{short(value)} n'est pas {what}", hint)
    if number > most:
        raise refused(f"{short(value)} n'est pas {what} plausible", too_many)
    return number


def required_day(cell: Cell, info: ValidationInfo) -> date:
    """A date, required."""
    found = day(cell, info)
    if found is None:
        raise refused(EMPTY, "Écrire le jour depuis lequel ce total est vrai.")
    return found


def opening(cell: Cell, info: ValidationInfo) -> date | None:
    """The first day open; a capacity that holds before it is worth a remark."""
    found = day(cell, info)
    since = info.data.get("depuis")
    if found and since and since < found:
        what = f"la capacité vaut depuis le {since}, avant l'ouverture le {found}"
        _reading(info).remark(info, str(found), what, "Vérifier ces deux dates.")
    return found


def closing(cell: Cell, info: ValidationInfo) -> date | None:
    """The first day no longer open, after the opening."""
    found = day(cell, info)
    if found is None:
        return None
    opened, since = info.data.get("ouverture"), info.data.get("depuis")
    if opened and found < opened:
        hint = "Corriger l'une des deux dates."
        raise refused(f"la fermeture, le {found}, précède l'ouverture, le {opened}", hint)
    if since and since >= found:
        what = f"la capacité vaut depuis le {since}, alors que tout ferme le {found}"
        _reading(info).remark(info, str(found), what, "Vérifier ces deux dates.")
    return found


def _reading(info: ValidationInfo) -> CensusReading:
    context: Any = info.context
    return context if isinstance(context, CensusReading) else CensusReading()


def _service(info: ValidationInfo) -> Service | None:
    return nomenclature().services.get(info.data.get("service", ""))


def _no_code() -> Any:
    raise refused(EMPTY, "Écrire le code Insee de la commune, par exemple 62041.")


def commune_name(cell: Cell, info: ValidationInfo) -> str:
    """The name of a commune, read where its code is missing and compared where it is there."""
    return read_text(clean(cell), MAX_ID)


def postcode(cell: Cell, info: ValidationInfo) -> str:
    """A postcode, its leading zero put back; what is none decides nothing, and is left out."""
    return read_postcode(clean(cell))


def _doubt(
    reading: CensusReading, info: ValidationInfo, found: Found, name: str, postcode: str
) -> None:
    """Remark a code that may be a postcode."""
    if doubt := doubt_of(reading.communes, found, name, postcode, reading.kept):
        reading.remark(info, found.code, doubt.what, doubt.hint)


def _compare_name(reading: CensusReading, info: ValidationInfo, found: Found, name: str) -> None:
    """Remark a name that is not that of the code, and an arrondissement that was named."""
    if not name or not reading.communes.names:
        return
    known = reading.communes.names.get(found.current, "")
    same = found.current in reading.communes.by_name.named(name)
    if known and not same:
        what = f"le code {found.code} est celui de {known}, la ligne dit {short(name)}"
        reading.remark(info, found.code, what, "Le code est gardé : vérifier la commune.")
    elif known and city_of_words(spelled(name)):
        what = f"{short(name)} est un arrondissement de {known} ({found.current})"
        hint = "La ligne est rattachée à la commune entière."
        reading.remark(info, name, what, hint)


def _say_padded(
    reading: CensusReading, info: ValidationInfo, value: str, padded: bool, code: str
) -> None:
    if padded:
        what = f"{short(value)} a perdu son zéro de tête"
        hint = f"Lu comme {reading.communes.name(code)} : mettre la colonne au format « texte »."
        reading.remark(info, value, what, hint)


def _amount(value: str, offered: Service | None, info: ValidationInfo) -> float:
    number, word = read_amount(value, offered, str(info.field_name))
    if value.endswith("000") and re.fullmatch(r"[1-9]\d{0,2}[.,]000", value):
        what = f"{short(value)} est lu {number_text(number)}, pas {value[:-4]} mille"
        _reading(info).remark(info, value, what, "Écrire les milliers sans point ni virgule.")
    if word:
        what = f"{short(value)} : seul le nombre est gardé, {number_text(number)}"
        _reading(info).remark(info, value, what, f"Écrire {number_text(number)}.")
    return number
