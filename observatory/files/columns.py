"""Columns of the exported tables, as their ``.toml`` describe them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class FileColumn:
    """One column of an exported table.

    Attributes
    ----------
    type : str
        A CSVW datatype: string, decimal, integer or date.
    decimals : int
        Decimals written; amounts counted by the tenth take one more (see ``finer``).
    unit : str
        Unit of the figures, or the heading of the column that gives it row by row.
    shown : int, optional
        Decimals shown by a workbook, when fewer than those kept.
    signed : bool
        Whether the sign is always shown.
    """

    heading: str
    type: str
    decimals: int
    meaning: str
    unit: str = ""
    shown: int | None = None
    signed: bool = False


def read_columns(path: Path) -> dict[str, FileColumn]:
    """The columns of a table by our name, in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: FileColumn(**entry) for name, entry in entries.items()}


@cache
def columns() -> dict[str, FileColumn]:
    """The columns of the gap table (``gap_table.toml``)."""
    return read_columns(Path(__file__).with_name("gap_table.toml"))
