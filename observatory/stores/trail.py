"""Where each generation stands in the line of changes: what undoing and redoing lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.stores.generation import Entry


@dataclass(frozen=True)
class Place:
    """The place of a generation.

    Attributes
    ----------
    at : int
        The change whose state it holds: itself, or the one that undoing came back to; 0 is nothing.
    ahead : tuple of int
        The changes that were undone from there, the latest undone last.
    """

    at: int = 0
    ahead: tuple[int, ...] = ()


def places(history: Sequence[Entry]) -> dict[int, Place]:
    """The place of every generation of a journal, given oldest first; that of 0 is nothing.

    What undoes one generation in particular and so gives back the state before it is a step back
    like any other; with another state, it is a change.
    """
    by_sequence = {entry.sequence: entry for entry in history}
    found = {0: Place()}
    for entry in history:
        before = found.get(entry.parent or 0, Place(entry.parent or 0))
        found[entry.sequence] = _place(entry, before, found, by_sequence)
    return found


def back(place: Place, found: Mapping[int, Place], by_sequence: Mapping[int, Entry]) -> int | None:
    """The change before the one where a place stands; 0 is nothing, None when it is nothing."""
    entry = by_sequence.get(place.at)
    if entry is None:
        return None
    parent = entry.parent or 0
    return found.get(parent, Place(parent)).at


def _place(
    entry: Entry, before: Place, found: Mapping[int, Place], by_sequence: Mapping[int, Entry]
) -> Place:
    if entry.kind == "undo":
        target = back(before, found, by_sequence)
        if target is not None and _holds(entry, target, by_sequence):
            return Place(target, (*before.ahead, before.at))
    if entry.kind == "redo" and before.ahead:
        return Place(before.ahead[-1], before.ahead[:-1])
    if entry.kind == "compensate" and (failed := by_sequence.get(entry.parent or 0)):
        parent = failed.parent or 0
        return found.get(parent, Place(parent))
    return Place(entry.sequence)


def _holds(entry: Entry, sequence: int, by_sequence: Mapping[int, Entry]) -> bool:
    """Whether a generation holds the very files of another; 0 has none."""
    other = by_sequence.get(sequence)
    return entry.sha256 == (other.sha256 if other else {}) and (other is not None or not sequence)
