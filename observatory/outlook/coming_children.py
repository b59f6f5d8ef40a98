"""Children of the coming years: by births and the retention of the place, then by ageing.

Children under three on 1 January of a year ≈ births of the three years before × retention (children
of 0 to 2 years that the census counts ÷ births of the three years before it). Older ones are those
that the census counted, aged; those who were not born then come from the births. Nobody moves nor
dies after the age of two: both are in the retention.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.profile import YOUNG
from observatory.knowledge.outlook_rules import OutlookRules, outlook_rules
from observatory.versions.frames import frame
from observatory.versions.warehouse import has_table

WHOLE = ""
"""The territory, among the codes of the communes."""
SIDES = ("low", "mid", "high")
BIRTHS = "SELECT code, year, births FROM birth SEMI JOIN perimeter USING (code)"
YOUNG_COUNT = """
SELECT code, TRY_CAST(vintage AS INTEGER) AS year, amount, estimated
FROM public_count SEMI JOIN perimeter USING (code) WHERE public = $public AND amount IS NOT NULL
"""
AGES = """
SELECT code, age, sum(amount * share) AS amount FROM age_piece
WHERE age IS NOT NULL GROUP BY code, age
"""


@dataclass(frozen=True)
class KnownChildren:
    """What is known of the children of a territory; one row per place, ``WHOLE`` among them.

    Attributes
    ----------
    births : DataFrame
        By year; NaN where unknown.
    ages : DataFrame
        People by year of age, 0 to 17, when they were counted.
    counted : int or None
        Year of that count; None when there is none, or several.
    young : Series
        Children of 0 to 2 years at that count.
    """

    births: pd.DataFrame
    ages: pd.DataFrame
    counted: int | None
    young: pd.Series[float]


def known_children(con: duckdb.DuckDBPyConnection) -> KnownChildren:
    """Read births, ages and children under three of every commune, and add them up.

    A sum over an unknown commune is unknown.
    """
    codes = [c for (c,) in con.execute("SELECT code FROM perimeter ORDER BY code").fetchall()]
    born = frame(con, BIRTHS).pivot(index="code", columns="year", values="births")
    years = frame(con, YOUNG_COUNT, {"public": YOUNG})
    vintages = set(years["year"].dropna())
    ages = frame(con, AGES) if has_table(con, "age_piece") else pd.DataFrame()
    wide = ages.pivot(index="code", columns="age", values="amount") if len(ages) else ages
    young = years.set_index("code")["amount"].astype("float64")
    return KnownChildren(
        _with_whole(born, codes),
        _with_whole(wide, codes),
        int(vintages.pop()) if len(vintages) == 1 else None,
        _with_whole(young.to_frame(), codes)["amount"],
    )


def _with_whole(table: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """One row per commune, and their sum, unknown where one of them is."""
    every = table.reindex(codes).astype("float64")
    every.loc[WHOLE] = every.sum(min_count=len(codes))
    every.columns = [int(c) if str(c).isdigit() else c for c in every.columns]
    return every


def retention_of(known: KnownChildren, rules: OutlookRules | None = None) -> pd.DataFrame:
    """Children counted at 0 to 2 years for one birth of the three years before.

    Returns
    -------
    DataFrame
        One row per place: ``own`` and ``low``, ``mid``, ``high``: the one used and its band, from
        the place's own to the territory's; ``years``, of how many of the three years the births are
        known: where fewer than three, the mean of those known stands for the others.
    """
    rules = rules or outlook_rules()
    before = [known.counted - n for n in (1, 2, 3)] if known.counted else []
    born = known.births.reindex(columns=before)
    births = 3 * born.mean(axis=1) if before else pd.Series(np.nan, known.births.index)
    own = known.young / births.where(births > 0)
    whole = own.get(WHOLE, np.nan)
    large = births >= rules.retention.own_from
    used = own.where(large, whole).where(births.notna())
    sides = pd.concat([own, pd.Series(whole, own.index)], axis=1)
    # A few families make a village's own: it is no bound either.
    low = sides.min(axis=1, skipna=False).where(large, used)
    high = sides.max(axis=1, skipna=False).where(large, used)
    return pd.DataFrame(
        {"own": own, "low": low, "mid": used, "high": high, "years": born.notna().sum(axis=1)}
    )


def births_trend(known: KnownChildren, rules: OutlookRules | None = None) -> tuple[float, bool]:
    """By how much births are multiplied each year; whether that is the territory's own trend."""
    rules = rules or outlook_rules()
    span = rules.births.span
    row = known.births.loc[[WHOLE]].to_numpy()[0]
    years = [int(y) for y in known.births.columns]
    whole = {y: float(n) for y, n in zip(years, row, strict=True) if np.isfinite(n)}
    last = max(whole, default=0)
    now, before = (
        sum(float(whole.get(last - span * back - n, np.nan)) for n in range(span)) / span
        for back in (0, 1)
    )
    if np.isfinite(now) and before > 0:
        return float((now / before) ** (1 / span)), True
    return rules.births.france_trend, False


