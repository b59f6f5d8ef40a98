"""A plan after edits: rows added, rewritten, withdrawn with those that name them; then checked."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from observatory.plan.plan_across import NAMED
from observatory.plan.plan_check import check
from observatory.plan.plan_edits import PlanEdit
from observatory.plan.plan_rows import plan_contract, plan_sheets
from observatory.plan.plan_subjects import row_subject
from observatory.workbook.contract import Sheet
from observatory.workbook.drafts import Draft, EditError
from observatory.workbook.problems import Problem, WorkbookError, short
from observatory.workbook.results import Checked, Rows
from observatory.workbook.stored import Tables, canonical, file_name

OURS = frozenset({"identifiant", "demonstration"})
"""Columns that nobody rewrites: what the other sheets name, and the mark of an example."""
LINE = re.compile(r"ligne \d+")  # of a file that nobody has seen
THERE = "au plan"


@dataclass(frozen=True)
class EditedPlan:
    """A plan after a draft.

    Attributes
    ----------
    tables : mapping of str to rows
        Every row by sheet, as it will be stored.
    warnings : list of str
        What deserves a look and did not before, one French sentence each.
    """

    tables: dict[str, Rows]
    warnings: list[str] = field(default_factory=list)


def editable(sheet: Sheet, *, added: bool = False) -> list[str]:
    """Columns that an edit may write, in the order of the sheet."""
    kept = OURS - {"identifiant"} if added else OURS
    return [c for c in sheet.stored if c not in kept]


def apply_plan_draft(
    tables: Tables, draft: Draft[PlanEdit], communes: Mapping[str, str]
) -> EditedPlan:
    """Apply the edits of a draft, in their order, to the plan in place.

    Parameters
    ----------
    communes : mapping
        Name of each commune of the territory by INSEE code.

    Raises
    ------
    EditError
        When an edit cannot be made, or what it writes would be refused from a file.
    """
    after = EditedPlan({name: rows for name, rows in tables.items() if rows})
    if not draft.edits:
        return after
    known = {p.reason for p in _checked(after.tables, communes).warnings} if tables else set()
    for edit in draft.edits:
        checked = _checked(after_edit(after.tables, edit), communes)
        if checked.errors:
            raise _refused(checked.errors[0], after_edit(after.tables, edit))
        found = {s.name: rows for s in plan_sheets() if (rows := checked.rows(s.name))}
        said = [_sentence(p) for p in checked.warnings if p.reason not in known]
        after = EditedPlan(found, list(dict.fromkeys([*after.warnings, *said])))
    return after


def after_edit(tables: Tables, edit: PlanEdit) -> dict[str, Rows]:
    """The rows of a plan after one edit; nothing is checked yet of what was typed.

    Raises
    ------
    EditError
        When there is no such sheet, column or row.
    """
    sheet = _sheet(edit)
    unknown = [c for c in edit.values if c not in editable(sheet, added=edit.nature == "ajout")]
    if unknown:
        raise EditError(
            f"la colonne {short(unknown[0])} ne se modifie pas",
            where=f"Feuille « {sheet.title} »",
            mend=f"Colonnes : {', '.join(editable(sheet))}.",
        )
    rows = tables.get(sheet.name, [])
    if edit.nature == "ajout":
        _say_something(sheet, edit)
        new = [edit.values.get(c, "") for c in sheet.stored]
        return {**tables, sheet.name: [*rows, new]}
    place = _place(sheet, rows, edit)
    if edit.nature == "retrait":
        return _without(tables, sheet, rows[place])
    _say_something(sheet, edit)
    told = {**dict(zip(sheet.stored, rows[place], strict=True)), **edit.values}
    return {**tables, sheet.name: [*rows[:place], list(told.values()), *rows[place + 1 :]]}


def rests_on(tables: Tables, edit: PlanEdit) -> Rows:
    """The rows that an edit rewrites or takes away, each after the name of its sheet.

    None where it cannot be made of this plan: what it was made from is no longer there.
    """
    try:
        sheet, rows = _sheet(edit), tables.get(edit.sheet, [])
        if edit.nature == "ajout":
            return []
        place = _place(sheet, rows, edit)
        if edit.nature == "correction":
            return [[edit.sheet, *rows[place]]]
        after = _without(tables, sheet, rows[place])
    except EditError:
        return []
    return [
        [name, *row] for name in tables for row in tables[name] if row not in after.get(name, [])
    ]


def key_of(sheet: Sheet, row: list[str]) -> tuple[str, ...]:
    """What makes a row the same one, corrected."""
    return tuple(row[sheet.stored.index(c)] for c in sheet.key)


def _sheet(edit: PlanEdit) -> Sheet:
    found = next((s for s in plan_sheets() if s.name == edit.sheet), None)
    if found is None:
        known = ", ".join(s.name for s in plan_sheets())
        what = f"le plan n'a pas de feuille {short(edit.sheet)}"
        raise EditError(what, mend=f"Feuilles : {known}.")
    return found


def _place(sheet: Sheet, rows: Rows, edit: PlanEdit) -> int:
    found = [n for n, row in enumerate(rows) if key_of(sheet, row) == edit.key]
    if not found:
        named = ", ".join(filter(None, edit.key)) or "sans nom"
        raise EditError(
            f"la ligne {short(named)} n'est plus au plan",
            where=f"Feuille « {sheet.title} »",
            mend="Relire le plan d'aujourd'hui, et retirer cette modification.",
        )
    return found[0]


def _say_something(sheet: Sheet, edit: PlanEdit) -> None:
    if not any(v.strip() for v in edit.values.values()) and edit.nature == "ajout":
        raise EditError("la ligne est vide", where=f"Feuille « {sheet.title} »", mend="La remplir.")
    if not edit.values:
        mend = "Changer au moins une colonne."
        raise EditError("rien n'a changé", where=f"Feuille « {sheet.title} »", mend=mend)


def _without(tables: Tables, sheet: Sheet, row: list[str]) -> dict[str, Rows]:
    """The plan without a row, nor those that cannot be without it; others no longer name it."""
    after = {**tables, sheet.name: [r for r in tables.get(sheet.name, []) if r != row]}
    for other in plan_sheets():
        for column, named in NAMED.get(other.name, ()):
            if named != sheet.name:
                continue
            at = other.stored.index(column)
            own = [r for r in after.get(other.name, []) if r[at] == row[0]]
            if next(c for c in other.columns if c.name == column).required:
                for one in own:
                    after = _without(after, other, one)
            elif own:
                after[other.name] = [
                    [*r[:at], "", *r[at + 1 :]] if r[at] == row[0] else r for r in after[other.name]
                ]
    return after


def _checked(tables: Tables, communes: Mapping[str, str]) -> Checked:
    """A whole plan through the check of a load.

    Raises
    ------
    EditError
        When a sheet cannot be read as it was written.
    """
    with tempfile.TemporaryDirectory() as folder:
        held = [s for s in plan_sheets() if tables.get(s.name)]
        files = [Path(folder) / file_name(s) for s in held]
        for sheet, file in zip(held, files, strict=True):
            file.write_bytes(canonical(sheet, tables[sheet.name]))
        try:
            checked = check(files, communes, names=[s.name for s in held])
        except WorkbookError as error:
            raise EditError(error.what, where=error.where, mend=error.mend) from error
    unread = [s.title for s, t in zip(held, checked.tables, strict=True)
              if t.read != len(tables[s.name])]  # fmt: skip
    if unread:  # a row that looks like headings, or like nothing
        mend = "Écrire autre chose que des titres de colonnes."
        raise EditError(
            "une ligne ne peut pas être lue", where=f"Feuille « {unread[0]} »", mend=mend
        )
    return checked


def _refused(problem: Problem, tables: Tables) -> EditError:
    """Why an edit is refused: the sheet, the row, the column, and what to write instead."""
    sheet = next(s for s in plan_sheets() if s.name == problem.where)
    rows = tables[sheet.name]
    place = problem.row - 2  # after the headings
    subject = row_subject(sheet, rows[place]) if 0 <= place < len(rows) else ""
    where = ", ".join(filter(None, (f"Feuille « {sheet.title} »", subject)))
    what = LINE.sub(THERE, problem.what)
    title = next((c.title for c in sheet.columns if c.name == problem.column), "")
    return EditError(f"{title} : {what}" if title else what, where=where, mend=problem.hint)


def _sentence(problem: Problem) -> str:
    titles = {c.name: c.title for c in plan_contract().sheet(problem.where).columns}
    reason = LINE.sub(THERE, problem.reason)
    if not problem.column:
        return reason[:1].upper() + reason[1:]
    return f"{titles.get(problem.column, problem.column)} : {reason}"
