"""What a map shows: a question, a measure of its answer, a commune, a way to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from observatory.french.numbers import short_number
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.question import Question
from observatory.maps.classes import Method
from observatory.maps.measures import MEASURES, Measure

Representation = Literal["classes", "cercles", "croises"]


@dataclass(frozen=True)
class View:
    """What a map shows.

    Attributes
    ----------
    question : Question
        Of one service and one need definition; one type of day where the service has some.
    measure_id : str
        A key of ``MEASURES``.
    commune : str or None
        INSEE code of the commune in focus.
    representation : str
        ``classes`` (of colour), ``cercles`` (proportional) or ``croises`` (need × supply).
    method : str
        How classes are made: ``fixed``, ``quantiles`` or ``natural``.
    """

    question: Question
    measure_id: str
    commune: str | None = None
    representation: Representation = "classes"
    method: Method = "fixed"

    @property
    def service_id(self) -> str:
        """Id of the service in the nomenclature."""
        return self.question.service or ""

    @property
    def day_type(self) -> str | None:
        """Id of the type of day; None for services without types of day."""
        return self.question.day_type

    @property
    def definition(self) -> str:
        """Id of the need definition."""
        return self.question.definition or ""

    @property
    def custom(self) -> float | None:
        """Target of the definition ``custom``, in the unit of the service's rate."""
        return self.question.custom

    @property
    def as_of(self) -> date:
        """Day of the supply."""
        return self.question.as_of

    @property
    def service(self) -> Service:
        """The service's entry in the nomenclature."""
        return nomenclature().service(self.service_id)

    @property
    def measure(self) -> Measure:
        """The measure's entry."""
        return MEASURES[self.measure_id]

    @property
    def shares_out(self) -> bool:
        """Whether the definition only spreads what there is: no need, and no gap to show."""
        return nomenclature().definitions[self.definition].shares_out

    @property
    def definition_label(self) -> str:
        """The need definition in words."""
        label = nomenclature().definitions[self.definition].label
        return f"{label} ({short_number(self.custom)})" if self.custom is not None else label
