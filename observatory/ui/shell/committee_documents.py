"""The documents of a committee, made on the page « Fichiers » by planners alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from observatory.french import dates, numbers
from observatory.report import committee_files
from observatory.settings import Settings
from observatory.ui.shell import access, blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name

KEPT = "committee_document"
"""Where a session keeps the last one: one at a time, given up with the session."""
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show(version: Version, day: date) -> None:
    """Draw the buttons, for a planner; nothing for anybody else."""
    if not access.is_planner():
        st.session_state.pop(KEPT, None)
        return
    st.header("Les documents du comité", anchor=False)
    blocks.paragraph(
        "Tout le plan d'actions y est, ce que le public ne voit pas aussi : à remettre au comité. "
        "Les textes du territoire (observatory report texts) y sont repris."
    )
    with st.container(horizontal=True):
        copil = st.button("Établir les diapositives du comité (PPTX)")
        printed = st.button("Établir les diapositives du comité (PDF)")
        schema = st.button("Établir le schéma (DOCX)")
    if copil:
        _make(version, day, "comite", "pptx", PPTX, committee_files.copil_bytes)
    if printed:
        _make(version, day, "comite", "pdf", PDF, partial(committee_files.copil_bytes, kind="pdf"))
    if schema:
        _make(version, day, "schema", "docx", DOCX, committee_files.schema_bytes)
    _offer(version)


def _make(
    version: Version, day: date, name: str, suffix: str, mime: str, write: Callable[..., bytes]
) -> None:
    access.require_planner()
    st.session_state.pop(KEPT, None)
    with st.spinner("Écriture du document"):
        content = write(data.cursor(version), Settings.from_env(), day)
    st.session_state[KEPT] = (f"{name}-{day.isoformat()}.{suffix}", mime, day, content)


def _offer(version: Version) -> None:
    kept = st.session_state.get(KEPT)
    if kept is None:
        return
    name, mime, day, content = kept
    size = numbers.number(len(content) / 1e6, 1)
    st.success(f"{name} est prêt : offre au {dates.short_date(day)} ({size}\u202fMo).")
    st.download_button(
        f"Télécharger {name}",
        content,
        file_name=download_name(version, name),
        mime=mime,
        on_click="ignore",
    )
