"""Comparable territories in words: why each is one, what the distance is, what moves the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from observatory.answers.comparables import Comparables, ComparableTerritory
from observatory.french import numbers
from observatory.french.vocabulary import NOTHING
from observatory.knowledge.comparable_rules import comparable_rules

TITLE = "Territoires comparables"
SEVERAL = (
    "Ce territoire tient plusieurs EPCI : la page « Territoires comparables » demande lequel "
    "comparer."
)
"""Said in a document, which asks nobody."""
NAMED = 3
"""Territories named in the sentence."""
NEEDED = (
    "Les fichiers de cette version ne tiennent pas assez d'EPCI pour les comparer : il faut ceux "
    "de toute la France, que lit une actualisation par le réseau ou d'un miroir national "
    "(observatory refresh --territory france, ou le même territoire)."
)
"""Said where nothing can be compared, as with the embedded files."""
DISTANCE = (
    "Distance : moyenne quadratique des différences, chaque variable comptée en écarts types de "
    "tous les EPCI où elle est connue ; 0, identiques ; 1, un écart type en moyenne. Population et "
    "densité par leur logarithme. Rien de l'offre n'y entre."
)


def why(other: ComparableTerritory) -> str:
    """What makes an EPCI alike, and what sets it most apart: « proche par …, moins par … »."""
    rules = comparable_rules()
    order = sorted(other.apart, key=lambda v: abs(other.apart[v]))
    alike = [rules.variable[v].label for v in order if abs(other.apart[v]) <= rules.near]
    far = [v for v in order if abs(other.apart[v]) > rules.near]
    told = f"proche par {_listed(alike)}" if alike else "aucune variable n'est proche à elle seule"
    if far:
        widest = far[-1]
        side = "plus haut" if other.apart[widest] > 0 else "plus bas"
        told += f" ; {rules.variable[widest].label} : {side}"
    return f"{told}."


def value(of: Comparables | ComparableTerritory, variable: str) -> str:
    """A variable in its own unit, an estimate marked as one; a dash where it is unknown."""
    amount = of.values[variable]
    if amount is None:
        return NOTHING
    told = numbers.number(amount, comparable_rules().variable[variable].decimals)
    return f"≈\u00a0{told}" if variable in of.estimated else told


def count_of(other: ComparableTerritory) -> str:
    """« 4 sur 6 »: the variables that the distance is taken on."""
    return f"{len(other.apart)} sur {len(comparable_rules().variable)}"


def standing(found: Comparables, territory: Mapping[str, Any]) -> str:
    """Of a territory that is no EPCI, whose comparison it is; empty for an EPCI.

    Parameters
    ----------
    territory : mapping
        As the version's own record says it.
    """
    if territory["siren"] == found.siren:
        return ""
    return f"{territory['name']} n'est pas un EPCI : la comparaison est celle de {found.name}."


def known_on(found: Comparables) -> str:
    """How many variables count, and why the others do not."""
    variables = comparable_rules().variable
    told = (
        f"{numbers.plural(found.ranked, 'EPCI comparé', 'EPCI comparés')} sur "
        f"{len(found.used)} des {len(variables)} variables"
    )
    left = [f"{variables[v].label} ({why_not})" for v, why_not in found.left_out.items()]
    return f"{told}{f'. Ne comptent pas : {_listed(left)}' if left else ''}."


def moves(found: Comparables) -> list[tuple[str, str]]:
    """What becomes of the order when each variable is dropped: the variable, then the sentence."""
    variables = comparable_rules().variable
    told = []
    for dropped in found.used:
        ranks = [(o.name, o.without.get(dropped)) for o in found.nearest]
        moved = [
            f"{name} : {'sans rang' if rank is None else f'rang {numbers.number(rank)}'}"
            for here, (name, rank) in enumerate(ranks, start=1)
            if rank != here
        ]
        entering = found.entering.get(dropped, ())
        sentence = ", ".join(moved) if moved else "le même ordre"
        if entering:
            sentence += f" ; entrent {_listed(list(entering))}"
        told.append((variables[dropped].label, sentence))
    return told


def sources_of(found: Comparables) -> str:
    """The sources of the variables that count, with their vintages."""
    variables = comparable_rules().variable
    told = dict.fromkeys(
        f"{variables[v].source}{f', {found.vintages[v]}' if found.vintages[v] else ''}"
        for v in found.used
    )
    return " ; ".join(told)


def in_one_sentence(found: Comparables, most: int = NAMED) -> str:
    """« CU d'Arras ressemble le plus à … »."""
    names = [with_dep(o) for o in found.nearest[:most]]
    return f"{found.name} ressemble le plus à {_listed(names)}."


def with_dep(other: ComparableTerritory) -> str:
    """« CA Grand Belfort (90) »."""
    return f"{other.name} ({other.dep})" if other.dep else other.name


def rows_of(found: Comparables) -> list[list[str]]:
    """One row per EPCI, the territory's first: name, distance, variables known, each value."""
    variables = comparable_rules().variable
    own = [found.name, NOTHING, NOTHING, *(value(found, v) for v in variables)]
    return [own] + [
        [
            with_dep(o),
            numbers.number(o.distance, 2),
            count_of(o),
            *(value(o, v) for v in variables),
        ]
        for o in found.nearest
    ]


def headings() -> list[str]:
    """The headings of ``rows_of``."""
    return [
        "Territoire",
        "Distance",
        "Variables",
        *(v.short for v in comparable_rules().variable.values()),
    ]


def _listed(words: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
