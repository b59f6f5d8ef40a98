"""The border where DuckDB becomes a table of pandas, with types that no row decides.

A column of text without a single value stays text, so that it may still be a key: DuckDB alone
gives it the type ``object``, which matches nothing. Whole numbers and booleans may be unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd

from observatory.versions import warehouse

TYPES = {
    "VARCHAR": "str",
    "BOOLEAN": "boolean",
    "INTEGER": "Int32",
    "BIGINT": "Int64",
    "FLOAT": "float64",
    "DOUBLE": "float64",
    "DATE": "datetime64[us]",
}
"""Type of a column by its type in DuckDB; others are as DuckDB gives them."""


def frame(
    con: duckdb.DuckDBPyConnection,
    query: str,
    values: Sequence[Any] | Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """The rows of a query, as a table whose types are those of the query alone.

    Parameters
    ----------
    values : sequence or mapping, optional
        What stands for the ``?``, or the ``$names``, of the query.

    Raises
    ------
    VersionError
        When the version was built before a table or a macro that the query needs existed.
    """
    try:
        done = con.execute(query, values)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise warehouse.older() from error
    kinds = {name: TYPES.get(str(kind)) for name, kind, *_ in done.description or ()}
    return done.df().astype({name: kind for name, kind in kinds.items() if kind})
