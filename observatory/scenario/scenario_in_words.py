"""What a scenario would change in a sentence, made by rule: no cause, no judgement.

« Avec 12 places à Dainville en septembre 2027, l'écart local d'Arras ne change pas ; dans les 15
minutes, ses enfants gagnent 6,8 places et ceux de 4 autres communes 3,1. »
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from observatory.answers.gaps import commune_facts
from observatory.french import dates
from observatory.french.balance import balance, singular
from observatory.french.numbers import number, plural, quantity, rounded, short_number
from observatory.french.spelling import at, inside, of
from observatory.french.vocabulary import SUPPLY_MASKED, SUPPLY_UNKNOWN
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.scenario.scenario_change import KINDS, UNDER_THREE, Change
from observatory.scenario.what_if import WhatIf

DECIMALS = 1
"""Of places reached: shared among communes, they are seldom whole."""


@dataclass(frozen=True)
class Toponym:
    """A commune's name and its type of name in the COG (``TNCC``)."""

    name: str
    tncc: object = None


Toponyms = Mapping[str, Toponym]
"""By INSEE code."""


def toponyms_of(con: duckdb.DuckDBPyConnection) -> Toponyms:
    """The communes of a version by their names."""
    facts = commune_facts(con)
    rows = zip(facts["code"], facts["name"], facts["tncc"], strict=True)
    return {code: Toponym(name, tncc) for code, name, tncc in rows}


def said(found: WhatIf, names: Toponyms, focus: str | None = None) -> str:
    """The sentence of a scenario.

    Parameters
    ----------
    names : mapping
        The communes of the perimeter.
    focus : str, optional
        INSEE code of the commune of which it is told first; by default the one whose children gain
        or lose the most places, be it named by the scenario or a neighbour.
    """
    code = focus or focus_of(found)
    if code is None:
        return f"{lead(found, names)}, aucune commune ne gagne ni ne perd de places."
    row = next(r for r in found.communes.to_dict("records") if r["code"] == code)
    return f"{lead(found, names)}, {_local(found, row, names[code])} ; {_reached(found, row)}."


def focus_of(found: WhatIf) -> str | None:
    """The commune that moves the most; at most as much, one that the scenario names comes first."""
    own = [c.commune for c in found.scenario.changes if c.commune]
    rows = found.communes.set_index("code")
    for figure in ("reached_more", "supply_more", "gap_more"):
        moves = rows[figure].abs().fillna(0).round(DECIMALS)
        if len(moves) and (most := moves.max()):
            named = [code for code in own if code in moves.index and moves[code] == most]
            return named[0] if named else str(moves.idxmax())
    named = [code for code in own if code in rows.index]
    return named[0] if named else None


def lead(found: WhatIf, names: Toponyms) -> str:
    """« Avec 12 places à Dainville en septembre 2027 »."""
    changes = found.scenario.changes
    if len(changes) == 1:
        return f"Avec {change_words(changes[0], names, found.establishments)}"
    months = {f"{c.date:%Y-%m}" for c in changes}
    day = ("en " if len(months) == 1 else "d'ici ") + dates.long_month(max(months))
    return f"Avec les {len(changes)} changements de « {found.scenario.name} » {day}"


def change_words(
    change: Change, names: Toponyms, establishments: Mapping[str, str] | None = None
) -> str:
    """A change as a noun phrase: « 12 places à Dainville en septembre 2027 »."""
    where = names.get(change.commune, Toponym(change.commune))
    there = at(where.name, where.tncc)
    place = f"« {(establishments or {}).get(change.etablissement, change.etablissement)} »"
    many, places = change.nombre or 0.0, change.places or 0.0
    noun = nomenclature().publics[change.public or UNDER_THREE].noun
    words: dict[str, str] = {
        "fermer": f"la fermeture de {place}",
        "agrandir": f"{_places(abs(places))} de {'plus' if places >= 0 else 'moins'} à {place}",
        "deplacer": f"{place} {there}",
        "depart": f"le départ {_leaving(change, where)}",
        "enfants": f"{number(many)} {noun} {there}",
        "logements": f"{plural(int(many), 'logement nouveau', 'logements nouveaux')} {there}",
    }
    if change.changement == "ouvrir":
        service = nomenclature().service(change.service)
        words["ouvrir"] = f"{_quantity(places, service)} {there}"
    if change.changement == "objectif":
        service = nomenclature().service(change.service)
        words["objectif"] = f"un objectif de {short_number(many)} {service.rate_label}"
    return f"{words[change.changement]} en {dates.long_month(f'{change.date:%Y-%m}')}"


