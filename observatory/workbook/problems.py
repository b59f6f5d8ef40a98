"""Problems, warnings and refusals of a census file, as French sentences."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from observatory.errors import ObservatoryError

SHOWN = 60  # characters of a value that are repeated in a message


class WorkbookError(ObservatoryError, ValueError):
    """The file as a whole cannot be read: nothing of it is taken."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, or worth a look, at one place of a file.

    Attributes
    ----------
    where : str
        The file, and the sheet of a workbook.
    row : int
        As the spreadsheet numbers it, from 1; 0 for the file or the sheet as a whole.
    column, value : str
        The heading and the cell's text; empty for the whole row, or when the value is private.
    what, hint : str
        What is wrong, without its final full stop, and what to write instead.
    warning : bool
        A warning leaves the row where it is.
    """

    where: str
    row: int
    column: str
    value: str
    what: str
    hint: str
    warning: bool = False

    def __str__(self) -> str:
        place = [self.where]
        if self.row:
            place.append(f"ligne {self.row}")
        if self.column:
            place.append(f"colonne « {self.column} »")
        return f"{', '.join(place)} : {self.reason}"

    @property
    def reason(self) -> str:
        """What and hint, without the place."""
        return f"{self.what}.{' ' + self.hint if self.hint else ''}"


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning about a row that is being read: column, value, what, hint."""

    column: str
    value: str
    what: str
    hint: str


def refused(what: str, hint: str, *, private: bool = False) -> PydanticCustomError:
    """The error that a reader of values raises: the row is rejected for that reason."""
    context = {"what": what, "hint": hint, "private": private}
    return PydanticCustomError("cell", "{what}", context)


def short(value: str) -> str:
    """A value as a message repeats it."""
    shown = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    return f"« {shown} »"
