"""Sums of a selection of communes, ranks of communes, and the neighbours' figures.

A selection is added up as the territory is (``pipelines/marts/answers.sql``): publics, needs and
supplies are summed and the rates computed anew; rates are never averaged. What is unknown, or
masked, in one commune is unknown in the sum. So no difference between two selections tells a masked
figure: each of them either leaves that commune out, or is unknown; only the whole territory has a
total of its own, which hides at least two communes (``docs/decisions/0009-masking.md``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.accessible import access_gaps
from observatory.answers.gaps import gaps, reliability
from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature

SLOT = ["service", "day_type", "definition"]
SHORT = -1e-6  # a lack smaller than this is a balance
SMALLEST_FIRST = ("gap", "access_gap")
"""Columns ranked from the smallest: the largest shortfall comes first."""


@dataclass(frozen=True)
class Around:
    """The neighbours of a commune, together.

    Attributes
    ----------
    codes : tuple of str
        Their INSEE codes; empty when the commune has no neighbour in the perimeter, or none known.
    rows : DataFrame
        Them as one territory, as given by ``combined``; empty when there is none.
    """

    codes: tuple[str, ...]
    rows: pd.DataFrame


def combined(
    con: duckdb.DuckDBPyConnection,
    codes: Collection[str],
    service: str | None,
    *,
    as_of: date,
    definition: str | None = None,
    day_type: str | None = None,
    custom: float | None = None,
    reach: bool = False,
    name: str = "Sélection",
) -> pd.DataFrame:
    """Several communes as one territory.

    Parameters
    ----------
    codes : collection of str
        INSEE codes of communes of the perimeter, each counted once.
    service, as_of, definition, day_type, custom
        As in ``gaps``.
    reach : bool
        Add the accessible supply, as in ``access_gaps``.
    name : str
        Name of the row.

    Returns
    -------
    DataFrame
        One row per service × day type × definition, as ``add_up`` makes it.

    Raises
    ------
    RequestError
        As ``gaps``, and when a code is not of the perimeter or there is none.
    """
    if reach:
        table = access_gaps(con, service, as_of=as_of, day_type=day_type, custom=custom)
    else:
        table = gaps(con, service, as_of=as_of, day_type=day_type, custom=custom)
    if definition is not None:
        gaps(con, service, as_of=as_of, definition=definition, day_type=day_type, custom=custom)
    rows = add_up(table, codes, name=name)
    return rows if definition is None else rows[rows["definition"] == definition]


def add_up(table: pd.DataFrame, codes: Collection[str], *, name: str = "Sélection") -> pd.DataFrame:
    """Add up some communes of a gap table, as the territory's row is made.

    Parameters
    ----------
    table : DataFrame
        Given by ``gaps`` or ``access_gaps``; with every need definition, for the counts of those
        in deficit to be right.
    codes : collection of str
        INSEE codes of communes of the table.

    Returns
    -------
    DataFrame
        One row per service × day type × definition, with the columns of ``gaps`` (``code`` null,
        ``published_rate`` unknown unless the selection is one commune or the whole perimeter),
        those of accessible supply that can be added up when the table has them, and: ``communes``,
        how many; ``public_unknown`` and ``supply_unknown``, names of those whose public, or
        supply, is unknown or masked. One of them makes the sum unknown.

    Raises
    ------
    RequestError
        When a code is not in the table, or there is none.
    """
    wanted = set(codes)
    inside = set(table["code"].dropna())
    if not wanted or wanted - inside:
        raise RequestError(
            f"commune absente du territoire : {', '.join(sorted(wanted - inside))}"
            if wanted
            else "aucune commune à additionner",
            mend="Choisir des communes du territoire.",
        )
    summed = _summed(table[table["code"].isin(wanted)])
    # The perimeter's own row knows more: its totals are made before any commune is masked.
    if wanted == inside:
        kept = [c for c in summed.columns if c in table.columns]
        own = table[table["code"].isna()].set_index(SLOT)[[c for c in kept if c not in SLOT]]
        summed = summed[SLOT + [c for c in summed.columns if c not in kept]].join(own, on=SLOT)
    columns = [c for c in table.columns if c in summed.columns]
    extra = ["communes", "public_unknown", "supply_unknown"]
    return summed.assign(name=name)[columns + extra]


def _summed(members: pd.DataFrame) -> pd.DataFrame:
    """One row per slot, from the rows of the communes alone."""
    services = nomenclature().services
    grouped = members.groupby(SLOT, dropna=False, sort=False)

    def total(column: str) -> pd.Series[Any]:
        """The sum, unknown when one of them is."""
        return grouped[column].sum().where(grouped[column].count() == grouped[column].size())

    result = pd.DataFrame({"public": total("public"), "supply": total("supply")})
    result["need"] = total("need")
    result["gap"] = result["supply"] - result["need"]
    per = pd.Series([services[s].rate_per for s in result.index.get_level_values(0)], result.index)
    least = [_limits(s) for s in result.index.get_level_values(0)]
    low, frail = (pd.Series(column, result.index) for column in zip(*least, strict=True))
    result["suppressed"] = result["public"] < low
    result["fragile"] = result["public"] < frail
    shown = (result["public"] >= low) & (result["public"] > 0)
    result["rate"] = (per * result["supply"] / result["public"]).where(shown)
    # One target for all of them, else the one that their needs amount to.
    same = (grouped["target"].count() == grouped["target"].size()) & (
        grouped["target"].min() == grouped["target"].max()
    )
    amounts_to = per * result["need"] / result["public"].where(result["public"] > 0)
    result["target"] = grouped["target"].min().where(same, amounts_to)
    result["target_year"] = grouped["target_year"].max()
    alone = members["code"].nunique() == 1
    for column in ("published_rate", "published_year"):
        result[column] = grouped[column].first() if alone else np.nan
    for flag in ("estimated", "demonstration", "masked", "bpe"):
        result[flag] = grouped[flag].any()
    if "access_supply" in members.columns:
        _add_reach(result, members, per, shown)
    result = result.reset_index()
    result["communes"] = members["code"].nunique()
    for column in ("public", "supply"):
        missing = members[members[column].isna()].groupby(SLOT, dropna=False)["name"].agg(tuple)
        named = result[SLOT].join(missing.rename("names"), on=SLOT)["names"]
        result[f"{column}_unknown"] = [n if isinstance(n, tuple) else () for n in named]
    result["code"] = None
    result["name"] = ""
    _count_deficits(result)
    result["reliability"] = reliability(result)
    return result


def _limits(service: str) -> tuple[int, int]:
    names = nomenclature()
    public = names.publics[names.services[service].public]
    return public.suppressed_below, public.fragile_below


def _add_reach(
    result: pd.DataFrame, members: pd.DataFrame, per: pd.Series[Any], shown: pd.Series[bool]
) -> None:
    """Add the accessible supply: what the children of all the communes reach, A = Σ A_i P_i / P."""
    rules = catchment_rules()
    keys = [members[c] for c in SLOT]
    own_per = members["service"].map({i: s.rate_per for i, s in nomenclature().services.items()})
    for minutes in rules.reach.sensitivity:
        column = f"access_{minutes:g}"
        reached = members[column] * members["public"] / own_per
        grouped = reached.groupby(keys, dropna=False, sort=False)
        supply = grouped.sum().where(grouped.count() == grouped.size())
        result[column] = per * supply / result["public"].where(result["public"] > 0)
        if minutes == rules.reach.default:
            result["access_supply"] = supply
            result["access_gap"] = supply - result["need"]
            result["access_rate"] = result[column].where(shown)
    result["edge"] = members["edge"].groupby(keys, dropna=False, sort=False).any()


def _count_deficits(result: pd.DataFrame) -> None:
    """How many need definitions call the selection short, of how many that can be told."""
    counted = result["definition"] != "custom"
    slot = [result["service"], result["day_type"].astype("object").fillna("")]
    for column, told in (
        ("deficit_count", (result["gap"] < SHORT) & counted),
        ("definition_count", result["gap"].notna() & counted),
    ):
        result[column] = told.astype(int).groupby(slot).transform("sum")


def rank(table: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Rank of each row by a column: 1, 2, 2, 4; equal figures share the better rank.

    Parameters
    ----------
    table : DataFrame
        Rows to rank against each other.
    column : str
        A gap is ranked from the largest shortfall, anything else from the largest figure.

    Returns
    -------
    Series of Int64
        Missing where the figure is unknown, or withheld because the public is too small.
    """
    # What differs by less than a millionth differs by the order of the sums alone.
    figures = pd.to_numeric(table[column]).astype("float64").round(6)
    ranks = figures.rank(method="min", ascending=column in SMALLEST_FIRST)
    return ranks.astype("Int64")


