"""The plan as a document tells it: what it may show, and where its indicators stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import duckdb
import pandas as pd

from observatory.plan.figures_said import FigureSaid, figures_said
from observatory.plan.followed_plan import FollowedPlan
from observatory.plan.hidden_figures import without_hidden
from observatory.plan.indicator_standing import standing_today
from observatory.plan.observation import FiguresOf
from observatory.plan.plan_frames import plan_frame
from observatory.plan.progress import money, progress
from observatory.plan.shown_plan import public_part
from observatory.workbook.results import Rows


@dataclass(frozen=True)
class DocumentPlan:
    """A plan on a day, for a document.

    Attributes
    ----------
    tables : mapping
        Rows by sheet that the document may show.
    standing : DataFrame
        As ``without_hidden`` gives it.
    said : tuple of FigureSaid
        What the figures say of each indicator.
    is_example : bool
        Whether the territory loaded no plan, and an example stands in.
    """

    tables: Mapping[str, Rows]
    register: Rows
    standing: pd.DataFrame
    said: tuple[FigureSaid, ...]
    is_example: bool
    day: date

    @property
    def is_empty(self) -> bool:
        """Whether there is no action to tell."""
        return not self.tables.get("actions")

    @cached_property
    def actions(self) -> pd.DataFrame:
        """Where each action stands; as ``progress``."""
        return progress(self.tables, self.register, self.day)

    @cached_property
    def money(self) -> pd.DataFrame:
        """The money by funder and year."""
        return money(self.tables)

    def sheet(self, name: str) -> pd.DataFrame:
        """The rows of a sheet."""
        return plan_frame(self.tables, name)

    def since(self) -> tuple[date, bool]:
        """The day of the last meeting before this one, and that it is one; else a year ago."""
        days = self.sheet("reunions")["date"].dropna()
        before = [d.date() for d in days if d.date() < self.day]
        return (max(before), True) if before else (self.day - timedelta(days=365), False)


def read_plan(
    con: duckdb.DuckDBPyConnection, followed: FollowedPlan, day: date, *, public: bool
) -> DocumentPlan:
    """What a document may tell of a plan.

    Parameters
    ----------
    public : bool
        Whether it is for the public: the actions marked so, without functions nor evaluation.
    """
    tables = public_part(followed.tables) if public else followed.tables
    figures = FiguresOf(con)
    standing = standing_today(figures, tables, followed.register, day)
    told = without_hidden(tables, standing)
    said = tuple(figures_said(figures, tables, told))
    return DocumentPlan(tables, followed.register, told, said, followed.is_example, day)
