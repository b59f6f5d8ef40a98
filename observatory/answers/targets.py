"""The targets that the territory voted, as a version carries them."""

from __future__ import annotations

import duckdb
import pandas as pd

from observatory.versions.frames import frame
from observatory.versions.warehouse import has_table


def targets(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per target: service, day_type, amount (in the unit of the service's rate).

    Returns
    -------
    DataFrame
        Also valid_from, decided_by and source; every date, oldest first. Empty when none was voted,
        or when the version is older than they are.
    """
    if not has_table(con, "voted_target"):
        return pd.DataFrame(columns=["service", "day_type", "amount", "valid_from", "decided_by"])
    return frame(
        con,
        "SELECT t.* FROM voted_target AS t JOIN service AS s ON s.id = t.service "
        "ORDER BY s.rank, t.day_type, t.valid_from",
    )
