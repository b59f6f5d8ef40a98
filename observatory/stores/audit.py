"""Audit of a store: what of it is not as it was written, one French sentence each."""

from __future__ import annotations

from observatory.stores.generation import StoreError, name_of, read_entry, read_files, sequences
from observatory.stores.store import KEPT, Store


def audit(store: Store) -> list[str]:
    """Every fault of a store, in the order of the generations; none when it is whole."""
    found: list[str] = []
    head = 0
    try:
        head = store.head().sequence
    except StoreError as error:
        found.append(str(error))
    known = sequences(store.folder)
    for sequence in known:
        folder = store.folder / name_of(sequence)
        try:
            entry = read_entry(folder)
            if entry.parent is not None and entry.parent not in known:
                found.append(f"{folder} : la génération {entry.parent}, d'où elle vient, manque.")
            if entry.purged:
                continue  # removed at the end of their retention, and this is written down
            if sequence > head - KEPT or any((folder / n).exists() for n in entry.sha256):
                read_files(folder, entry)
        except StoreError as error:
            if str(error) not in found:
                found.append(str(error))
    return found


def in_service(store: Store) -> frozenset[int]:
    """Generations that are, or were, in service: the head and those it comes from."""
    parents = {e.sequence: e.parent for e in store.history()}
    found: set[int] = set()
    at: int | None = store.head().sequence or None
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return frozenset(found)
