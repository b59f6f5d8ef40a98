"""Check of edits: the edited rows pass through the very check of a load, and come out as stored."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from observatory.census.census_check import check
from observatory.census.commune_codes import Communes
from observatory.census.edited_rows import after_edit, replaced, rows_of
from observatory.census.edits import Edit
from observatory.census.sheets import sheet
from observatory.workbook.drafts import Draft, EditError
from observatory.workbook.problems import Problem, WorkbookError
from observatory.workbook.results import Rows
from observatory.workbook.stored import canonical

PLACE = re.compile(r",? ?\(?(?:déjà dite )?ligne \d+\)?")  # of a file that nobody has seen


@dataclass(frozen=True)
class Edited:
    """The establishments after a draft.

    Attributes
    ----------
    table : rows
        Every row of the sheet of the establishments.
    rows : mapping of str to rows
        The rows of each edited establishment, as they will be stored.
    warnings : list of str
        What deserves a look, one French sentence each.
    """

    table: Rows
    rows: Mapping[str, Rows]
    warnings: list[str] = field(default_factory=list)


def apply_draft(table: Rows, draft: Draft[Edit], communes: Communes) -> Edited:
    """Apply the edits of a draft, in their order, to the establishments in place.

    Raises
    ------
    EditError
        When an edit cannot be made, or what it writes would be refused from a file.
    """
    after, edited = list(table), dict[str, Rows]()
    warnings: list[str] = []
    for edit in draft.edits:
        rows, said = apply_edit(rows_of(after, edit.id), edit, communes)
        after = replaced(after, edit.id, rows)
        edited[edit.id] = rows
        warnings += said
    return Edited(after, edited, list(dict.fromkeys(warnings + _alike(after, edited, communes))))


def apply_edit(rows: Rows, edit: Edit, communes: Communes) -> tuple[Rows, list[str]]:
    """The rows of one establishment after an edit, as they are stored, and what to look at.

    Raises
    ------
    EditError
        When the edit cannot be made, or what it writes would be refused from a file.
    """
    asked = after_edit(rows, edit)
    checked, warnings, errors = _check(asked, communes)
    if errors:
        said = list(dict.fromkeys(_sentence(p) for p in errors))
        raise EditError(" ".join(said), where=f"Établissement {edit.id}")
    known = {_sentence(p) for p in _check(rows, communes)[1]}
    return checked, [s for p in warnings if (s := _sentence(p)) not in known]


def _check(rows: Rows, communes: Communes) -> tuple[Rows, list[Problem], list[Problem]]:
    """Rows through the check of a load: accepted rows, warnings, errors."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "offre.csv"
        file.write_bytes(canonical(sheet("offre"), rows))
        try:
            checked = check(
                [file], communes, kept={"offre": rows}, complete=False, names=["modification"]
            )
        except WorkbookError as error:
            raise EditError(error.what, mend=error.mend) from error
    return checked.rows("offre"), checked.warnings, checked.errors


def _alike(table: Rows, edited: Mapping[str, Rows], communes: Communes) -> list[str]:
    """Establishments that may be the same as one that was edited: told last of all the rows."""
    if not edited:  # nothing to look for in the whole census
        return []
    own = [row for rows in edited.values() for row in rows]
    others = [row for row in table if row[0] not in edited]
    warnings = _check([*others, *own], communes)[1]
    first = len(others) + 2  # after the headings
    return [_sentence(p) for p in warnings if p.column == "nom" and p.row >= first]


def _sentence(problem: Problem) -> str:
    titles = {c.name: c.title for c in sheet("offre").columns}
    reason = PLACE.sub("", problem.reason)
    if not problem.column:
        return reason[:1].upper() + reason[1:]
    return f"{titles.get(problem.column, problem.column)} : {reason}"


def stale(table: Rows, draft: Draft[Edit]) -> Sequence[str]:
    """Establishments of a draft whose rows are no longer those that were read."""
    return [e.id for e in draft.moved(lambda e: rows_of(table, e.id))]
