"""Edits of a plan: a row added, put right or withdrawn; and the file that keeps a draft of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from observatory.workbook.drafts import Draft, as_text, draft_from, written_draft

PlanNature = Literal["ajout", "correction", "retrait"]


@dataclass(frozen=True)
class PlanEdit:
    """One edit of one row of a plan.

    Attributes
    ----------
    sheet : str
        The sheet of the row, by its name.
    nature : str
        ``ajout``, ``correction`` or ``retrait``.
    key : tuple of str
        The row's key as the plan in place writes it; empty for one that is added.
    values : mapping of str to str
        What is written in each column, as a person types it.
    """

    sheet: str
    nature: PlanNature
    key: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The row that is edited; a withdrawal rests on more rows than a correction."""
        return " · ".join((self.nature, self.sheet, *self.key))


def plan_draft_file(draft: Draft[PlanEdit]) -> bytes:
    """A draft of a plan as a file: JSON, in the words that a person may write by hand."""
    return written_draft(draft, _told)


def read_plan_draft(content: bytes, where: str) -> Draft[PlanEdit]:
    """A draft of a plan from its file.

    Raises
    ------
    EditError
        When it is not one.
    """
    words = "« feuille », « nature », « cle », « valeurs »"
    return draft_from(content, where, _edit, words, "charger le classeur entier (plan load)")


def _told(edit: PlanEdit) -> Mapping[str, Any]:
    return {
        "feuille": edit.sheet,
        "nature": edit.nature,
        "cle": list(edit.key),
        "valeurs": dict(edit.values),
    }


def _edit(one: Mapping[str, Any]) -> PlanEdit:
    nature = one["nature"]
    if set(one) - {"feuille", "nature", "cle", "valeurs"} or nature not in get_args(PlanNature):
        raise ValueError(nature)
    return PlanEdit(
        as_text(one["feuille"]),
        nature,
        tuple(as_text(part) for part in one.get("cle", [])),
        {as_text(c): as_text(v) for c, v in one.get("valeurs", {}).items()},
    )
