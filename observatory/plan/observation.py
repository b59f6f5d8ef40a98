"""What a version says of a bound figure on a day: a value, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import duckdb
import pandas as pd

from observatory.answers.accessible import access_gaps
from observatory.answers.gaps import gaps
from observatory.answers.masked_cells import is_masked
from observatory.answers.sums import add_up
from observatory.errors import RequestError
from observatory.french.vocabulary import MASKED, UNKNOWN
from observatory.knowledge.question import Question
from observatory.plan.figure_method import method_of
from observatory.plan.indicator_binding import Binding
from observatory.plan.meanwhile import Meanwhile, meanwhile
from observatory.plan.plan_words import bound_measures

DECIMALS = 6  # of a value that is kept: beyond, two machines may differ
RESTS_ON = {
    "public": (("public", "public_vintage"),),
    "need": (("public", "public_vintage"), ("référence", "target_year")),
    "gap": (("public", "public_vintage"), ("référence", "target_year")),
    "access_gap": (("public", "public_vintage"), ("référence", "target_year")),
    "rate": (("public", "public_vintage"),),
    "access_rate": (("public", "public_vintage"),),
    "published_rate": (("taux publié", "published_year"),),
}
"""The vintages that a figure rests on, by column of the gap table."""


@dataclass(frozen=True)
class Observed:
    """A figure on a day.

    Attributes
    ----------
    value : float or None
        None when it is masked or unknown.
    state : str
        « masqué », « inconnu », or nothing when the value is known.
    vintages : str
        Those of the sources that it rests on, in words.
    demonstration : bool
        Whether an example is in it.
    """

    value: float | None
    state: str = ""
    vintages: str = ""
    demonstration: bool = False


class FiguresAsked(Protocol):
    """Where the figures of a version are asked for: of it, or of what is kept of it."""

    def observe(self, bound: Binding, day: date) -> Observed:
        """The figure that an indicator is bound to, on a day."""

    def method(self, bound: Binding) -> str:
        """The digest of the method by which it is computed."""

    def meanwhile(self, bound: Binding, first: date, last: date) -> Meanwhile:
        """What the département did between two days."""


@dataclass(frozen=True)
class FiguresOf:
    """The figures of a version, asked of it each time."""

    con: duckdb.DuckDBPyConnection

    def observe(self, bound: Binding, day: date) -> Observed:
        """As ``observe``."""
        return observe(self.con, bound, day)

    def method(self, bound: Binding) -> str:
        """As ``method_of``."""
        return method_of(self.con, bound)

    def meanwhile(self, bound: Binding, first: date, last: date) -> Meanwhile:
        """As ``meanwhile``."""
        return meanwhile(self.con, bound, first, last)


def observe(con: duckdb.DuckDBPyConnection, bound: Binding, day: date) -> Observed:
    """The figure that an indicator is bound to, on a day, as a version computes it.

    Of several communes it is added up, or its rate made anew, as a selection on the pages is; of
    none, it is that of the territory.
    """
    measure = bound_measures()[bound.measure]
    question = Question(
        bound.service,
        day_type=bound.day_type or None,
        definition=bound.definition or None,
        as_of=day,
    )
    try:
        table = _table(con, question, bound, reach=measure.reach)
        parts, row = _row(con, table, bound)
    except RequestError:  # a commune that left the territory, a target that was not voted
        return Observed(None, UNKNOWN)
    if row is None:
        return Observed(None, UNKNOWN)
    found = row[measure.column]
    shown = (
        f"{name} {int(row[c])}" for name, c in RESTS_ON.get(measure.column, ()) if _has(row, c)
    )
    vintages, example = " ; ".join(shown), bool(parts["demonstration"].any())
    example = example and measure.column not in ("public", "need", "published_rate")
    if pd.isna(found):
        hidden = any(is_masked(part, measure.column) for _, part in parts.iterrows())
        return Observed(None, MASKED if hidden else UNKNOWN, vintages, example)
    return Observed(round(float(found), DECIMALS), "", vintages, example)


def _table(
    con: duckdb.DuckDBPyConnection, question: Question, bound: Binding, *, reach: bool
) -> pd.DataFrame:
    """The gap table that the figure stands in; with every need definition, to be added up."""
    asked = question.for_every_need() if len(bound.codes) > 1 else question
    question.check()
    return access_gaps(con, asked) if reach else gaps(con, asked)


def _row(
    con: duckdb.DuckDBPyConnection, table: pd.DataFrame, bound: Binding
) -> tuple[pd.DataFrame, Any]:
    """The rows that make the figure, and the one that holds it; None when there is none."""
    wanted = table[table["definition"] == bound.definition] if bound.definition else table
    if not bound.codes:
        parts = wanted[wanted["code"].isna()].head(1)
        return parts, None if parts.empty else parts.iloc[0]
    parts = wanted[wanted["code"].isin(bound.codes)].drop_duplicates("code")
    if len(parts) < len(bound.codes):
        return parts, None
    if len(bound.codes) == 1:
        return parts, parts.iloc[0]
    summed = add_up(con, table, bound.codes)
    summed = summed[summed["definition"] == bound.definition] if bound.definition else summed
    return parts, None if summed.empty else summed.iloc[0]


def _has(row: Any, column: str) -> bool:
    return column in row and pd.notna(row[column])
