"""The gap table as it is exported: columns, rows, CSV text.

Amounts are rounded, half away from zero as on the screens, to the decimals of ``gap_table.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from observatory.files.columns import FileColumn as FileColumn
from observatory.files.columns import columns as columns
from observatory.files.gap_csv import csv_chunks, heading_line
from observatory.files.gap_rows import gap_rows
from observatory.french.csv import FRENCH, INTERNATIONAL
from observatory.french.numbers import rounded
from observatory.french.spreadsheet import clean_text
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.versions import warehouse

LAMBERT_93 = 2154
"""EPSG code of the official projection of mainland France."""


def gap_table(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    codes: Sequence[str | None] | None = None,
) -> pd.DataFrame:
    """The gap table in the order and words of the file, values still typed.

    One row per commune × service × day type × definition; the territory's total closes each group.
    Without a definition, each service takes its own first one when no service is named, and all of
    them when one is.

    Parameters
    ----------
    codes : sequence, optional
        INSEE codes of the rows of each group, in their order, None for the territory's total. All
        communes by code, then the total, when absent.

    Raises
    ------
    RequestError
        When a name is not in the nomenclature, a target comes without its service, or a code is
        not of the territory.
    """
    made = [table for rows in gap_rows(con, question, codes) for table in rows.frames()]
    return made[0] if len(made) == 1 else pd.concat(made, ignore_index=True)


def finer(table: pd.DataFrame) -> list[int]:
    """Decimals that each row has beyond those of its columns: units counted by the tenth."""
    places, found = pd.factorize(table["service"])
    more = [1 if nomenclature().services[s].decimals else 0 for s in found]
    return np.array(more, dtype=int)[places].tolist()  # type: ignore[no-any-return]


def distinct(cells: pd.Series[Any], make: Callable[[Any], Any]) -> list[Any]:
    """What is made of the cells of a column, each distinct value once; None where unknown."""
    places, found = pd.factorize(cells)
    made = np.empty(len(found) + 1, dtype=object)
    made[:-1] = [make(value) for value in found]
    return made[places].tolist()  # type: ignore[no-any-return]  # the place of unknown is −1


def figures(
    table: pd.DataFrame, name: str, column: FileColumn
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The figures of a column, rounded, NaN where unknown."""
    numbers = table[name].to_numpy(dtype=float, na_value=np.nan)
    decimals = np.full(len(numbers), column.decimals)
    if column.type == "decimal" and column.decimals and "service" in table:
        decimals = decimals + np.array(finer(table), dtype=int)
    out = np.full(len(numbers), np.nan)
    for many in np.unique(decimals):
        rows = decimals == many
        out[rows] = _rounded(numbers[rows], int(many))
    return out


def _rounded(numbers: np.ndarray[Any, np.dtype[np.float64]], decimals: int) -> Any:
    """Round as ``numbers.rounded`` does; one by one only where the two ways can differ."""
    out = np.round(numbers, decimals) + 0.0  # never −0
    scaled = np.abs(numbers) * 10.0**decimals
    for row in np.flatnonzero(np.abs(scaled % 1 - 0.5) <= 1e-6):
        out[row] = rounded(float(numbers[row]), decimals)
    out[~np.isfinite(numbers)] = np.nan
    return out


def gaps_csv(table: pd.DataFrame, *, international: bool = False) -> bytes:
    """A gap table as CSV, as ``gap_csv.csv_chunks`` writes it."""
    with duckdb.connect(config=warehouse.CONFIG) as con:
        texts = {
            name: table[name]
            .map(lambda value: clean_text(str(value)), na_action="ignore")
            .astype("str")
            for name, column in columns().items()
            if column.type == "string"
        }
        con.register("_table", table[list(columns())].assign(**texts))
        con.execute("CREATE TABLE gap_row AS FROM _table")
        dialect = INTERNATIONAL if international else FRENCH
        return b"".join((heading_line(dialect), *csv_chunks(con, dialect)))
