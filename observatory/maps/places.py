"""Establishments as points of a map; never an assistant maternel."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.specification import MapPoints, Point


def points_among(table: pd.DataFrame, services: Collection[str]) -> MapPoints | None:
    """The establishments of some services that have a position, None when there is none.

    Parameters
    ----------
    table : DataFrame
        Given by `observatory.answers.gaps.establishments`.
    services : collection of str
        Services to show, none of them a sum of others.
    """
    known = {i: s.short for i, s in nomenclature().services.items() if i in set(table["service"])}
    kept = table[table["service"].isin(list(services)) & table["lon"].notna()]
    if kept.empty:
        return None
    told = kept[["lon", "lat", "service", "status", "name", "code"]]
    return MapPoints(known, [Point(*row) for row in told.itertuples(index=False)])
