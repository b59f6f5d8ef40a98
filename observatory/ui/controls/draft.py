"""The draft of a visit: edits waiting for « Publier », what they change, what to take out."""

from __future__ import annotations

import streamlit as st

from observatory.census.edit_check import Edited
from observatory.census.edited_rows import rows_of
from observatory.census.edits import Draft
from observatory.census.generation_changes import CellChange, cell_changes, name_in
from observatory.census.sheets import sheet
from observatory.french.numbers import plural
from observatory.french.vocabulary import NOTHING
from observatory.ui.controls.establishment_form import NATURES
from observatory.ui.shell import blocks
from observatory.workbook.results import Rows

KEY = "brouillon"


def draft() -> Draft:
    """The edits of this visit that are not yet published."""
    found = st.session_state.get(KEY)
    return found if isinstance(found, Draft) else Draft()


def keep(new: Draft) -> None:
    """Remember the edits of this visit."""
    st.session_state[KEY] = new


def take_up(table: Rows) -> None:
    """Make the draft start from the rows of today instead of those that were read."""
    own = draft()
    keep(Draft(own.edits, {id_: rows_of(table, id_) for id_ in own.ids()}))


def show_edits(table: Rows) -> None:
    """List the edits of the draft, each with what takes it out."""
    for n, edit in enumerate(draft().edits):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = ", ".join(f"{_title(c)} : {v or NOTHING}" for c, v in edit.values.items())
            since = f" à partir du {edit.since}" if edit.since else ""
            name = name_in(table, edit.id)
            words = f"{NATURES[edit.nature]}{since} – {name}" + (f" – {said}" if said else "")
            st.markdown(blocks.as_label(words), width="stretch")
            st.button(
                f"Retirer la modification {n + 1}",
                key=f"retirer_{n}",
                on_click=lambda n=n: keep(draft().without(n)),
            )


def show_result(table: Rows, edited: Edited) -> None:
    """What the draft would change in the census, cell by cell, and what deserves a look."""
    cells = cell_changes(sheet("offre"), table, edited.table)
    told = [_sentence(cell) for cell in cells]
    blocks.paragraph(f"Ce qui sera publié : {plural(len(told), 'changement')}.")
    blocks.bullets(told)
    for warning in edited.warnings:
        st.warning(blocks.as_label(f"À vérifier – {warning}"))


def _sentence(cell: CellChange) -> str:
    if not cell.before:
        return f"{cell.subject} : {cell.column}, {cell.after}"
    return f"{cell.subject} : {cell.column.lower()}, {cell.before} → {cell.after or NOTHING}"


def _title(column: str) -> str:
    return next(c.title for c in sheet("offre").columns if c.name == column).lower()
