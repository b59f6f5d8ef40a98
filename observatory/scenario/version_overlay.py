"""A version with changes laid over it: the same tables, the same macros, the same marts.

A database in memory stands before the version, which stays read-only. What a scenario changes is a
table there, and hides that of the version; the marts that name it are run again, from the text that
the version keeps (``recipe``). Everything else is read from the version: any answer asked of this
connection is computed by the macros that the version carries.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date

import duckdb

from observatory.scenario.applied_changes import Applied, apply
from observatory.scenario.scenario_change import Change
from observatory.versions import warehouse
from observatory.versions.warehouse import BENEATH

MADE = re.compile(r"(?m)^CREATE TABLE (\w+)")
HELPERS = re.compile(r"(?m)^CREATE (?:TEMP TABLE|MACRO) (\w+)")
STAGED = ("served", "covered", "travel_time", "demand_point")


@contextmanager
def laid_over(
    con: duckdb.DuckDBPyConnection,
    changes: Sequence[Change],
    day: date,
    *,
    everything: bool = False,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Applied]]:
    """The version of a connection with the changes that hold on a day, for the time of a block.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open on a version.
    day : date
        The day that will be asked: changes of later days are left out.
    everything : bool
        Run every mart of the recipe again, also those that nothing touched: for the proof that it
        makes no difference.

    Yields
    ------
    con : DuckDBPyConnection
        Of its own; it answers as that of a version does.
    applied : Applied
        What became of the changes, in words.

    Raises
    ------
    RequestError
        When a change cannot be made on this version.
    VersionError
        When the version keeps no recipe: it was built before there were scenarios.
    """
    with (
        tempfile.TemporaryDirectory(prefix="observatory-") as spill,
        closing(_over(con, spill)) as over,
    ):
        applied = apply(over, [c for c in changes if c.date <= day])
        if applied.touched or everything:
            _run_again(over, applied.touched, everything=everything)
        yield over, applied


def _over(con: duckdb.DuckDBPyConnection, spill: str) -> duckdb.DuckDBPyConnection:
    """A database in memory before the version, within its memory; beyond, it works in a folder."""
    path, memory = con.execute(
        "SELECT path, current_setting('memory_limit') "
        "FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchall()[0]
    if not warehouse.has_table(con, "recipe"):
        raise warehouse.older()
    over = duckdb.connect(
        config={**warehouse.CONFIG, "memory_limit": memory, "temp_directory": spill}
    )
    quoted = str(path).replace("'", "''")
    over.execute(
        f"ATTACH '{quoted}' AS {BENEATH} (READ_ONLY); ATTACH ':memory:' AS stg; "
        f"SET search_path = 'memory.main,{BENEATH}.main'; CREATE TEMP MACRO current_code(c) AS c"
    )
    for name in STAGED:
        over.execute(f"CREATE TABLE stg.{name} AS FROM {BENEATH}.main.staged_{name}")
    return over


def _run_again(
    con: duckdb.DuckDBPyConnection, touched: Collection[str], *, everything: bool
) -> None:
    """Run the marts that name a table that changed, then those that name what they made."""
    recipe: list[tuple[str, str]] = con.execute(
        f"SELECT name, sql FROM {BENEATH}.main.recipe ORDER BY rank"
    ).fetchall()
    texts = dict(recipe)
    again = set(texts) if everything else planned(texts, touched)
    for name, sql in recipe:
        if name in again:
            con.execute(sql)


def planned(texts: dict[str, str], touched: Collection[str]) -> set[str]:
    """The marts to run again, of which the texts are given, when some tables changed.

    A mart that reads a macro or a passing table of another one is run with it.
    """
    words = {name: set(re.findall(r"\w+", _without_comments(sql))) for name, sql in texts.items()}
    made = {name: set(MADE.findall(sql)) for name, sql in texts.items()}
    helpers = {name: set(HELPERS.findall(sql)) for name, sql in texts.items()}
    again: set[str] = set()
    while True:
        changed = set(touched).union(*(made[name] for name in again))
        more = {name for name in texts if words[name] - made[name] & changed} | {
            other
            for name in again
            for other in texts
            if other != name and words[name] & helpers[other]
        }
        if more <= again:
            return again
        again |= more


def _without_comments(sql: str) -> str:
    return "\n".join(line.partition("--")[0] for line in sql.splitlines())
