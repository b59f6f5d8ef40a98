"""What a table holds: a column or a line without any figure is not drawn, and is told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from observatory.french import vocabulary
from observatory.french.spelling import inside

NOT_SAID = "non renseigné"
NONE = frozenset({vocabulary.UNKNOWN, NOT_SAID})
"""Cells that say nothing; what is masked, too small or zero says something."""


def empty_columns(rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """Places of the columns, but for the first, in which no cell says anything."""
    if not rows:
        return frozenset()
    return frozenset(n for n in range(1, len(rows[0])) if all(row[n] in NONE for row in rows))


def is_empty(row: Sequence[str]) -> bool:
    """Whether no cell of a line, but for its name, says anything."""
    return all(cell in NONE for cell in row[1:])


def without(cells: Sequence[str], left_out: Iterable[int]) -> list[str]:
    """The cells of a line, but for those of some columns."""
    out = set(left_out)
    return [cell for n, cell in enumerate(cells) if n not in out]


def left_out_words(names: Iterable[str]) -> str:
    """« Rien n'est connu ici de : revenu médian. »; empty where nothing was left out."""
    told = ", ".join(inside(name) for name in names)
    return f"Rien n'est connu ici de : {told}." if told else ""