def coming_births(
    known: KnownChildren, until: int, rules: OutlookRules | None = None
) -> dict[str, pd.DataFrame]:
    """Births by place and year, known ones as they are, then supposed ones: low, middle, high.

    The last known ones (the mean of the last three years where they are known) are kept on one
    side, and follow the trend on the other; the middle is between the two.
    """
    rules = rules or outlook_rules()
    born = known.births
    if born.empty or not len(born.columns):
        return dict.fromkeys(SIDES, born)
    last, span = int(max(born.columns)), rules.births.span
    recent = born.reindex(columns=[last - n for n in range(span)])
    base = recent.mean(axis=1, skipna=False).fillna(born[last])
    trend, _ = births_trend(known, rules)
    sides: dict[str, list[pd.Series[float]]] = {side: [] for side in SIDES}
    for year in range(last + 1, until + 1):
        kept, moved = base, base * trend ** (year - last)
        both = pd.concat([kept, moved], axis=1)
        for side, values in (
            ("low", both.min(axis=1, skipna=False)),
            ("mid", both.mean(axis=1, skipna=False)),
            ("high", both.max(axis=1, skipna=False)),
        ):
            sides[side].append(values.rename(year))
    return {side: pd.concat([born, *more], axis=1) for side, more in sides.items()}


def coming_children(
    known: KnownChildren, ages: tuple[int, int], years: list[int], rules: OutlookRules | None = None
) -> pd.DataFrame:
    """Children of some ages on 1 January of some years.

    Parameters
    ----------
    ages : tuple of int
        The first age, and the first one beyond.

    Returns
    -------
    DataFrame
        One row per place × year: code (``WHOLE`` is the territory), year, ``low``, ``mid``,
        ``high``; NaN where a birth, an age or the retention is unknown.
    """
    rules = rules or outlook_rules()
    kept, born = retention_of(known, rules), coming_births(known, max(years), rules)
    last = int(max(known.births.columns)) if len(known.births.columns) else 0
    found = []
    for year in years:
        aged, by_birth = _split(ages, year, known.counted)
        fixed = pd.Series(0.0, known.births.index)
        if aged:
            fixed = known.ages.reindex(columns=aged).sum(axis=1, skipna=False)
        sides = {}
        for side in SIDES:
            births = born[side].reindex(columns=by_birth)
            children = kept[side] * births.sum(axis=1, skipna=False) if by_birth else 0 * fixed
            unborn = kept[side] * births[[y for y in by_birth if y > last]].sum(axis=1)
            chance = rules.chance.deviations * np.sqrt(unborn.clip(lower=0))
            sides[side] = fixed + children + {"low": -1, "mid": 0, "high": 1}[side] * chance
        table = pd.DataFrame(sides).assign(year=year)
        table["low"] = table["low"].clip(lower=0)
        found.append(table.rename_axis("code").reset_index())
    return pd.concat(found, ignore_index=True)[["code", "year", *SIDES]]


def _split(ages: tuple[int, int], year: int, counted: int | None) -> tuple[list[int], list[int]]:
    """The ages that they had when counted; the years of birth of the others."""
    aged, births = [], []
    for age in range(*ages):
        then = age - (year - counted) if counted is not None else -1
        if age >= 3 and then >= 0:
            aged.append(then)
        else:
            births.append(year - 1 - age)
    return aged, births
