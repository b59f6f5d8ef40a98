"""Communes with the largest shortfall."""

from __future__ import annotations

import pandas as pd

from observatory.maps.view import View

SHOWN = 5


def shortfalls(view: View, rows: pd.DataFrame) -> list[tuple[str, str, float]] | None:
    """The communes with the largest shortfall, most lacking first; never an unknown one.

    Parameters
    ----------
    rows : DataFrame
        One row per commune, for the view's service, day type and definition.

    Returns
    -------
    list of tuple, or None
        At most five: code, name, gap in the service's unit (that of the accessible supply where
        the measure in view is about it); None when no gap is known, or when the definition only
        shares out what there is.
    """
    if view.shares_out:
        return None
    column = "access_gap" if view.measure.reach else "gap"
    found = rows[["code", "name", column]].set_axis(["code", "name", "gap"], axis=1)
    seen = found["gap"] <= -0.5 * 10.0**-view.service.decimals  # what would read as zero is none
    if not found["gap"].notna().any():
        return None
    worst = found[seen].sort_values(["gap", "code"]).head(SHOWN)
    return list(worst.itertuples(index=False, name=None))
