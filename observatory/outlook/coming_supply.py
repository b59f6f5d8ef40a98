"""Supply of the coming years: what the census already says will open or close, and who leaves.

A range: places not open yet may never be; assistants maternels leave more than they come. All else
stays as it is known.
"""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.outlook_rules import OutlookRules, outlook_rules
from observatory.outlook.age_pyramid import AgeClass, still_there
from observatory.outlook.coming_children import SIDES, WHOLE
from observatory.versions.frames import frame

AM = "assistants_maternels"
YEAR_DAYS = 365.25
SUPPLIES = """
SELECT coalesce(code, '') AS code, service, supply FROM supply_as_of($day, $wanted)
WHERE list_contains($services, service) AND day_type IS NOT DISTINCT FROM $day_type
"""
NEW = """
SELECT coalesce(a.code, '') AS code, o.service, sum(o.amount * a.share) AS amount
FROM open_capacity($then) AS o
JOIN allocation AS a ON a.establishment = o.establishment
SEMI JOIN perimeter AS p ON p.code = a.code
ANTI JOIN open_capacity($day) AS b ON b.establishment = o.establishment
WHERE list_contains($services, o.service) AND o.day_type IS NOT DISTINCT FROM $day_type
GROUP BY GROUPING SETS ((a.code, o.service), (o.service))
"""


def remaining(
    years: float, pyramid: tuple[AgeClass, ...] = (), rules: OutlookRules | None = None
) -> dict[str, float]:
    """Share of the assistants maternels still there after some years: low, middle, high.

    By the net exits a year; by the ages of the territory, where they are given, everyone leaving at
    the first age or at the last one of the rules.
    """
    rules = rules or outlook_rules()
    if pyramid:
        early, late = rules.pyramid.leaving
        low, high = (still_there(pyramid, years, age) for age in (early, late))
        return {"low": low, "mid": (low + high) / 2, "high": high}
    least, most = rules.childminders.net_exits
    shares = {"low": most, "mid": (least + most) / 2, "high": least}
    return {side: (1 - share) ** years for side, share in shares.items()}


def coming_supply(
    con: duckdb.DuckDBPyConnection,
    service: str,
    day_type: str | None,
    day: date,
    years: list[int],
    pyramid: tuple[AgeClass, ...] = (),
    rules: OutlookRules | None = None,
) -> pd.DataFrame:
    """Supply of each place on 1 January of some years.

    Parameters
    ----------
    day : date
        From which the assistants maternels are followed, and establishments are new.
    pyramid : tuple of AgeClass
        Ages of the assistants maternels of the territory; they are followed there alone by them.

    Returns
    -------
    DataFrame
        One row per place × year: code (``WHOLE`` is the territory), year, ``low``, ``mid``,
        ``high`` in the unit of the service, NaN where unknown or masked; ``new``, what opens
        meanwhile.
    """
    rules = rules or outlook_rules()
    one = nomenclature().services[service]
    asked = {
        "services": list(one.parts or (service,)),
        "wanted": None if one.parts else service,
        "day_type": day_type,
    }
    today = _wide(frame(con, SUPPLIES, {**asked, "day": day}), "supply")
    found = []
    for year in years:
        then = date(year, 1, 1)
        supply = _wide(frame(con, SUPPLIES, {**asked, "day": then}), "supply")
        values = {k: v for k, v in asked.items() if k != "wanted"}
        new = _wide(frame(con, NEW, {**values, "day": day, "then": then}), "amount")
        new = new.reindex(index=supply.index, columns=supply.columns).fillna(0.0)
        sides = {side: supply.copy() for side in SIDES}
        for part in set(rules.never_open.services) & set(supply.columns):
            sides["low"][part] -= rules.never_open.share * new[part]
        if AM in supply:
            whole = float(today[AM].loc[WHOLE])
            spent = (then - day).days / YEAR_DAYS
            shares, own = remaining(spent, (), rules), remaining(spent, pyramid, rules)
            for side in SIDES:
                sides[side][AM] = today[AM].reindex(supply.index) * shares[side]
                sides[side].loc[WHOLE, AM] = whole * own[side]
        table = pd.DataFrame({side: sides[side].sum(axis=1, skipna=False) for side in SIDES})
        found.append(table.assign(new=new.sum(axis=1), year=year).rename_axis("code").reset_index())
    return pd.concat(found, ignore_index=True)[["code", "year", *SIDES, "new"]]


def _wide(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """One row per place, one column per service that the one asked is made of."""
    wide = table.pivot(index="code", columns="service", values=value).astype(np.float64)
    wide.columns.name = None
    return wide
