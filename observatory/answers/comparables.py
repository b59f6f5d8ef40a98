"""Whom a territory resembles: the nearest EPCI by what makes their demand, and why.

The distance of two EPCI is the root mean square of their differences, each variable counted in
standard deviations of all the EPCI of which it is known, over the variables known for both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from observatory.knowledge.comparable_rules import ComparableRules, comparable_rules
from observatory.versions.frames import frame
from observatory.versions.warehouse import has_table

UNKNOWN_HERE = "inconnue pour ce territoire"
UNKNOWN_ELSEWHERE = "connue pour trop peu d'EPCI"


@dataclass(frozen=True)
class ComparableTerritory:
    """An EPCI that resembles another one.

    Attributes
    ----------
    distance : float
        In standard deviations.
    values : mapping
        Each variable in its own unit; None where unknown.
    apart : mapping
        Each variable known for both: how far it stands from the other's, in standard deviations.
    estimated : frozenset of str
        The variables whose value is an estimate.
    without : mapping
        Its rank when a variable is dropped, by that variable; None when it cannot be ranked.
    """

    siren: str
    name: str
    dep: str
    distance: float
    values: Mapping[str, float | None]
    estimated: frozenset[str]
    apart: Mapping[str, float]
    without: Mapping[str, int | None]


@dataclass(frozen=True)
class Comparables:
    """The nearest EPCI of one.

    Attributes
    ----------
    used : tuple of str
        The variables that count.
    left_out : mapping
        Why the others do not, in French.
    ranked : int
        EPCI that were compared.
    vintages : mapping
        Year of each variable that counts; empty where it is not said.
    entering : mapping
        EPCI that are among the nearest only when a variable is dropped, by that variable.
    """

    siren: str
    name: str
    values: Mapping[str, float | None]
    estimated: frozenset[str]
    used: tuple[str, ...]
    left_out: Mapping[str, str]
    ranked: int
    vintages: Mapping[str, str]
    nearest: tuple[ComparableTerritory, ...]
    entering: Mapping[str, tuple[str, ...]]


def profiles(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The EPCI that a version knows, one row each; none in a version older than the table."""
    if not has_table(con, "place_profile"):
        columns = ["siren", "name", "dep", *comparable_rules().variable]
        return pd.DataFrame(columns=columns)
    return frame(
        con,
        "SELECT place AS siren, * EXCLUDE (level, place) FROM place_profile "
        "WHERE level = 'epci' ORDER BY siren",
    )


