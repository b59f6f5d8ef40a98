"""Edits of establishments, and the draft that gathers several behind one publication."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from observatory.errors import ObservatoryError
from observatory.workbook.results import Rows

Nature = Literal["correction", "changement", "fermeture"]
"""An error put right (it rewrites the period), a real change (a new period), a closing."""
MOST_EDITS = 500  # of one draft


class EditError(ObservatoryError, ValueError):
    """An edit cannot be made as it is asked: nothing of it is written."""


@dataclass(frozen=True)
class Edit:
    """One edit of one establishment.

    Attributes
    ----------
    id : str
        The establishment's identifier.
    nature : str
        ``correction``, ``changement`` or ``fermeture``.
    values : mapping of str to str
        What is written in each column, as a person types it.
    since : str
        First day of a real change, or of the closing.
    day_type : str
        The type of day whose capacity changes; empty for services without.
    period : str or None
        For a correction: the first day of the period that is corrected, as stored; None when the
        establishment has only one row, or when what is corrected holds for all of them.
    """

    id: str
    nature: Nature
    values: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    day_type: str = ""
    period: str | None = None


@dataclass(frozen=True)
class Draft:
    """Edits waiting to be published, and the rows they were made from.

    Attributes
    ----------
    seen : mapping of str to rows
        Rows of each edited establishment as they were read: a row that differs when the draft is
        published was changed meanwhile. One that is absent is taken as it is then.
    """

    edits: tuple[Edit, ...] = ()
    seen: Mapping[str, Rows] = field(default_factory=dict)

    def with_edit(self, edit: Edit, rows: Rows) -> Draft:
        """The draft with one more edit, of an establishment whose rows in place are given."""
        return Draft((*self.edits, edit), {edit.id: rows, **self.seen})

    def without(self, number: int) -> Draft:
        """The draft without one of its edits."""
        edits = tuple(e for n, e in enumerate(self.edits) if n != number)
        left = {e.id for e in edits}
        return Draft(edits, {id_: rows for id_, rows in self.seen.items() if id_ in left})

    def ids(self) -> list[str]:
        """The establishments that are edited, each once."""
        return list(dict.fromkeys(e.id for e in self.edits))


def draft_file(draft: Draft) -> bytes:
    """A draft as a file: JSON, in the words that a person may write by hand."""
    edits = [
        {
            "identifiant": e.id,
            "nature": e.nature,
            "valeurs": dict(e.values),
            **({"a_partir_du": e.since} if e.since else {}),
            **({"jour": e.day_type} if e.day_type else {}),
            **({"periode": e.period} if e.period is not None else {}),
        }
        for e in draft.edits
    ]
    whole = {"modifications": edits, "lignes_lues": dict(draft.seen)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def read_draft(content: bytes, where: str) -> Draft:
    """A draft from its file.

    Raises
    ------
    EditError
        When it is not one.
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
        edits = tuple(_edit(one) for one in found["modifications"])
        seen = {str(id_): [list(map(_text, r)) for r in rows] for id_, rows in _seen(found).items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EditError(
            "ce fichier n'est pas une liste de modifications",
            where=where,
            mend="Il tient en JSON : { « modifications » : [ { « identifiant », « nature », "
            "« valeurs » } ] }, avec des guillemets droits ; les valeurs sont des textes.",
        ) from error
    if not edits:
        raise EditError("ce fichier n'a aucune modification", where=where, mend="En écrire une.")
    if len(edits) > MOST_EDITS:
        raise EditError(
            f"ce fichier a plus de {MOST_EDITS} modifications",
            where=where,
            mend="Les publier en plusieurs fois, ou charger une liste entière (census load).",
        )
    return Draft(edits, seen)


def _seen(found: Mapping[str, Any]) -> Mapping[str, Any]:
    rows: Mapping[str, Any] = found.get("lignes_lues") or {}
    return rows


def _edit(one: Mapping[str, Any]) -> Edit:
    known = {"identifiant", "nature", "valeurs", "a_partir_du", "jour", "periode"}
    nature = one["nature"]
    if set(one) - known or nature not in get_args(Nature):
        raise ValueError(nature)
    period = one.get("periode")
    return Edit(
        _text(one["identifiant"]),
        nature,
        {_text(c): _text(v) for c, v in one.get("valeurs", {}).items()},
        _text(one.get("a_partir_du", "")),
        _text(one.get("jour", "")),
        None if period is None else _text(period),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
