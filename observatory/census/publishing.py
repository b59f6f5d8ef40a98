"""Publication of edits: read, change rows, one transaction; and the undoing of one generation."""

from __future__ import annotations

from pathlib import Path

from observatory.census import census_store
from observatory.census.edit_check import apply_draft, stale
from observatory.census.edited_rows import replaced, rows_of
from observatory.census.edits import Edit
from observatory.census.generation_changes import (
    OFFER,
    establishments_changed,
    history_of,
    name_in,
    sheet_rows,
)
from observatory.census.loading import known_communes
from observatory.census.sheets import sheet
from observatory.settings import Settings
from observatory.stores.author import signed
from observatory.stores.generation import Entry, name_of, read_entry, sequences
from observatory.stores.sides import sides
from observatory.stores.store import Store
from observatory.workbook.drafts import Draft, EditError, PublishedEdits
from observatory.workbook.results import Rows
from observatory.workbook.stored import canonical


def establishments(settings: Settings) -> Rows:
    """The rows of the establishments in place.

    Raises
    ------
    StoreError
        When the census cannot be read.
    """
    return census_store.read(settings.census_dir).get("offre", [])


def publish(draft: Draft[Edit], settings: Settings, who: str = "", why: str = "") -> PublishedEdits:
    """Put the edits of a draft in service, all of them or none, as one generation.

    Raises
    ------
    EditError
        When an edit cannot be made, or a row was changed by somebody else since it was read.
    StoreError
        When the store cannot be read or written.
    """
    communes = known_communes(settings)
    store = census_store.census_store(settings.census_dir)
    with store.writing() as writing:
        table = _table(writing.files, store.folder)
        if moved := stale(table, draft):
            raise _changed_meanwhile(store, table, moved[0])
        edited = apply_draft(table, draft, communes)
        names = [
            name_in(edited.table, i) for i, rows in edited.rows.items() if rows != rows_of(table, i)
        ]
        if not names:
            return PublishedEdits(None, [], edited.warnings)
        content = canonical(sheet("offre"), edited.table)
        state = writing.commit("edit", {**writing.files, OFFER: content}, who, why)
    return PublishedEdits(state.sequence, names, edited.warnings)


def revert(settings: Settings, sequence: int, who: str = "", why: str = "") -> PublishedEdits:
    """Undo the edits of one generation, whatever came after it on other establishments.

    Undone in their order, the latest first, edits give back the very bytes of the state before.

    Raises
    ------
    EditError
        When the generation is not one of edits, or an establishment changed since.
    StoreError
        When the store cannot be read or written.
    """
    store = census_store.census_store(settings.census_dir)
    with store.writing() as writing:
        entry = _entry(store, sequence)
        both = sides(store, entry)
        if both is None:
            raise EditError(
                f"les fichiers de la génération {sequence} ne sont plus gardés",
                mend="Corriger l'établissement par une nouvelle modification.",
            )
        before, after = both
        if not is_of_edits(before, after):
            raise EditError(
                f"la génération {sequence} n'est pas une modification d'établissements",
                mend="L'annuler par « census undo », ou remettre un état (census restore).",
            )
        table = _table(writing.files, store.folder)
        changed = establishments_changed(before, after)
        for id_, (_, new) in changed.items():
            if rows_of(table, id_) != new:
                raise _changed_meanwhile(store, table, id_)
        names = [name_in(table, id_) for id_ in changed]
        for id_, (old, _) in changed.items():
            table = replaced(table, id_, old)
        same = sheet_rows(before, sheet("offre"), store.folder) == table
        content = before[OFFER] if same else canonical(sheet("offre"), table)
        why = f"annule la génération {sequence}" + (f" : {why}" if why else "")
        state = writing.commit("undo", {**writing.files, OFFER: content}, who, why)
    return PublishedEdits(state.sequence, names)


def is_of_edits(before: dict[str, bytes], after: dict[str, bytes]) -> bool:
    """Whether two states differ by edits alone: rows of establishments that were there before."""
    if {n: c for n, c in before.items() if n != OFFER} != {
        n: c for n, c in after.items() if n != OFFER
    }:
        return False
    changed = establishments_changed(before, after)
    return bool(changed) and all(old and new for old, new in changed.values())


def _table(files: dict[str, bytes], folder: Path) -> Rows:
    """The establishments among the files of a state.

    Raises
    ------
    EditError
        When there is none: the demonstration is nobody's to edit.
    """
    table = sheet_rows(files, sheet("offre"), folder)
    if not table:
        raise EditError(
            "le recensement en place n'a pas d'établissement : il n'y a rien à modifier",
            mend="Charger d'abord le recensement du territoire ; la démonstration ne se modifie "
            "pas.",
        )
    return table


def _entry(store: Store, sequence: int) -> Entry:
    if sequence not in sequences(store.folder):
        raise EditError(f"la génération {sequence} n'existe pas", mend="Voir census history.")
    return read_entry(store.folder / name_of(sequence))


def _changed_meanwhile(store: Store, table: Rows, id_: str) -> EditError:
    """The refusal of an edit whose row is no longer the one that was read, with who changed it."""
    told = next((f" {signed(entry)}" for entry, _ in history_of(store, id_)), "")
    return EditError(
        f"l'établissement {name_in(table, id_)} a été modifié entre-temps{told} : rien n'est "
        "publié, rien n'est perdu",
        mend="Relire sa fiche, puis refaire la modification sur l'état d'aujourd'hui.",
    )