def own_epci(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """SIREN and name of the EPCI to compare: the territory, or those its communes are in.

    The most peopled part first.
    """
    rows = con.execute(
        "SELECT epci, any_value(epci_name) FROM commune WHERE inside AND epci IS NOT NULL "
        "GROUP BY epci ORDER BY epci = (SELECT siren FROM territory) DESC NULLS LAST, "
        "sum(population) DESC NULLS LAST, epci"
    ).fetchall()
    whole = con.execute("SELECT siren FROM territory WHERE kind = 'epci'").fetchone()
    return [(str(s), str(n)) for s, n in rows[: 1 if whole and whole[0] else None]]


def comparables(con: duckdb.DuckDBPyConnection, siren: str | None = None) -> Comparables | None:
    """The EPCI that resemble one, the territory's own by default.

    None where the files of the version do not hold enough EPCI to compare.
    """
    if siren is None:
        found = own_epci(con)
        if not found:
            return None
        siren = found[0][0]
    return nearest_of(profiles(con), siren)


def nearest_of(
    table: pd.DataFrame, siren: str, rules: ComparableRules | None = None
) -> Comparables | None:
    """The nearest rows of a table of profiles; None where nothing can be compared."""
    rules = rules or comparable_rules()
    places = np.flatnonzero(table["siren"].to_numpy() == siren)
    if not len(places):
        return None
    own = int(places[0])
    scaled, left_out = _scaled(table, own, rules)
    used = tuple(scaled)
    if len(used) < rules.least_variables:
        return None
    apart = {v: z - z[own] for v, z in scaled.items()}
    order, distance = _order(apart, used, own, rules.least_variables)
    if not len(order):
        return None
    without = {v: _without(apart, used, v, own, rules) for v in used if len(used) > 1}
    ranks = {v: {int(p): n for n, p in enumerate(o, start=1)} for v, o in without.items()}
    chosen = [int(p) for p in order[: rules.count]]
    names = table["name"].astype(str).to_numpy()
    return Comparables(
        siren=siren,
        name=names[own],
        values=_values(table, own, rules),
        estimated=_estimated(table, own, rules),
        used=used,
        left_out=left_out,
        ranked=len(order),
        vintages={v: _vintage(table, own, rules.variable[v].vintage) for v in used},
        nearest=tuple(
            ComparableTerritory(
                siren=str(table["siren"].iloc[p]),
                name=names[p],
                dep=str(table["dep"].iloc[p]) if pd.notna(table["dep"].iloc[p]) else "",
                distance=float(distance[p]),
                values=_values(table, p, rules),
                estimated=_estimated(table, p, rules),
                apart={v: float(apart[v][p]) for v in used if np.isfinite(apart[v][p])},
                without={v: ranks[v].get(p) for v in without},
            )
            for p in chosen
        ),
        entering={
            v: tuple(names[int(p)] for p in o[: rules.count] if int(p) not in chosen)
            for v, o in without.items()
        },
    )


Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _scaled(
    table: pd.DataFrame, own: int, rules: ComparableRules
) -> tuple[dict[str, Numbers], dict[str, str]]:
    """Each variable that counts in standard deviations of all that is known; why others do not."""
    scaled, left_out = {}, {}
    for name, variable in rules.variable.items():
        values = table[name].to_numpy(dtype=float, na_value=np.nan)
        if variable.logarithm:
            values = np.log(np.where(values > 0, values, np.nan))
        known = np.isfinite(values)
        spread = values[known].std() if known.any() else 0.0
        if not known[own]:
            left_out[name] = UNKNOWN_HERE
        elif known.sum() < rules.least_known or spread == 0:
            left_out[name] = UNKNOWN_ELSEWHERE
        else:
            scaled[name] = values / spread
    return scaled, left_out


def _order(
    apart: Mapping[str, Numbers], used: Collection[str], own: int, least: int
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], Numbers]:
    """The rows that can be compared, the nearest first, and the distance of every row."""
    squares = np.array([apart[v] for v in used]) ** 2
    known = np.isfinite(squares).sum(axis=0)
    sums = np.nansum(squares, axis=0)
    distance = np.sqrt(np.divide(sums, known, out=np.full(len(sums), np.nan), where=known > 0))
    order = np.argsort(distance, kind="stable")  # rows come by their SIREN
    return order[(known >= least)[order] & (order != own)], distance


def _without(
    apart: Mapping[str, Numbers], used: tuple[str, ...], dropped: str, own: int,
    rules: ComparableRules,
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:  # fmt: skip
    """The order that there would be without a variable."""
    kept = [v for v in used if v != dropped]
    return _order(apart, kept, own, min(rules.least_variables, len(kept)))[0]


def _values(table: pd.DataFrame, place: int, rules: ComparableRules) -> dict[str, float | None]:
    row = table.iloc[place]
    return {v: float(row[v]) if pd.notna(row[v]) else None for v in rules.variable}


def _estimated(table: pd.DataFrame, place: int, rules: ComparableRules) -> frozenset[str]:
    marks = {v: one.estimated for v, one in rules.variable.items() if one.estimated in table}
    told = {v: table[mark].iloc[place] for v, mark in marks.items()}
    return frozenset(v for v, mark in told.items() if pd.notna(mark) and mark)


def _vintage(table: pd.DataFrame, place: int, column: str) -> str:
    if column not in table or pd.isna(table[column].iloc[place]):
        return ""
    return str(table[column].iloc[place])
