"""One row of a census: from its cells to stored columns, or to the reasons of its rejection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from observatory.french.numbers import plural
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, text_of
from observatory.french.vocabulary import YES_NO
from observatory.workbook.cells import (
    CONTROLS,
    SPREADSHEET_ERROR,
    clean,
    has_controls,
    number_text,
)
from observatory.workbook.contract import Refusal
from observatory.workbook.headings import OVERFLOW, Table
from observatory.workbook.problems import Problem, Remark, short
from observatory.workbook.raw import Line, letter
from observatory.workbook.readers import EMPTY, CellReading


class RowReader:
    """Reads the rows of one table against the contract of its sheet."""

    def __init__(self, table: Table, reading: CellReading) -> None:
        self.table, self.reading = table, reading
        self.validator = table.sheet.model.__pydantic_validator__
        self.absent = {
            c.name: "" for c in table.sheet.columns if c.name not in table.places and not c.instead
        }
        self.pairs = list(table.places.items())
        self.left_empty = {name for name in table.sheet.model.model_fields if self._may_lack(name)}
        for name in self.left_empty:
            self.absent.pop(name, None)
        spoken = table.sheet.spoken.items()
        self.spoken = [(n, words) for n, words in spoken if words and n in table.places]
        self.taken: Counter[tuple[str, str, str]] = Counter()
        self.width = len(table.headings)
        self.overflow = [n for h, n in table.extra.items() if plain(h).startswith(plain(OVERFLOW))]
        self.guard = table.sheet.guard(table) if table.sheet.guard else None
        self.key = next(table.places[c.name] for c in table.sheet.columns if c.name in table.places)
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
            cell = cells[place] if place < count else ""
            if cell != "" or name not in self.left_empty:
                data[name] = cell
        for name, words in self.spoken:
            if name in data:
                data[name] = self._said_for(name, words, data[name])
        try:
            model = self.validator.validate_python(data, context=self.reading)
        except ValidationError as error:
            return None, [self._said(line, e) for e in error.errors(include_url=False)]
        values = model.values()
        return [
            value if (kind := type(value := values[name])) is str else _WRITERS[kind](value)
            for name in self.table.sheet.stored
        ], []

    def _may_lack(self, name: str) -> bool:
        """Whether an empty cell of a column always means its default, whatever else the row holds.

        Its reader is not asked again for each row: most cells of the optional columns are empty.
        """
        field = self.table.sheet.model.model_fields[name]
        readers = [m.func for m in field.metadata if isinstance(m, PlainValidator)]
        if field.is_required() or len(readers) != 1:
            return False
        read: Any = readers[0]
        try:
            value = read("", _Unasked())
        except (_AskedError, PydanticCustomError):
            return False
        return type(value) is type(field.default) and bool(value == field.default)

    def notes(self) -> list[str]:
        """The words of one's own that were read as values, and how often."""
        return [
            f"{column} : {short(word)} lu « {value} » ({plural(count, 'ligne')})"
            for (column, word, value), count in self.taken.items()
        ]

    def _said_for(self, column: str, words: Mapping[str, str], cell: Cell) -> Cell:
        """The value that a word of one's own stands for; the cell as it is when it is none."""
        word = clean(cell)
        value = words.get(plain(word[:200])) if word else None
        if not value:
            return cell
        self.taken[column, word, value] += 1
        return value

    def key_of(self, line: Line) -> str:
        """What stands in the first column of the contract, to recognise a rejected row."""
        return clean(line.cells[self.key]) if self.key < len(line.cells) else ""

    def problem(self, line: Line, column: str, value: str, what: str, hint: str) -> Problem:
        """A reason to set a row of this table aside."""
        return Problem(self.table.raw.where, line.number, column, value, what, hint)

    def _refusal(self, cells: list[Cell]) -> Refusal | None:
        """What sets a row aside before its columns are looked at: column, what, hint."""
        joined = " ".join([c for c in cells if isinstance(c, str)])
        if not joined.isprintable() and CONTROLS.search(joined):
            self._say_controls(cells)
        if len(cells) > self.width or self.overflow:
            beyond = [*self.overflow, *range(self.width, len(cells))]
            if filled := [n for n in beyond if n < len(cells) and text_of(cells[n]).strip()]:
                what = (
                    f"la ligne a des valeurs au-delà de la dernière colonne ({letter(filled[0])})"
                )
                hint = "Mettre entre guillemets la cellule qui contient le séparateur, ou la vider."
                return "", what, hint
        first = cells[self.key] if self.key < len(cells) else None
        if isinstance(first, str) and first.lower().strip() == self.key_heading:
            return "", "les titres des colonnes sont répétés", "Supprimer cette ligne."
        if "#" in joined and (error := self._spreadsheet_error(cells)):
            return error
        return self.guard.refusal(cells, joined) if self.guard else None

    def _spreadsheet_error(self, cells: list[Cell]) -> Refusal | None:
        """An error of the spreadsheet is not an empty cell: what it hid is unknown."""
        for name, place in self.pairs:
            if place < len(cells) and SPREADSHEET_ERROR.fullmatch(word := clean(cells[place])):
                what = f"{short(word)} est une erreur du tableur, pas une valeur"
                return name, what, "Corriger la formule, ou écrire la valeur à sa place."
        return None

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
        hint = str(context.get("hint") or "La corriger.")
        if what == EMPTY and (area := self._merged(line.number, column)):
            what = f"la cellule fait partie de cellules fusionnées ({area})"
            hint = "Les défusionner, et écrire la valeur sur chaque ligne."
        return self.problem(line, column, value, what, hint)

    def _merged(self, number: int, column: str) -> str:
        place = self.table.places.get(column, -1)
        for top, left, bottom, right in self.table.raw.merged:
            if top < number <= bottom + 1 and left <= place <= right:
                return f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        return ""


class _AskedError(Exception):
    """A reader looked at the rest of the row."""


class _Unasked:
    """Stands for the rest of a row, where a reader should not need it."""

    def __getattr__(self, name: str) -> Any:
        raise _AskedError


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: YES_NO.__getitem__,
    float: number_text,
    date: date.isoformat,
}
"""How the store writes a value that is no text."""
