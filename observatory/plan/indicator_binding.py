"""The figure that an indicator is bound to, whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from observatory.plan.plan_readers import JOINED


@dataclass(frozen=True)
class Binding:
    """What a bound indicator follows; ids of the nomenclature, and communes (none: all of them)."""

    service: str
    measure: str
    day_type: str = ""
    definition: str = ""
    codes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The same in one line: two indicators with the same one follow the same figure."""
        parts = (self.service, self.measure, self.day_type, self.definition, " ".join(self.codes))
        return "|".join(parts)


def binding_of(row: Mapping[str, str]) -> Binding | None:
    """The figure of a row of the sheet « Indicateurs »; None when it is typed in."""
    if not row["service"]:
        return None
    codes = tuple(sorted(c for c in row["communes"].split(JOINED) if c))
    return Binding(row["service"], row["mesure"], row["type_jour"], row["definition"], codes)
