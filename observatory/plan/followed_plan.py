"""The plan that a version's territory follows, with its register: what planners' pages ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from observatory.french.vocabulary import YES_NO
from observatory.plan.plan_followup import FILE, observations, register_sheet
from observatory.plan.plan_rows import plan_contract
from observatory.plan.public_plan import PUBLIC
from observatory.plan.territory_plan import territory_plan
from observatory.versions.warehouse import has_table
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


def public_plan(con: duckdb.DuckDBPyConnection) -> FollowedPlan:
    """The public part of the plan that a version carries, in the form of the store; no register.

    Empty when nothing is public, or when the version is older than plans.
    """
    tables = {}
    for table, (name, columns) in PUBLIC.items():
        if not has_table(con, table):
            continue
        sheet = plan_contract().sheet(name)
        told = ", ".join(f'CAST("{c}" AS TEXT)' for c in columns)
        rows = con.execute(f"SELECT {told} FROM {table} ORDER BY rowid").fetchall()
        places = {own: n for n, own in enumerate(columns.values())}
        shown = {"public": YES_NO[True]}
        tables[name] = [
            [
                shown.get(c, "") if c not in places else FLAGS.get(r[places[c]], r[places[c]] or "")
                for c in sheet.stored
            ]
            for r in rows
        ]
    examples = [r[plan_contract().sheet("actions").stored.index("demonstration")]
                for r in tables.get("actions", [])]  # fmt: skip
    return FollowedPlan(tables, [], bool(examples) and set(examples) == {YES_NO[True]})


FLAGS = {"true": YES_NO[True], "false": YES_NO[False]}
"""How a version writes yes and no, and how the store does."""


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
