"""The question put to the observatory: a service, on a type of day, against a need, at a date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature

MOST = 1_000_000
"""Largest target that can be typed, in the unit of a service's rate."""
CUSTOM = "custom"
VOTED = "voted"
"""The need definition whose target is typed."""
FEMININE = frozenset({"mesure", "représentation"})
"""Nouns of a choice that the words of a refusal agree with."""


@dataclass(frozen=True)
class Question:
    """One question, whole: whoever asks holds one and passes it on.

    Attributes
    ----------
    service, day_type, definition : str or None
        Ids of the nomenclature; all of them when None.
    custom : float or None
        Target of the definition ``custom``, in the unit of the service's rate.
    as_of : date
        Day of the supply.
    """

    service: str | None = None
    day_type: str | None = None
    definition: str | None = None
    custom: float | None = None
    as_of: date = field(kw_only=True)

    def check(self, services: Collection[str] | None = None) -> None:
        """Refuse what the nomenclature does not know; no version is asked.

        Parameters
        ----------
        services : collection of str, optional
            The services that it is put for, when they are several; every one that it may be about
            when absent. A target is typed for one service: ``custom`` is none of theirs.

        Raises
        ------
        RequestError
            When a name is unknown, or the target is not a positive number.
        """
        names = nomenclature()
        if self.service is not None:
            one = names.service(self.service)
            check_choice("besoin", self.definition, one.definitions)
            check_choice("jour", self.day_type, one.day_types)
        elif services is not None:
            of_them = {d for s in services for d in names.service(s).definitions} - {CUSTOM}
            check_choice("besoin", self.definition, sorted(of_them), "ces services")
        else:
            check_choice("besoin", self.definition, names.definitions)
            check_choice("jour", self.day_type, names.day_types)
        if self.custom is not None and not 0 <= self.custom <= MOST:
            raise RequestError(
                f"l'objectif {self.custom:g} n'est pas un nombre positif",
                mend="Écrire par exemple 60.",
            )

    def check_target(self) -> None:
        """Refuse a target without the service it is for, and its choice without the target.

        Raises
        ------
        RequestError
            When one comes without the other.
        """
        if self.definition == CUSTOM and self.custom is None:
            raise RequestError(
                "l'objectif choisi n'est pas donné",
                mend="L'indiquer, par exemple avec --custom 60.",
            )
        if self.custom is not None and self.service is None:
            raise RequestError(
                "un objectif s'entend pour un service", mend="Nommer le service, par --service."
            )

    def settled(self) -> Question:
        """The question of one service, on one type of day, against one need: the first ones.

        Raises
        ------
        RequestError
            As ``check``, and when the target and its choice do not go together.
        """
        if self.service is None:
            raise RequestError("aucun service choisi", mend="En choisir un.")
        one = nomenclature().service(self.service)
        definition = self.definition or (one.definitions[0] if self.custom is None else CUSTOM)
        day_type = self.day_type or (one.day_types[0] if one.day_types else None)
        settled = replace(self, definition=definition, day_type=day_type)
        settled.check()
        if (definition == CUSTOM) != (self.custom is not None):
            raise RequestError(
                "l'objectif choisi et sa valeur vont ensemble",
                mend="Écrire par exemple --definition custom --custom 60.",
            )
        return settled

    def for_every_need(self) -> Question:
        """The same question against every need definition."""
        return replace(self, definition=None)


def check_choice(
    what: str, value: str | None, allowed: Collection[str], of: str = "ce service"
) -> None:
    """Refuse a name that is not among those allowed; None is no choice.

    Raises
    ------
    RequestError
        When it is not; those allowed are listed.
    """
    if value is not None and value not in allowed:
        raise RequestError(
            f"{what} « {value} » {'inconnue' if what in FEMININE else 'inconnu'} pour {of}",
            mend=f"Choix possibles : {', '.join(allowed) or 'aucun'}.",
        )
