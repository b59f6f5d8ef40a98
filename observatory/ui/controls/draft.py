"""The draft of a visit: edits waiting for « Publier », what they change, and their publication."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

import streamlit as st

from observatory.french.numbers import plural
from observatory.ui.shell import actions, blocks
from observatory.ui.shell.actions import RunningCommand
from observatory.workbook.drafts import Draft, E

PUBLISHED = "publie"
"""Where a session keeps what was just published, until a page tells it."""
FUNCTION = "fonction"


@dataclass(frozen=True)
class VisitDraft(Generic[E]):
    """The edits of a visit that are not yet published.

    Attributes
    ----------
    key : str
        Where the session keeps them.
    publish : callable
        Publishes a file of edits, by a function, for a reason; gives the command once it is done.
    """

    key: str
    publish: Callable[[Path, str, str], RunningCommand]

    def edits(self) -> Draft[E]:
        """What waits."""
        found = st.session_state.get(self.key)
        return found if isinstance(found, Draft) else Draft()

    def keep(self, new: Draft[E]) -> None:
        """Remember what waits."""
        st.session_state[self.key] = new

    def show_edits(self, words: Callable[[E], str]) -> None:
        """List the edits, each with what takes it out."""
        for n, edit in enumerate(self.edits().edits):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(blocks.as_label(words(edit)), width="stretch")
                st.button(
                    f"Retirer la modification {n + 1}",
                    key=f"retirer_{self.key}_{n}",
                    on_click=lambda n=n: self.keep(self.edits().without(n)),
                )

    def show_moved(self, names: Sequence[str], take_up: Callable[[], Draft[E]]) -> None:
        """Say what somebody else changed meanwhile, and offer to start again from there."""
        if not names:
            return
        told = f"Modifié entre-temps par quelqu'un d'autre : {', '.join(names)}. "
        st.warning(
            blocks.as_label(
                told + "Relire ce qui suit, puis reprendre le brouillon sur l'état d'aujourd'hui, "
                "ou en retirer ces modifications."
            )
        )
        st.button("Reprendre sur l'état d'aujourd'hui", on_click=lambda: self.keep(take_up()))

    def ask_to_publish(self, file: bytes, done: str, *, held: bool) -> None:
        """Ask who publishes and why, then publish through the command line.

        Parameters
        ----------
        file : bytes
            The draft as a file.
        done : str
            What is told after what the command said.
        held : bool
            Whether the draft may not be published as it is.
        """
        with st.form(f"publication_{self.key}"):
            function = st.text_input(
                "Votre fonction",
                value=st.session_state.get(FUNCTION, actions.PLANNER),
                help="Montrée aux planificateurs. L'identifiant du compte est gardé, jamais "
                "montré.",
            )
            why = st.text_input("Pourquoi", placeholder="Par exemple : agrément du 12 juin")
            asked = st.form_submit_button("Publier", type="primary", disabled=held)
        if not asked:
            return
        st.session_state[FUNCTION] = function.strip() or actions.PLANNER
        if not why.strip():
            st.error("Dire pourquoi : l'historique le garde avec la modification.")
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "brouillon.json"
            path.write_bytes(file)
            with st.spinner("Publication et reconstruction de la version…"):
                job = self.publish(path, st.session_state[FUNCTION], why.strip())
        said = actions.outcome(job, "La publication n'a pas abouti.")
        if said.failed:
            st.error(blocks.as_label(said.text) + " Le brouillon est gardé.")
            return
        self.keep(Draft())
        st.session_state[PUBLISHED] = f"{said.text} {done}"
        st.rerun()


def show_published() -> None:
    """Tell, once, what was just published."""
    if told := st.session_state.pop(PUBLISHED, None):
        st.success(blocks.as_label(told))


def show_result(told: Sequence[str], warnings: Iterable[str]) -> None:
    """What a draft would change, and what deserves a look."""
    blocks.paragraph(f"Ce qui sera publié : {plural(len(told), 'changement')}.")
    blocks.bullets(told)
    for warning in warnings:
        st.warning(blocks.as_label(f"À vérifier – {warning}"))
