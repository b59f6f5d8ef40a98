"""Both sides of a change: the files before and after a generation."""

from __future__ import annotations

from observatory.stores.generation import Entry, StoreError, name_of, read_entry, read_files
from observatory.stores.store import Store


def contents(store: Store, sequence: int | None) -> dict[str, bytes] | None:
    """The files of a generation; none of 0, None when they are no longer kept."""
    if not sequence:
        return {}
    folder = store.folder / name_of(sequence)
    try:
        return read_files(folder, read_entry(folder))
    except StoreError:
        return None


def sides(store: Store, entry: Entry) -> tuple[dict[str, bytes], dict[str, bytes]] | None:
    """Files before and after a generation; None when either is no longer kept."""
    before, after = contents(store, entry.parent), contents(store, entry.sequence)
    return None if before is None or after is None else (before, after)
