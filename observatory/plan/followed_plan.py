"""The plan that a version's territory follows, with its register: what planners' pages ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from observatory.plan.plan_followup import FILE, observations, register_sheet
from observatory.plan.territory_plan import territory_plan
from observatory.workbook.results import Rows
from observatory.workbook.stored import read_back


@dataclass(frozen=True)
class FollowedPlan:
    """A plan and what was seen of it.

    Attributes
    ----------
    tables : mapping
        Rows by sheet, in the form of the store; empty without a plan.
    register : rows
        Those of the follow-up.
    is_example : bool
        Whether the territory loaded no plan, and an example stands in.
    """

    tables: Mapping[str, Rows]
    register: Rows
    is_example: bool


def followed_plan(con: duckdb.DuckDBPyConnection, census_dir: Path, raw_dir: Path) -> FollowedPlan:
    """The whole plan of the territory of a version: for planners, never for the public.

    Raises
    ------
    StoreError
        When the plan or the register cannot be read.
    """
    ((siren,),) = con.execute("SELECT siren FROM territory").fetchall()
    codes = [code for (code,) in con.execute("SELECT code FROM perimeter").fetchall()]
    plan = territory_plan(census_dir, raw_dir, siren, codes)
    if plan.example is None:
        return FollowedPlan(plan.tables, observations(census_dir), False)
    file = plan.example / FILE
    register = read_back(register_sheet(), file.read_bytes()) if file.is_file() else []
    return FollowedPlan(plan.tables, register, True)
