"""The contract of a workbook: its sheets, their columns, what each may hold, written once.

A row is a model: each field bears the name of its column, with what ``column`` says of it and a
reader that makes a value of a cell. The template, the check and the manual are all made from it.
A column that depends on another one stands after it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol, get_args

from pydantic import BaseModel, ConfigDict, Field

from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell

HELP_SHEET = "Mode d'emploi"
LISTS_SHEET = "Listes"
TO_CORRECT = "a_corriger"  # the column that says why a row was rejected; of every contract, of none

Kind = Literal["text", "number", "date"]
Refusal = tuple[str, str, str]
"""Column, what is wrong, hint."""


class SheetRow(BaseModel):
    """A row of a sheet: a model whose fields are its columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def values(self) -> Mapping[str, Any]:
        """Values by column, as they are kept."""
        return self.__dict__


class HeadedTable(Protocol):
    """What a guard sees of a table whose headings are known: where each of them stands."""

    @property
    def places(self) -> Mapping[str, int]:
        """Where each column of the contract is; one that the table lacks is absent."""

    @property
    def extra(self) -> Mapping[str, int]:
        """Headings that the contract does not know, and where they are."""


class RowGuard(Protocol):
    """What may reject a row of a table before its columns are read."""

    def refusal(self, cells: list[Cell], joined: str) -> Refusal | None:
        """Why a row is refused as a whole; ``joined`` is all the text of its cells."""


@dataclass(frozen=True)
class SheetColumn:
    """A column, as the template, the reader and the manual need it.

    Attributes
    ----------
    choices : str
        The name of the list of permitted values; empty when there is none.
    words : frozenset of str
        Headings by which it is known, plainly written.
    stored, written : bool
        Whether the store keeps it; whether the template holds it.
    likely : frozenset of str
        Headings that may mean it: proposed, never taken without asking.
    instead : tuple of str
        Columns any of which, when it is there, makes up for this one.
    """

    name: str
    title: str
    meaning: str
    allowed: str
    example: str
    required: bool
    choices: str
    words: frozenset[str]
    stored: bool
    written: bool
    kind: Kind
    likely: frozenset[str] = frozenset()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet: file stem, title in a workbook, model of its rows.

    Attributes
    ----------
    key : tuple of str
        Columns that make a row the same one, corrected.
    columns : tuple of SheetColumn
        In the order of the file.
    stored : tuple of str
        Names of the columns that the store keeps.
    guard : callable, optional
        Makes what looks at the rows of one table before their columns are read.
    spoken : mapping
        Values by the words of one's own that stand for them, plainly written, by column; empty
        for a word that was said to stand for none.
    left_out : frozenset of str
        Headings that were said to mean no column, plainly written.
    always : mapping of str to str
        What every row of a table holds in a column that the table lacks.
    """

    name: str
    title: str
    model: type[SheetRow]
    key: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    stored: tuple[str, ...]
    guard: Callable[[HeadedTable], RowGuard] | None = None
    spoken: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    always: Mapping[str, str] = field(default_factory=dict)

    def missing(self, found: Collection[str]) -> list[SheetColumn]:
        """Required columns that are not among those found, nor what makes up for them."""
        return [
            c
            for c in self.columns
            if c.required
            and c.name not in found
            and c.name not in self.always
            and not set(c.instead) & set(found)
        ]

    def column_of(self, heading: str) -> str:
        """The name of the column that a heading means; empty when it means none."""
        word = plain(heading[:200])
        return next((c.name for c in self.columns if word in c.words), "")


@dataclass(frozen=True)
class Contract:
    """The sheets that go together, and the words in which people are told of them.

    Attributes
    ----------
    title : str
        What the workbook is, as its help says it.
    of_it : str
        « du recensement »: what a sheet or a column is part of.
    sheets : tuple of Sheet
        In the order in which they are checked; the template holds them all.
    introduction : tuple of str
        Sentences at the head of the help.
    lists : mapping of str to mapping
        The lists of permitted values: label by id.
    plain_lists : frozenset of str
        Lists whose rule in words says enough: the help does not repeat their values.
    widths : mapping of str to int
        Widths of the columns that need more than their heading.
    template_hint : str
        How to get a template.
    mapping_hint : str
        How to say what headings of one's own mean.
    size_hint : str
        What to do with a file that is too large.
    """

    title: str
    of_it: str
    sheets: tuple[Sheet, ...]
    introduction: tuple[str, ...] = ()
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    plain_lists: frozenset[str] = frozenset()
    widths: Mapping[str, int] = field(default_factory=dict)
    template_hint: str = "Repartir du modèle."
    mapping_hint: str = "Dire ce que les titres veulent dire."
    size_hint: str = "Le découper."

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name."""
        return next(s for s in self.sheets if s.name == name)

    def choices(self, kind: str) -> Mapping[str, str]:
        """The permitted ids of a list, with their French labels; none when it is no list."""
        return self.lists.get(kind, {})

    def permitted(self, column: SheetColumn) -> str:
        """The values a column takes: the rule in words, then the list when there is one."""
        listed = self.choices(column.choices)
        if not listed or column.choices in self.plain_lists:
            return column.allowed
        return f"{column.allowed} : " + " ; ".join(f"{i} ({label})" for i, label in listed.items())


def column(
    title: str,
    meaning: str,
    allowed: str,
    example: str,
    *,
    default: Any = ...,
    choices: str = "",
    aliases: tuple[str, ...] = (),
    likely: tuple[str, ...] = (),
    instead: tuple[str, ...] = (),
    made: bool = False,
    stored: bool = True,
    written: bool = True,
) -> Any:
    """Describe a column; one without default is required, and one that others make up for.

    Parameters
    ----------
    made : bool
        When the column is not there, its reader makes the value of what is; else it is left empty.
    """
    extra = {
        "allowed": allowed,
        "choices": choices,
        "aliases": aliases,
        "likely": likely,
        "instead": instead,
        "stored": stored,
        "written": written,
    }
    default = "" if instead else default
    return Field(
        default,
        validate_default=made,
        title=title,
        description=meaning,
        examples=[example],
        json_schema_extra=extra,  # type: ignore[arg-type]
    )


def sheet_of(
    name: str,
    title: str,
    model: type[SheetRow],
    key: tuple[str, ...],
    guard: Callable[[HeadedTable], RowGuard] | None = None,
) -> Sheet:
    """Make a sheet of the model of its rows."""
    columns = []
    for heading, info in model.model_fields.items():
        extra: Any = info.json_schema_extra
        words = {plain(heading), plain(str(info.title)), *map(plain, extra["aliases"])}
        columns.append(
            SheetColumn(
                name=heading,
                title=str(info.title),
                meaning=str(info.description),
                allowed=extra["allowed"],
                example=str((info.examples or [""])[0]),
                required=info.is_required() or bool(extra["instead"]),
                choices=extra["choices"],
                words=frozenset(words),
                stored=extra["stored"],
                written=extra["written"],
                kind=_kind(info.annotation),
                likely=frozenset(map(plain, extra["likely"])),
                instead=extra["instead"],
            )
        )
    stored = tuple(c.name for c in columns if c.stored)
    return Sheet(name, title, model, key, tuple(columns), stored, guard)


def _kind(annotation: Any) -> Kind:
    """What a spreadsheet should know of a column, from the type of its field."""
    types = {annotation, *get_args(annotation)}
    return "number" if float in types else "date" if date in types else "text"
