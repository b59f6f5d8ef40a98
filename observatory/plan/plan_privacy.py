"""What no row of a plan may hold: a person, by name, telephone or electronic address."""

from __future__ import annotations

import re
from collections.abc import Mapping

from observatory.french.spreadsheet import Cell
from observatory.knowledge import privacy
from observatory.workbook.contract import HeadedTable, Refusal

STREET = "une adresse"
SAID = frozenset({"contribution", "suite_donnee", "evenement", "note", "decision"})
"""Columns in which people are quoted: an address there is somebody's, not an establishment's."""
MEND = "Ne garder que la fonction ou l'organisme."
MEND_SAID = "Rapporter ce qui a été dit, sans dire qui l'a dit."


METRES = re.compile(r"(?<=\d)\s*m(?=\s)")
"""Of a distance or a room; « M. » before a name never follows a figure."""


class PlanPrivacy:
    """Refuses the rows that tell of a person; the cell at fault is never repeated."""

    def __init__(self, table: HeadedTable) -> None:
        self.places: Mapping[str, int] = table.places

    def refusal(self, cells: list[Cell], joined: str) -> Refusal | None:
        """Why a row is refused as a whole."""
        if not privacy.tells_person(joined):
            return None
        for name, place in self.places.items():
            cell = cells[place] if place < len(cells) else None
            if not isinstance(cell, str):
                continue
            told = privacy.tells_person(METRES.sub("", cell))
            if told and (told != STREET or name in SAID):
                mend = MEND_SAID if name in SAID else MEND
                return name, f"le plan ne doit pas contenir {told}", mend
        return None
