"""Publication of edits of a plan: read, change rows, check, one transaction of its store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from observatory.plan import plan_store
from observatory.plan.edited_plan import apply_plan_draft, rests_on
from observatory.plan.plan_edits import PlanEdit
from observatory.plan.plan_rows import plan_contract
from observatory.plan.plan_subjects import plan_changes, row_subject
from observatory.stores.author import signed
from observatory.stores.sides import sides
from observatory.stores.store import Store
from observatory.workbook.drafts import Draft, EditError, PublishedEdits
from observatory.workbook.stored import Tables


def publish_plan(
    draft: Draft[PlanEdit],
    census_dir: Path,
    communes: Mapping[str, str],
    who: str = "",
    why: str = "",
) -> PublishedEdits:
    """Put the edits of a draft in the plan, all of them or none, as one generation of its store.

    Raises
    ------
    EditError
        When an edit cannot be made, or a row was changed by somebody else since it was read.
    StoreError
        When the store cannot be read or written.
    """
    store = plan_store.plan_store(census_dir)
    with store.writing() as writing:
        tables = plan_store.tables_of(writing.files, store.folder)
        if moved := moved_edits(tables, draft):
            raise _changed_meanwhile(store, draft, moved[0])
        edited = apply_plan_draft(tables, draft, communes)
        names = list(dict.fromkeys(c.subject for c in plan_changes(tables, edited.tables)))
        if not names:
            return PublishedEdits(None, [], edited.warnings)
        state = writing.commit("edit", plan_store.files_of(edited.tables), who, why)
    return PublishedEdits(state.sequence, names, edited.warnings)


def moved_edits(tables: Tables, draft: Draft[PlanEdit]) -> list[PlanEdit]:
    """The edits of a draft whose rows are no longer those that were read."""
    return draft.moved(lambda edit: rests_on(tables, edit))


def edited_subject(draft: Draft[PlanEdit], edit: PlanEdit) -> str:
    """What an edit is of, as it was read; its key where it was not."""
    sheet = plan_contract().sheet(edit.sheet)
    read = [row for name, *row in draft.seen.get(edit.id, []) if name == edit.sheet]
    return row_subject(sheet, read[0]) if read else ", ".join(edit.key)


def _changed_meanwhile(store: Store, draft: Draft[PlanEdit], edit: PlanEdit) -> EditError:
    """The refusal of an edit whose rows are no longer those that were read, with who changed it."""
    told = ""
    for entry in reversed(store.history()):
        if (both := sides(store, entry)) is None:
            break
        before, after = (plan_store.tables_of(files, store.folder) for files in both)
        if rests_on(before, edit) != rests_on(after, edit):
            told = f" {signed(entry)}"
            break
    return EditError(
        f"{edited_subject(draft, edit)} : modifié entre-temps{told}, rien n'est publié, rien "
        "n'est perdu",
        where=f"Feuille « {plan_contract().sheet(edit.sheet).title} »",
        mend="Relire le plan, puis refaire la modification sur l'état d'aujourd'hui.",
    )
