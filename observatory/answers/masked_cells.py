"""Masked cells of a gap table: figures that are missing because they are hidden, not unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.knowledge.nomenclature import nomenclature

OWN = ("supply", "gap", "rate")
"""Figures that a masked total of the service hides."""
OF_PUBLIC = ("public", "need", "access_rate", "access_gap")
"""Figures that are hidden too where the public is itself masked: the assistants maternels of a
relais."""


def masked_cells(rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Whether each missing figure of a column is masked; false where it is shown, or unknown."""
    if (beside := flag_of(column)) in rows:
        return rows[beside].fillna(False).astype(bool)
    if column not in (*OWN, *OF_PUBLIC):
        return pd.Series(False, index=rows.index)
    hidden: pd.Series[bool] = rows["masked"].astype(bool) & rows[column].isna()
    return hidden if column in OWN else hidden & rows["service"].isin(_of_secret_public())


def flag_of(column: str) -> str:
    """Name of the column that says where another one is masked, in a table with many services."""
    return f"{column}.masked"


def is_masked(row: Mapping[Any, Any] | pd.Series[Any], column: str) -> bool:
    """``masked_cells`` for one row."""
    if not row["masked"] or not pd.isna(row[column]):
        return False
    return column in OWN or (column in OF_PUBLIC and row["service"] in _of_secret_public())


def _of_secret_public() -> set[str]:
    """Services whose public is a service with masks."""
    services = nomenclature().services
    return {i for i, s in services.items() if s.public in services}
