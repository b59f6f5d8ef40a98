"""The history of the census on the page: what each generation changed, and how to undo it."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from observatory.census.generation_changes import (
    changes_of,
    establishments_changed,
    history_of,
)
from observatory.census.publishing import is_of_edits
from observatory.french import dates
from observatory.french.numbers import plural
from observatory.french.vocabulary import KINDS, NOTHING
from observatory.stores.author import function_of
from observatory.stores.generation import Entry
from observatory.stores.sides import sides
from observatory.stores.store import Store
from observatory.ui.controls.draft import PUBLISHED
from observatory.ui.shell import actions, blocks
from observatory.ui.tables.plain_table import show_frame

SHOWN = 500  # cells of one generation


def show_history(store: Store, id_: str) -> None:
    """The changes of one establishment, the latest first, and what undoes each."""
    found = list(history_of(store, id_))
    if not found:
        blocks.paragraph("Aucun changement gardé ne porte sur cet établissement.")
    for entry, cells in found:
        blocks.prose(f"{signature(entry)}.")
        blocks.bullets([cell.change for cell in cells])
        undo_button(store, entry, f"fiche_{id_}")


def signature(entry: Entry) -> str:
    """A generation in words: its number, when (in Paris), what, who by function, why."""
    when = dates.long_moment(datetime.fromisoformat(entry.when))
    parts = [f"Génération {entry.sequence}", when, KINDS[entry.kind]]
    return ", ".join(filter(None, (*parts, function_of(entry.who), entry.why)))


def undo_button(store: Store, entry: Entry, key: str) -> None:
    """What undoes the edits of a generation; nothing where it is not one of edits."""
    both = sides(store, entry)
    if both is None or not is_of_edits(*both):
        return
    if st.button(f"Annuler la génération {entry.sequence}", key=f"annuler_{key}_{entry.sequence}"):
        with st.spinner("Annulation et reconstruction de la version…"):
            job = actions.revert_edits(entry.sequence)
        said = actions.outcome(job, "L'annulation n'a pas abouti.")
        if said.failed:
            st.error(blocks.as_label(said.text))
            return
        st.session_state[PUBLISHED] = f"{said.text} La carte est à jour."
        st.rerun()


def journal_table(store: Store, entries: list[Entry], served: frozenset[int]) -> pd.DataFrame:
    """One row per generation: when, who by function, what, why, what it changed."""
    return pd.DataFrame(
        {
            "Génération": [str(e.sequence) for e in entries],
            "Quand": [dates.long_moment(datetime.fromisoformat(e.when)) for e in entries],
            "Qui (fonction)": [function_of(e.who) or NOTHING for e in entries],
            "Quoi": [
                KINDS[e.kind] + ("" if e.sequence in served else " (jamais en service)")
                for e in entries
            ],
            "Pourquoi": [e.why or NOTHING for e in entries],
            "Ce qui change": [_summary(str(store.folder), e.sequence, store, e) for e in entries],
        }
    )


def show_cells(store: Store, entry: Entry) -> None:
    """The rows that a generation changed, cell by cell."""
    both = sides(store, entry)
    if both is None:
        blocks.paragraph("Le détail n'est plus gardé : seule la ligne du journal l'est.")
        return
    cells = changes_of(*both)
    if len(cells) > SHOWN:
        blocks.paragraph(f"Les {SHOWN} premiers, sur {plural(len(cells), 'changement')}.")
    if not cells:
        blocks.paragraph("Aucune ligne du recensement n'a changé.")
        return
    show_frame(
        "Lignes changées : feuille, établissement ou commune, colonne, avant et après",
        pd.DataFrame(
            {
                "Feuille": [c.sheet for c in cells[:SHOWN]],
                "Ligne": [c.subject for c in cells[:SHOWN]],
                "Ce qui change": [c.column for c in cells[:SHOWN]],
                "Avant": [c.before or NOTHING for c in cells[:SHOWN]],
                "Après": [c.after or NOTHING for c in cells[:SHOWN]],
            }
        ),
        key="lignes_changees",
    )


@st.cache_data(max_entries=400, show_spinner=False)
def _summary(folder: str, sequence: int, _store: Store, _entry: Entry) -> str:
    """What a generation changed, in a few words; a generation is never written again."""
    both = sides(_store, _entry)
    if both is None:
        return "détail non gardé"
    before, after = both
    changed = establishments_changed(before, after)
    others = sorted(
        n for n in {*before, *after} if n != "offre.csv" and before.get(n) != after.get(n)
    )
    named = [(new or old)[0][1] for old, new in changed.values()]
    told = []
    if changed:
        more = f" : {', '.join(named)}" if len(named) <= 3 else ""
        told.append(plural(len(named), "établissement") + more)
    return " ; ".join([*told, *others]) or "rien"
