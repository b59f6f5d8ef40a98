"""The question that a map answers: service, measure, need, date, commune."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from observatory.french.numbers import short_number
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.maps.classes import Method
from observatory.maps.measures import MEASURES, Measure

Representation = Literal["classes", "cercles", "croises"]


@dataclass(frozen=True)
class View:
    """One question put to the observatory.

    Attributes
    ----------
    service_id, day_type, definition : str
        Ids of the nomenclature; ``day_type`` is None for services without types of day.
    custom : float or None
        Target of the definition ``custom``, in the unit of the service's rate.
    as_of : date
        Day of the supply.
    commune : str or None
        INSEE code of the commune in focus.
    representation : str
        ``classes`` (of colour), ``cercles`` (proportional) or ``croises`` (need × supply).
    method : str
        How classes are made: ``fixed``, ``quantiles`` or ``natural``.
    """

    service_id: str
    day_type: str | None
    measure_id: str
    definition: str
    custom: float | None
    as_of: date
    commune: str | None
    representation: Representation = "classes"
    method: Method = "fixed"

    @property
    def service(self) -> Service:
        """The service's entry in the nomenclature."""
        return nomenclature().service(self.service_id)

    @property
    def measure(self) -> Measure:
        """The measure's entry."""
        return MEASURES[self.measure_id]

    @property
    def definition_label(self) -> str:
        """The need definition in words."""
        label = nomenclature().definitions[self.definition].label
        return f"{label} ({short_number(self.custom)})" if self.custom is not None else label
