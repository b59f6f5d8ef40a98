"""The columns that say where a figure comes from, and whether it is invented."""

from __future__ import annotations

from typing import Any

from observatory.workbook.contract import column
from observatory.workbook.readers import DATE, TEXT


def source_column(example: str) -> Any:
    """Where the figure comes from."""
    return column("Source", "D'où vient le chiffre.", TEXT, example, default="")


def source_day_column(example: str, aliases: tuple[str, ...] = ()) -> Any:
    """The day on which the figure was true."""
    return column(
        "Date de la source",
        "Jour où le chiffre était vrai.",
        DATE + ", ou vide",
        example,
        default=None,
        aliases=aliases,
    )


def demonstration_column(meaning: str = "« oui » pour une ligne inventée.") -> Any:
    """Whether the row is invented, for the demonstration."""
    return column(
        "Démonstration",
        meaning,
        "oui ou non ; vide : non",
        "non",
        default=False,
        choices="yes",
    )
