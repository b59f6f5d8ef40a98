"""Request for a report, checked before any work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question


@dataclass(frozen=True)
class ReportRequest:
    """What a report is asked for.

    Attributes
    ----------
    question : Question
        About every service: its day, and its need definition, which a service takes where it has
        it, else its own first one.
    communes : tuple of str, optional
        INSEE codes; every commune of the territory when None.
    services : tuple of str, optional
        Ids of the nomenclature; every service when None.
    """

    question: Question
    communes: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None

    @property
    def as_of(self) -> date:
        """Day of the supply."""
        return self.question.as_of

    @property
    def definition(self) -> str | None:
        """Id of the need definition asked."""
        return self.question.definition


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
