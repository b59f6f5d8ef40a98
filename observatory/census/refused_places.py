"""Places of the rows that describe assistants maternels: refused as rows, proposed as a total."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from observatory.census.commune_codes import Communes
from observatory.census.headings import Table
from observatory.census.problems import Problem, plural
from observatory.census.raw import Line
from observatory.census.results import Rows
from observatory.census.sheets import sheet
from observatory.census.values import clean, number_text, read_number
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature

TOTALS = "totaux_communaux"


@dataclass
class RefusedPlaces:
    """Places and rows set aside for privacy, by commune as it is written today."""

    places: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    rows: Counter[str] = field(default_factory=Counter)

    def add(
        self, table: Table, line: Line, problems: Sequence[Problem], communes: Communes
    ) -> None:
        """Count a row that was refused because it describes assistants maternels."""
        if table.sheet.name != "offre" or not any(p.mend == privacy.MEND for p in problems):
            return
        given = self._cell(table, line, "code_insee")
        code = communes.carried.get(given, given)
        amount = read_number(self._cell(table, line, "capacite"))
        if not code or not amount or amount < 0 or code not in (communes.names or {code}):
            return
        self.places[code] += amount
        self.rows[code] += 1

    def notes(self, after: Mapping[str, Rows], communes: Communes) -> list[str]:
        """What to do with them, one sentence a commune; the census tells its total in place."""
        of_label = "d'" + nomenclature().services[privacy.SERVICE].label.lower()
        said = []
        for code, places in sorted(self.places.items()):
            total = _total(after.get(TOTALS, []), code)
            known = (
                f"le recensement y compte {number_text(total)} places"
                if total is not None
                else "le recensement n'y a pas encore de total"
            )
            said.append(
                f"{communes.name(code)} : {number_text(places)} places {of_label} en "
                f"{plural(self.rows[code], 'ligne refusée', 'lignes refusées')} ; {known} : "
                "y sont-elles déjà ? Sinon les ajouter à son total, feuille « Totaux communaux »"
            )
        return said

    @staticmethod
    def _cell(table: Table, line: Line, name: str) -> str:
        place = table.places.get(name, len(line.cells))
        return clean(line.cells[place]) if place < len(line.cells) else ""


def _total(rows: Rows, code: str) -> float | None:
    """The latest total of places of a commune; None when there is none."""
    at = {name: n for n, name in enumerate(sheet(TOTALS).stored)}
    dated = [
        (row[at["depuis"]], row[at["places"]])
        for row in rows
        if row[at["code_insee"]] == code
        and row[at["service"]] == privacy.SERVICE
        and row[at["places"]]
    ]
    return float(max(dated)[1]) if dated else None
