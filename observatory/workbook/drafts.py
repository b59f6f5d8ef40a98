"""Drafts: edits of what people wrote, waiting for one publication, and the rows they rest on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from observatory.errors import ObservatoryError
from observatory.workbook.results import Rows

MOST_EDITS = 500  # of one draft


class EditError(ObservatoryError, ValueError):
    """An edit cannot be made as it is asked: nothing of it is written."""


class RowEdit(Protocol):
    """An edit of rows of a tenant."""

    @property
    def id(self) -> str:
        """What is edited: two edits with the same one rest on the same rows."""


E = TypeVar("E", bound=RowEdit)


@dataclass(frozen=True)
class Draft(Generic[E]):
    """Edits waiting to be published, and the rows they were made from.

    Attributes
    ----------
    seen : mapping of str to rows
        Rows of what each edit is of, as they were read: where they differ when the draft is
        published, somebody changed them meanwhile. One that is absent is taken as it is then.
    """

    edits: tuple[E, ...] = ()
    seen: Mapping[str, Rows] = field(default_factory=dict)

    def with_edit(self, edit: E, rows: Rows) -> Draft[E]:
        """The draft with one more edit, of what has these rows in place."""
        return Draft((*self.edits, edit), {edit.id: rows, **self.seen})

    def without(self, number: int) -> Draft[E]:
        """The draft without one of its edits."""
        edits = tuple(e for n, e in enumerate(self.edits) if n != number)
        left = {e.id for e in edits}
        return Draft(edits, {id_: rows for id_, rows in self.seen.items() if id_ in left})

    def ids(self) -> list[str]:
        """What is edited, each once."""
        return list(dict.fromkeys(e.id for e in self.edits))

    def moved(self, rows_now: Callable[[E], Rows]) -> list[E]:
        """The edits whose rows are no longer those that were read; one for each id."""
        first = {e.id: e for e in reversed(self.edits)}
        of_ids = [first[id_] for id_ in self.ids() if id_ in self.seen]
        return [e for e in of_ids if self.seen[e.id] != rows_now(e)]

    def taken_up(self, rows_now: Callable[[E], Rows]) -> Draft[E]:
        """The same edits, made from the rows of today."""
        return Draft(self.edits, {e.id: rows_now(e) for e in reversed(self.edits)})


@dataclass(frozen=True)
class PublishedEdits:
    """What a publication did.

    Attributes
    ----------
    generation : int or None
        The generation that it made; None when nothing differed from what was there.
    names : list of str
        What changed, by its name.
    warnings : list of str
        What deserves a look.
    """

    generation: int | None
    names: list[str]
    warnings: list[str] = field(default_factory=list)


def written_draft(draft: Draft[E], told: Callable[[E], Mapping[str, Any]]) -> bytes:
    """A draft as a file: JSON, in the words that a person may write by hand."""
    whole = {"modifications": [told(e) for e in draft.edits], "lignes_lues": dict(draft.seen)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def draft_from(
    content: bytes, where: str, edit: Callable[[Mapping[str, Any]], E], words: str, instead: str
) -> Draft[E]:
    """A draft from its file.

    Parameters
    ----------
    edit : callable
        Makes one edit of what the file says of it; raises ``ValueError``, ``TypeError`` or
        ``KeyError`` where it says something else.
    words : str
        The names that an edit has in the file, in the message of one that is no draft.
    instead : str
        What to do with more edits than a draft holds.

    Raises
    ------
    EditError
        When it is not one.
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
        edits = tuple(edit(one) for one in found["modifications"])
        read = found.get("lignes_lues") or {}
        seen = {str(id_): [list(map(as_text, r)) for r in rows] for id_, rows in read.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EditError(
            "ce fichier n'est pas une liste de modifications",
            where=where,
            mend=f"Il tient en JSON : {{ « modifications » : [ {{ {words} }} ] }}, avec des "
            "guillemets droits ; les valeurs sont des textes.",
        ) from error
    if not edits:
        raise EditError("ce fichier n'a aucune modification", where=where, mend="En écrire une.")
    if len(edits) > MOST_EDITS:
        raise EditError(
            f"ce fichier a plus de {MOST_EDITS} modifications",
            where=where,
            mend=f"Les publier en plusieurs fois, ou {instead}.",
        )
    return Draft(edits, seen)


def as_text(value: Any) -> str:
    """What must be a text.

    Raises
    ------
    TypeError
        When it is something else.
    """
    if not isinstance(value, str):
        raise TypeError(value)
    return value
