"""The rows of a query as plain Python values, for what needs no table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def records(
    con: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query as plain Python values by column, so that unknown stays None."""
    done = con.execute(query, values or [])
    names = [name for name, *_ in done.description or ()]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]
