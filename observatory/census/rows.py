"""From the cells of a row to the stored columns, or to the reasons to set it aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from observatory.census.coordinates import from_lambert
from observatory.census.headings import OVERFLOW, Table
from observatory.census.problems import Problem, Remark, short
from observatory.census.raw import Line, letter
from observatory.census.rules import EMPTY, CellReading
from observatory.census.values import (
    CONTROLS,
    clean,
    has_controls,
    number_text,
    service_names,
    services,
)
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, text_of
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature

DESCRIBED = ("identifiant", "nom", "gestionnaire", "adresse")
LONGEST_NOTE = 60  # characters of a cell outside the contract that may name an assistant maternel


class RowReader:
    """Reads the rows of one table against the contract of its sheet."""

    def __init__(self, table: Table, reading: CellReading) -> None:
        self.table, self.reading = table, reading
        self.validator = table.sheet.model.__pydantic_validator__
        self.absent = {c.name: "" for c in table.sheet.columns if c.name not in table.places}
        self.pairs = list(table.places.items())
        self.width = len(table.headings)
        self.overflow = [n for h, n in table.extra.items() if plain(h).startswith(plain(OVERFLOW))]
        self.total = "effectif" in table.sheet.stored
        self.personal = privacy.personal_headings(table.extra) if self.total else {}
        self.told = [
            n
            for h, n in table.extra.items()
            if privacy.describes_childminder([h], service=privacy.RELAY_SERVICE)
        ]
        self.described = [table.places[c] for c in DESCRIBED if c in table.places]
        self.key = table.places[table.sheet.columns[0].name]
        self.key_heading = table.headings[self.key].lower()

    def read(self, line: Line) -> tuple[list[str] | None, list[Problem]]:
        """Read a row; its remarks are left in the reading.

        Returns
        -------
        tuple
            The stored columns, or None; every reason to set the row aside.
        """
        self.reading.remarks.clear()
        cells = line.cells
        if line.broken:
            return None, [self.problem(line, "", "", *line.broken)]
        if reason := self._refusal(cells):
            return None, [self.problem(line, reason[0], "", *reason[1:])]
        count = len(cells)
        data: dict[str, Any] = dict(self.absent)
        for name, place in self.pairs:
            data[name] = cells[place] if place < count else ""
        try:
            model = self.validator.validate_python(data, context=self.reading)
        except ValidationError as error:
            return None, [self._said(line, e) for e in error.errors(include_url=False)]
        values = model.__dict__
        if values.get("x_lambert93") is not None and values["longitude"] is None:
            lon, lat = from_lambert(values["x_lambert93"], values["y_lambert93"])
            values = {**values, "longitude": lon, "latitude": lat}
        return [stored(values[name]) for name in self.table.sheet.stored], []

    def key_of(self, line: Line) -> str:
        """What stands in the first column of the contract, to recognise a row set aside."""
        return clean(line.cells[self.key]) if self.key < len(line.cells) else ""

    def problem(self, line: Line, column: str, value: str, what: str, mend: str) -> Problem:
        """A reason to set a row of this table aside."""
        return Problem(self.table.raw.where, line.number, column, value, what, mend)

    def _refusal(self, cells: list[Cell]) -> tuple[str, str, str] | None:
        """What sets a row aside before its columns are looked at: column, what, mend."""
        joined = "\n".join([c for c in cells if isinstance(c, str)])
        if CONTROLS.search(joined):
            self._say_controls(cells)
        if len(cells) > self.width or self.overflow:
            beyond = [*self.overflow, *range(self.width, len(cells))]
            if filled := [n for n in beyond if n < len(cells) and text_of(cells[n]).strip()]:
                what = (
                    f"la ligne a des valeurs au-delà de la dernière colonne ({letter(filled[0])})"
                )
                mend = "Mettre entre guillemets la cellule qui contient le séparateur, ou la vider."
                return "", what, mend
        first = cells[self.key] if self.key < len(cells) else None
        if isinstance(first, str) and first.lower().strip() == self.key_heading:
            return "", "les titres des colonnes sont répétés", "Supprimer cette ligne."
        if self.personal and (heading := privacy.personal_column(cells, self.personal)):
            return heading, f"{short(heading)} {privacy.WHAT_COLUMN}", privacy.MEND_COLUMN
        if self.told and any(n < len(cells) and text_of(cells[n]).strip() for n in self.told):
            return "", privacy.WHAT, privacy.MEND
        if privacy.suspect(joined) and (why := self._childminder(cells)):
            return "", why, privacy.MEND
        if self.total and (told := self._told_by_source(cells)):
            return (
                "source",
                f"la source d'un total ne doit pas contenir {told}",
                privacy.MEND_SOURCE,
            )
        return None

    def _service(self, cells: list[Cell], grain: str) -> str:
        """The service that a row is of, empty when it is none of them."""
        place = self.table.places.get("service", len(cells))
        word = clean(cells[place]) if place < len(cells) else ""
        return word if word in services(grain) else service_names(grain).get(plain(word[:200]), "")

    def _told_by_source(self, cells: list[Cell]) -> str:
        """What the source of a total that is masked tells of a person; empty when nothing."""
        place = self.table.places.get("source", len(cells))
        offered = nomenclature().services.get(self._service(cells, "commune"))
        if place >= len(cells) or offered is None or not offered.masked_below:
            return ""
        return privacy.tells_person(text_of(cells[place]))

    def _childminder(self, cells: list[Cell]) -> str:
        """Why a row describes an assistant maternel: plainly where it names, else as one person."""
        names = [cells[n] for n in self.described if n < len(cells)]
        service = self.table.places.get("service", -1)
        others = [
            cell
            for n, cell in enumerate(cells)
            if n not in self.described
            and n != service
            and isinstance(cell, str)
            and len(cell) <= LONGEST_NOTE
        ]
        about = self._service(cells, "establishment")
        found = "" if self.total else privacy.describes_childminder(names, service=about)
        if not found and not self.total:
            beyond = [cells[n] for n in self.table.extra.values() if n < len(cells)]
            found = privacy.kind_of_childminder(beyond, service=about)
        return found or privacy.describes_childminder(others, service=about, one_person=True)

    def _say_controls(self, cells: list[Cell]) -> None:
        for place, cell in enumerate(cells[: self.width]):
            if has_controls(cell):
                what = "des caractères invisibles ont été retirés"
                self.reading.remarks.append(
                    Remark(self.table.headings[place], clean(cell)[:200], what, "")
                )

    def _said(self, line: Line, error: Any) -> Problem:
        context = error.get("ctx") or {}
        column = str(error["loc"][0]) if error["loc"] else ""
        value = "" if context.get("private") else text_of(error.get("input"))[:200]
        what = str(context.get("what") or "la valeur est refusée")
        mend = str(context.get("mend") or "La corriger.")
        if what == EMPTY and (area := self._merged(line.number, column)):
            what = f"la cellule fait partie de cellules fusionnées ({area})"
            mend = "Les défusionner, et écrire la valeur sur chaque ligne."
        return self.problem(line, column, value, what, mend)

    def _merged(self, number: int, column: str) -> str:
        place = self.table.places.get(column, -1)
        for top, left, bottom, right in self.table.raw.merged:
            if top < number <= bottom + 1 and left <= place <= right:
                return f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        return ""


def stored(value: Any) -> str:
    """A value as the store writes it."""
    return value if type(value) is str else _WRITERS[type(value)](value)


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    type(None): lambda _: "",
    bool: lambda value: "oui" if value else "non",
    float: number_text,
    date: date.isoformat,
}
