"""The public part of the action plan, as a version carries it: what any page may show."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd

from observatory.versions.frames import frame
from observatory.versions.warehouse import has_table

ACTIONS = [
    "id", "axis", "aim", "title", "description", "theme", "services", "structure", "partners",
    "publics", "communes", "first_day", "last_day", "status", "priority", "expected",
    "other_contracts", "demonstration",
]  # fmt: skip
BESIDE = {
    "action_step": ["action", "step", "due", "done"],
    "action_funding": ["action", "funder", "year", "nature", "euros"],
    "indicator": [
        "id", "action", "name", "kind", "service", "day_type", "measure", "definition", "communes",
        "unit", "baseline", "baseline_day", "target", "target_day",
    ],
    "indicator_reading": ["indicator", "day", "value", "source"],
    "action_note": ["action", "day", "said"],
    "committee_priority": ["rank", "services", "communes", "reason", "body", "decided"],
}  # fmt: skip
"""What goes with the actions, by table."""


def public_actions(con: duckdb.DuckDBPyConnection, code: str | None = None) -> pd.DataFrame:
    """The actions marked public, one row each, in the order of the plan.

    Parameters
    ----------
    code : str, optional
        INSEE code: those that concern this commune, by name or as part of the whole territory.

    Returns
    -------
    DataFrame
        The columns of ``ACTIONS``: never a function, nor the evaluation. ``services`` and
        ``communes`` are ids and codes, a comma between them (no commune: the whole territory).
        Empty when there is no plan, or when the version is older than plans.
    """
    where = "" if code is None else "WHERE communes IS NULL OR contains(communes, $code)"
    values = None if code is None else {"code": code}
    return _asked(con, "action", ACTIONS, where, values)


def beside_actions(con: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    """What goes with the public actions: one row per step, amount, indicator, reading,
    note, or priority of the committee.

    Parameters
    ----------
    table : str
        One of ``BESIDE``, whose columns it has.
    """
    return _asked(con, table, BESIDE[table], "", None)


def _asked(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[str],
    where: str,
    values: dict[str, Any] | None,
) -> pd.DataFrame:
    if not has_table(con, table):
        return pd.DataFrame(columns=columns)
    return frame(con, f"SELECT {', '.join(columns)} FROM {table} {where} ORDER BY rowid", values)
