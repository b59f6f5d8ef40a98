"""The plan edited on its page, for planners: rows of a draft, one publication, what undoes it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import streamlit as st

from observatory.french.numbers import plural
from observatory.plan import plan_store
from observatory.plan.edited_plan import EditedPlan, apply_plan_draft, rests_on
from observatory.plan.plan_edits import PlanEdit, plan_draft_file
from observatory.plan.plan_publishing import edited_subject, moved_edits
from observatory.plan.plan_subjects import plan_changes
from observatory.settings import Settings
from observatory.stores.sides import sides
from observatory.stores.store import Store
from observatory.ui.controls.draft import PUBLISHED, VisitDraft, show_published, show_result
from observatory.ui.controls.journal import signature
from observatory.ui.plan.plan_form import (
    ask_plan_edit,
    ask_plan_row,
    ask_plan_sheet,
    edit_words,
    own_rows,
    typed_indicators,
)
from observatory.ui.shell import actions, blocks
from observatory.ui.shell.access import require_planner
from observatory.workbook.drafts import EditError
from observatory.workbook.results import Rows

DRAFT = VisitDraft[PlanEdit]("brouillon_plan", actions.publish_plan_edits)
SHOWN = 40  # changes of one generation
LISTED = 50  # generations, the latest


class PlanEditing:
    """The plan in place and the draft of a visit, as the page that edits it sees them.

    Attributes
    ----------
    tables : mapping
        The plan in place.
    edited : EditedPlan or None
        The plan after the draft; None when the draft no longer holds.
    fault : str
        Why it does not.
    """

    def __init__(self, communes: Mapping[str, str]) -> None:
        require_planner()
        self.communes = communes
        self.store: Store = plan_store.plan_store(Settings.from_env().census_dir)
        state, files = self.store.read()
        self.head = state.sequence
        self.tables = plan_store.tables_of(files, self.store.folder)
        self.edited: EditedPlan | None = None
        self.fault = ""
        try:
            self.edited = apply_plan_draft(self.tables, DRAFT.edits(), communes)
        except EditError as error:
            self.fault = f"Le brouillon ne tient plus. {error}"

    @property
    def shown(self) -> Mapping[str, Rows]:
        """What the page shows: the plan after the draft, else the one in place."""
        return self.edited.tables if self.edited else self.tables

    def show(self, action: str) -> None:
        """Draw the form of an action, or of none; the draft; the history."""
        show_published()
        if self.fault:
            st.error(blocks.as_label(self.fault))
        blocks.paragraph(
            "Une ligne à la fois ; les modifications s'ajoutent à un brouillon, qui se publie d'un "
            "coup. Rien ne change avant « Publier », et tout se défait."
        )
        if not self.tables:
            st.info(
                "Aucun plan n'est en place, et un exemple ne se modifie pas. La première action "
                "publiée commence le plan du territoire ; un classeur entier se charge par "
                "observatory plan load."
            )
        self._one(action)
        self._draft()
        self._history()

    def _one(self, action: str) -> None:
        """Choose a row, see it, edit it."""
        sheet = ask_plan_sheet(action)
        if sheet.name == "releves" and not typed_indicators(self.shown, action):
            st.info(
                "Cette action n'a pas d'indicateur saisi. En ajouter un, dans « Indicateurs » ; un "
                "indicateur lié à un chiffre se remplit seul."
            )
            return
        if sheet.name == "reunions" and not self.shown.get("instances"):
            st.info("Ajouter d'abord une instance : elle est ce qui se réunit.")
            return
        row = ask_plan_row(sheet, own_rows(self.shown, sheet, action), action)
        parts = (action, sheet.name, *(row or []), str(len(DRAFT.edits().edits)))
        key = hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
        edit = ask_plan_edit(self.shown, sheet, row, action, key, self.communes)
        if edit is None:
            return
        asked = DRAFT.edits().with_edit(edit, rests_on(self.tables, edit))
        try:
            apply_plan_draft(self.tables, asked, self.communes)
        except EditError as error:
            blocks.fault(error)
        else:
            DRAFT.keep(asked)
            st.rerun()

    def _draft(self) -> None:
        """The draft, and its publication."""
        waiting = DRAFT.edits()
        if not waiting.edits:
            return
        st.header("Brouillon", anchor=False)
        moved = [edited_subject(waiting, e) for e in moved_edits(self.tables, waiting)]
        DRAFT.show_moved(moved, lambda: waiting.taken_up(lambda e: rests_on(self.tables, e)))
        DRAFT.show_edits(lambda edit: edit_words(edit, edited_subject(waiting, edit)))
        if self.edited is None:
            return
        cells = plan_changes(self.tables, self.edited.tables)
        show_result([cell.sentence for cell in cells], self.edited.warnings)
        file = plan_draft_file(waiting)
        DRAFT.ask_to_publish(file, "Le plan est à jour.", held=bool(moved))

    def _history(self) -> None:
        """Who changed what in the plan, and what takes the last change back."""
        entries = self.store.history()[::-1][:LISTED]
        if not entries:
            return
        with st.expander("Historique du plan"):
            by_number = {e.sequence: e for e in entries}
            chosen = st.selectbox(
                "Changement",
                list(by_number),
                format_func=lambda n: signature(by_number[n]),
                key=f"generation_plan_{self.head}",
            )
            both = sides(self.store, by_number[chosen])
            if both is None:
                blocks.paragraph("Le détail n'est plus gardé : seule la ligne du journal l'est.")
            else:
                before, after = (plan_store.tables_of(f, self.store.folder) for f in both)
                cells = plan_changes(before, after)
                blocks.bullets([cell.sentence for cell in cells[:SHOWN]] or ["Rien n'a changé."])
                if len(cells) > SHOWN:
                    blocks.paragraph(f"Et {plural(len(cells) - SHOWN, 'autre')}.")
            self._steps()

    def _steps(self) -> None:
        steps = self.store.steps()
        with st.container(horizontal=True):
            back = steps.back is not None and st.button(
                f"Annuler le dernier changement (génération {steps.at})"
            )
            ahead = steps.ahead is not None and st.button(
                f"Remettre le changement annulé (génération {steps.ahead})"
            )
        if not back and not ahead:
            return
        if self.store.head().sequence != self.head:
            st.warning("Le plan vient de changer : relire l'historique, puis recommencer.")
            return
        with st.spinner("Reconstruction de la version…"):
            job = actions.step_plan("undo" if back else "redo")
        said = actions.outcome(job, "Le retour n'a pas abouti.")
        if said.failed:
            st.error(blocks.as_label(said.text))
            return
        st.session_state[PUBLISHED] = f"{said.text} Le plan est à jour."
        st.rerun()
