"""The layout before generations: files directly in the folder, dated copies beside them.

It is taken in as the first generation by the first write. The dated copies stay where they are.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from observatory.stores.generation import (
    StoreError,
    former_names,
    name_of,
    read_entry,
    sequences,
)

PREPARED = ".pret"  # files of a load that was stopped while it put them in place


def is_unsettled(folder: Path) -> bool:
    """Whether a load of the former layout was stopped while it put its files in place."""
    return (folder / PREPARED).is_dir()


def settle(folder: Path) -> None:
    """Finish putting those files in place; under the lock."""
    ready = folder / PREPARED
    if ready.is_dir():
        for path in sorted(ready.iterdir()):
            path.replace(folder / path.name)
        ready.rmdir()


def refuse_strays(folder: Path) -> None:
    """Refuse a file put by hand beside the generations: nobody would know which one counts.

    Raises
    ------
    StoreError
        When there is one that is not what a killed writer left after taking it in.
    """
    names = former_names(folder)
    known = _taken_in(folder) if names else {}
    for name in names:
        if known.get(name) != _sum(folder / name):
            raise StoreError(
                "ce fichier a été déposé à la main, il ne compte pas encore",
                where=str(folder / name),
                mend="Le sortir de ce dossier, puis le charger (observatory census load).",
            )


def remove_taken_in(folder: Path) -> None:
    """Remove the files that are safe in the first generation; under the lock."""
    names = former_names(folder)
    known = _taken_in(folder) if names else {}
    for name in names:
        if known.get(name) == _sum(folder / name):
            (folder / name).unlink()


def _taken_in(folder: Path) -> dict[str, str]:
    """Sums of the files of the generation that took the former layout in."""
    found: dict[str, str] = {}
    for sequence in sequences(folder):
        entry = read_entry(folder / name_of(sequence))
        if entry.kind == "former":
            found |= entry.sha256
    return found


def _sum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:  # a writer has just removed it
        return ""