def neighbours(con: duckdb.DuckDBPyConnection, codes: Iterable[str]) -> tuple[str, ...]:
    """Codes of the communes of the perimeter that border some others, these left out, by name.

    A version made before the relation existed knows no neighbour.
    """
    known = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'neighbour' AND NOT internal"
    ).fetchone()
    if not known:
        return ()
    wanted = sorted(set(codes))
    rows = con.execute(
        "SELECT DISTINCT c.code, c.name FROM neighbour AS n JOIN commune AS c "
        "ON c.code = n.neighbour WHERE list_contains($codes, n.code) "
        "AND NOT list_contains($codes, c.code) ORDER BY c.name, c.code",
        {"codes": wanted},
    ).fetchall()
    return tuple(code for code, _ in rows)


def neighbours_average(
    con: duckdb.DuckDBPyConnection,
    code: str,
    service: str | None,
    *,
    as_of: date,
    definition: str | None = None,
    day_type: str | None = None,
    custom: float | None = None,
    reach: bool = False,
) -> Around:
    """The neighbours of a commune, itself left out, as one territory.

    Parameters
    ----------
    code : str
        INSEE code of a commune of the perimeter.
    service, as_of, definition, day_type, custom, reach
        As in ``combined``.

    Raises
    ------
    RequestError
        As ``combined``.
    """
    around = neighbours(con, [code])
    if not around:
        return Around((), pd.DataFrame())
    rows = combined(
        con,
        around,
        service,
        as_of=as_of,
        definition=definition,
        day_type=day_type,
        custom=custom,
        reach=reach,
        name="Communes voisines",
    )
    return Around(around, rows)
