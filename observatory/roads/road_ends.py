"""Where trips start and end: the places between which the accessible supply counts minutes."""

from __future__ import annotations

import duckdb
import pandas as pd

from observatory.versions.frames import frame

# One row per demand point: a town hall, or a point that the territory gave.
ORIGINS = "SELECT id, code, lon, lat FROM demand_point ORDER BY point"
# One row per establishment whose place is known, and one per commune where supply stands at the
# town hall: totals, and establishments that are placed no better.
DESTINATIONS = """
SELECT establishment AS id, code, lon, lat FROM supply_point
WHERE establishment IS NOT NULL AND located
UNION ALL
SELECT code, code, lon, lat FROM commune
WHERE lon IS NOT NULL AND lat IS NOT NULL
    AND code IN (SELECT code FROM supply_point WHERE establishment IS NULL OR NOT located)
ORDER BY ALL
"""


def trip_ends(con: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Origins and destinations of a version: id, code, lon, lat.

    Raises
    ------
    VersionError
        When the version is older than these tables.
    """
    return frame(con, ORIGINS), frame(con, DESTINATIONS)
