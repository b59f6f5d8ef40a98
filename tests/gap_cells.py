"""Cells of the gap table as Python values, to compare what a file holds with."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from observatory.files.columns import FileColumn
from observatory.files.gap_table import figures


def values(table: pd.DataFrame, name: str, column: FileColumn) -> list[Any]:
    """The cells of a column, rounded; None where unknown.

    Text and days as they stand, whole numbers as ``int``, others as ``float``.
    """
    if column.type in ("string", "date"):
        return [None if pd.isna(value) else value for value in table[name]]
    kind = int if column.type == "integer" or not column.decimals else float
    return [None if math.isnan(n) else kind(n) for n in figures(table, name, column)]
