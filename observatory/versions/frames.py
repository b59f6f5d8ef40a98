"""The border where DuckDB becomes a table of pandas, with types that no row decides.

Rows come through Arrow, so that no cell is made an object. A column of text without a single value
stays text, so that it may still be a key. Whole numbers and booleans may be unknown.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from observatory.versions import warehouse

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
NULLABLE = {
    pa.string(): TEXT,
    pa.bool_(): pd.BooleanDtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
}
"""Type of a column that may be unknown by its type in Arrow; the others as ``TYPES`` says."""
TYPES = {
    "VARCHAR": "str",
    "BOOLEAN": "boolean",
    "INTEGER": "Int32",
    "BIGINT": "Int64",
    "FLOAT": "float64",
    "DOUBLE": "float64",
    "DATE": "datetime64[us]",
}
"""Type of a column by its type in DuckDB; a table with others is made by DuckDB itself."""
COPIED = "Arrow output on a DB-API result"
"""How DuckDB begins to warn that it copies the rows of a result."""


@cache
def _copying_is_meant() -> None:
    """Do not be warned, once for the whole process: the filters of warnings know no thread."""
    warnings.filterwarnings("ignore", COPIED, UserWarning)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each by the names of its columns."""
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


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
    con.complete()  # a result that nobody read to its end would stand in the way
    # A relation is bound twice, once for its columns and once to run: of most queries, that is a
    # fourth of the time. A result is bound once, and its rows are copied: here they are few.
    _copying_is_meant()
    try:
        rows = con.execute(query, values)
        told = {name: str(kind) for name, kind, *_ in rows.description or ()}
        if set(told.values()) <= TYPES.keys():
            whole = rows.to_arrow_table()
            con.complete()
            assert whole is not None  # it was not read before
            if not whole.num_rows:  # Arrow would have no type
                return pd.DataFrame({n: pd.Series([], dtype=TYPES[k]) for n, k in told.items()})
            table: pd.DataFrame = whole.to_pandas(types_mapper=NULLABLE.get, date_as_object=False)
        else:
            table = rows.df()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise warehouse.older() from error
    wanted = {name: TYPES[kind] for name, kind in told.items() if kind in TYPES}
    return table.astype({name: kind for name, kind in wanted.items() if table[name].dtype != kind})


@contextmanager
def lent(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pd.DataFrame]) -> Iterator[None]:
    """Tables that queries may name for the time of a block.

    A command that is stopped closes its connection before what it was iterating: they are gone with
    it.
    """
    for name, table in tables.items():
        con.register(name, table)
    try:
        yield
    finally:
        with suppress(duckdb.ConnectionException):
            for name in tables:
                con.unregister(name)