def kind_words(change: Change) -> str:
    """The kind of a change."""
    return KINDS[change.changement].label


def _leaving(change: Change, where: Toponym) -> str:
    who = "assistants maternels" + (f" {of(where.name, where.tncc)}" if change.commune else "")
    if change.part is not None:
        return f"de {short_number(change.part)}\u00a0% des {who}"
    return f"de {number(change.nombre)} {who}"


def _places(amount: float) -> str:
    return quantity(amount, "place", "places", _needed(amount))


def _quantity(amount: float, service: Service) -> str:
    return quantity(amount, singular(service.unit), service.unit, _needed(amount))


def _needed(amount: float) -> int:
    return 0 if float(amount).is_integer() else DECIMALS


def _local(found: WhatIf, row: Mapping[Any, Any], name: Toponym) -> str:
    """What the gap of the commune itself becomes."""
    service = nomenclature().service(str(found.question.service))
    whose = f"l'écart local {of(name.name, name.tncc)}"
    if pd.isna(row["gap_more"]):
        why = SUPPLY_MASKED if row["masked"] else SUPPLY_UNKNOWN
        return f"{whose} ne se dit pas ({why})"
    decimals = service.decimals
    if not rounded(row["gap_more"], decimals):
        return f"{whose} ne change pas"
    before, after = (
        balance(row[f"gap_{side}"], service.unit, decimals) for side in ("before", "after")
    )
    return f"{whose} passe de « {before} » à « {after} »"


def _reached(found: WhatIf, row: Mapping[Any, Any]) -> str:
    """What its children reach more, or less, and those of how many other communes."""
    service = nomenclature().service(str(found.question.service))
    within = f"dans les {short_number(found.minutes)} minutes"
    if not service.catchment:
        return "les familles ne choisissent pas ce service par la distance"
    if pd.isna(row["reached_more"]):
        return f"{within}, ce que ses enfants atteignent est inconnu"
    own = rounded(row["reached_more"], DECIMALS) or 0.0
    who = "ses enfants" if service.public == UNDER_THREE else "ses habitants concernés"
    words = (
        f"{within}, {who} {'gagnent' if own > 0 else 'perdent'} {_spoken(abs(own), service)}"
        if own
        else f"{within}, {who} n'y gagnent ni n'y perdent"
    )
    others = found.communes[found.communes["code"] != row["code"]]["reached_more"]
    parts = [
        (some, sign)
        for sign in ((1, -1) if own >= 0 else (-1, 1))
        if len(some := others[(sign * others).round(DECIMALS) > 0])
    ]
    for n, (some, sign) in enumerate(parts):
        count = plural(len(some), "autre commune", "autres communes")
        amount = _spoken(abs(some.sum()), service)
        same = n == 0 and own and (sign > 0) == (own > 0)
        words += (
            f" et ceux de {count} {amount}"
            if same
            else f" ; ceux de {count} en {'gagnent' if sign > 0 else 'perdent'} {amount}"
        )
    return words


def _spoken(amount: float, service: Service) -> str:
    exact = rounded(amount, DECIMALS) or 0.0
    return quantity(exact, singular(service.unit), service.unit, _needed(exact))


def need_words(found: WhatIf) -> str:
    """What the figures are: the service, the need, the day, the reach."""
    names, question = nomenclature(), found.question
    service = names.service(str(question.service))
    day = f", {names.day_types[question.day_type]}" if question.day_type else ""
    need = inside(names.definitions[str(question.definition)].label)
    return (
        f"{service.label}{day}, besoin : {need}, offre au {dates.long_date(question.as_of)}, dans "
        f"les {short_number(found.minutes)} minutes"
    )
