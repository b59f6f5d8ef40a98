"""Where it lacks first: every service in every commune, in one order, by a rule that is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.gaps import gaps
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question

RULE = (
    "D'abord où le plus de personnes restent sans réponse, multipliées par la part des façons de "
    "compter selon lesquelles il manque. Sans réponse : les places qui manquent ; pour un service "
    "qui ne se compte pas en places, l'effectif concerné, pour la part du besoin que l'offre ne "
    "couvre pas."
)
"""The rule of the order, as people read it."""
PLACES = "places"
"""The unit of a service of which one serves one person."""
COLUMNS = [
    "rank", "code", "name", "service", "day_type", "definition", "public", "public_share", "need",
    "supply", "gap", "deficit_count", "definition_count", "left_without", "weight", "gap_before",
    "unmet", "demonstration", "reliability",
]  # fmt: skip


def priorities(con: duckdb.DuckDBPyConnection, day: date, before: date) -> pd.DataFrame:
    """Every known shortfall of a commune, the most pressing first.

    Each service is measured by its usual need (`ranked_services`). What is unknown or masked has no
    rank and is not here (`unranked`).

    Parameters
    ----------
    day : date
        The day of the supply.
    before : date
        An earlier day, to tell where it goes.

    Returns
    -------
    DataFrame
        One row per commune × service × day type where it lacks: rank, from 1; public, and
        public_share of that of the territory (null when that is unknown); need, supply, gap in the
        service's unit; deficit_count of definition_count; left_without (persons: the places that
        lack, or public × the part of the need that is not covered); weight (left_without ×
        deficit_count / definition_count), which gives the rank; gap_before, on the earlier day;
        unmet, requests without a place; demonstration and reliability as in the gap table.
    """
    rows = _of_every_service(con, day)
    inside = rows[rows["code"].notna()]
    whole = rows[rows["code"].isna()].set_index(_offer(rows[rows["code"].isna()]))["public"]
    lacking = inside[(inside["gap"] < 0) & (inside["need"] > 0) & inside["public"].notna()].copy()
    # What reads as a balance is none.
    shown = 0.5 * 10.0 ** -nomenclature().decimals_of(lacking["service"]).astype(float)
    lacking = lacking[lacking["gap"] <= -shown]
    part = (-lacking["gap"] / lacking["need"]).clip(upper=1.0)
    places = lacking["service"].map(
        {i: s.unit == PLACES for i, s in nomenclature().services.items()}
    )
    without = (-lacking["gap"]).where(places, lacking["public"] * part)
    counted = lacking["definition_count"].replace(0, np.nan)
    sure = (lacking["deficit_count"] / counted).astype("float64").fillna(1.0)
    total = _offer(lacking).map(whole).astype("float64")
    earlier = _of_every_service(con, before)
    earlier = earlier[earlier["code"].notna()]
    known = earlier.set_index(earlier["code"] + "/" + _offer(earlier))["gap"]
    found = lacking.assign(
        public_share=lacking["public"] / total.mask(total == 0),
        left_without=without,
        weight=without * sure,
        gap_before=(lacking["code"] + "/" + _offer(lacking)).map(known).astype("float64"),
    )
    found = found.sort_values(
        ["weight", "code", "service", "day_type"], ascending=[False, *3 * [True]]
    )
    return found.assign(rank=range(1, len(found) + 1))[COLUMNS].reset_index(drop=True)


def unranked(con: duckdb.DuckDBPyConnection, day: date) -> Mapping[str, int]:
    """Communes × services that have no rank because nobody knows, or because it is masked.

    Returns
    -------
    mapping
        Number of them by reason: ``masked``, ``unknown``.
    """
    rows = _of_every_service(con, day)
    silent = rows[rows["code"].notna() & rows["gap"].isna()]
    masked = int(silent["masked"].sum())
    return {"masked": masked, "unknown": len(silent) - masked}


def ranked_services() -> dict[str, str]:
    """The usual need of each service that has a rank, by its id.

    Where a need only shares out what there is, nothing lacks. A service made of others is left to
    them when they all have a need of their own, or belong to a smaller one that has.
    """
    names = nomenclature()
    needs = names.definitions_for()
    asked = {s for s, need in needs.items() if not names.definitions[need].shares_out}
    leaves = {s: set(names.services[s].parts or (s,)) for s in asked}

    def told_by_others(service: str) -> bool:
        smaller = (leaves[o] for o in asked if leaves[o] < leaves[service])
        return leaves[service] <= set().union(*smaller)

    return {s: needs[s] for s in names.services if s in asked and not told_by_others(s)}


def _of_every_service(con: duckdb.DuckDBPyConnection, day: date) -> pd.DataFrame:
    """The gap table of each service that has a rank, by its usual need."""
    return gaps(con, Question(as_of=day), definitions=ranked_services())


def _offer(rows: pd.DataFrame) -> pd.Series[str]:
    """Service and type of day in one text."""
    return rows["service"] + "/" + rows["day_type"].fillna("")
