"""Request for a report, checked before any work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature


@dataclass(frozen=True)
class ReportRequest:
    """What a report is asked for.

    Attributes
    ----------
    as_of : date
        Day of the supply.
    communes : tuple of str, optional
        INSEE codes; every commune of the territory when None.
    services : tuple of str, optional
        Ids of the nomenclature; every service when None.
    definition : str, optional
        Need definition; each service takes its first one where it has not this one.
    """

    as_of: date
    communes: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    definition: str | None = None


def communes_of(asked: tuple[str, ...] | None, known: dict[str, str]) -> dict[str, str]:
    """The communes asked for, in the order of those known; every one when None."""
    if asked is None:
        return known
    if not asked:
        raise RequestError("aucune commune choisie", mend="En choisir au moins une.")
    unknown = [code for code in asked if code not in known]
    if unknown:
        raise RequestError(
            f"commune absente du territoire : {', '.join(unknown)}",
            mend="Donner des codes Insee du territoire ; « observatory export gaps » les liste.",
        )
    return {code: name for code, name in known.items() if code in set(asked)}


def services_of(asked: Collection[str] | None) -> tuple[str, ...]:
    """The services asked for, in the order of the nomenclature; every one when None."""
    every = nomenclature().services
    if asked is None:
        return tuple(every)
    if not asked:
        raise RequestError("aucun service choisi", mend="En choisir au moins un.")
    for id_ in asked:
        nomenclature().service(id_)
    return tuple(id_ for id_ in every if id_ in set(asked))


def check_definition(definition: str, services: Collection[str]) -> None:
    """Refuse a definition that none of the services has."""
    every = nomenclature().services
    known = {d for s in services for d in every[s].definitions} - {"custom"}
    if definition not in known:
        raise RequestError(
            f"besoin « {definition} » inconnu pour ces services",
            mend=f"Choix possibles : {', '.join(sorted(known))}.",
        )
