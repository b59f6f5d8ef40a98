"""Edits of establishments, and the file that keeps a draft of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from observatory.workbook.drafts import Draft, as_text, draft_from, written_draft

Nature = Literal["correction", "changement", "fermeture"]
"""An error put right (it rewrites the period), a real change (a new period), a closing."""


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


def draft_file(draft: Draft[Edit]) -> bytes:
    """A draft as a file: JSON, in the words that a person may write by hand."""
    return written_draft(draft, _told)


def read_draft(content: bytes, where: str) -> Draft[Edit]:
    """A draft from its file.

    Raises
    ------
    EditError
        When it is not one.
    """
    words = "« identifiant », « nature », « valeurs »"
    return draft_from(content, where, _edit, words, "charger une liste entière (census load)")


def _told(edit: Edit) -> Mapping[str, Any]:
    return {
        "identifiant": edit.id,
        "nature": edit.nature,
        "valeurs": dict(edit.values),
        **({"a_partir_du": edit.since} if edit.since else {}),
        **({"jour": edit.day_type} if edit.day_type else {}),
        **({"periode": edit.period} if edit.period is not None else {}),
    }


def _edit(one: Mapping[str, Any]) -> Edit:
    known = {"identifiant", "nature", "valeurs", "a_partir_du", "jour", "periode"}
    nature = one["nature"]
    if set(one) - known or nature not in get_args(Nature):
        raise ValueError(nature)
    period = one.get("periode")
    return Edit(
        as_text(one["identifiant"]),
        nature,
        {as_text(c): as_text(v) for c, v in one.get("valeurs", {}).items()},
        as_text(one.get("a_partir_du", "")),
        as_text(one.get("jour", "")),
        None if period is None else as_text(period),
    )
