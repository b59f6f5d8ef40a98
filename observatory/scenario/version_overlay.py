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
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import duckdb

from observatory.scenario.applied_changes import Applied, apply
from observatory.scenario.scenario_change import Change
from observatory.versions import warehouse
from observatory.versions.sql_text import sql_text
from observatory.versions.warehouse import BENEATH

MAKES = re.compile(r"(?:CREATE|SET) (?P<kind>TEMP TABLE|TABLE|MACRO|VARIABLE) (?P<name>\w+)")
HINGES = ("known_around",)
"""Tables that most changes leave as they were, and on which much depends."""
STAGED = ("served", "covered", "travel_time", "demand_point")


@contextmanager
def laid_over(
    con: duckdb.DuckDBPyConnection,
    changes: Sequence[Change],
    day: date,
    *,
    unread: Collection[str] = (),
    everything: bool = False,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Applied]]:
    """The version of a connection with the changes that hold on a day, for the time of a block.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open on a version.
    day : date
        The day that will be asked: changes of later days are left out.
    unread : collection of str
        Tables that nobody will ask of it: they are left as they were.
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
            _run_again(over, applied.touched, unread, everything=everything)
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
    over.execute(
        f"ATTACH {sql_text(path)} AS {BENEATH} (READ_ONLY); ATTACH ':memory:' AS stg; "
        f"SET search_path = 'memory.main,{BENEATH}.main'; CREATE TEMP MACRO current_code(c) AS c"
    )
    for name in STAGED:
        over.execute(f"CREATE TABLE stg.{name} AS FROM {BENEATH}.main.staged_{name}")
    return over


def _run_again(
    con: duckdb.DuckDBPyConnection,
    touched: Collection[str],
    unread: Collection[str],
    *,
    everything: bool,
) -> None:
    """Run again what names a table that changed, then what names what that made."""
    recipe = con.execute(f"SELECT sql FROM {BENEATH}.main.recipe ORDER BY rank").fetchall()
    statements = _statements(tuple(sql for (sql,) in recipe))
    steps = [step_of(one) for one in statements]
    changed, ready = set(touched), set[int]()
    for n, step in enumerate(steps):
        if everything:
            con.execute(statements[n])
            continue
        before = helpers(steps, n)
        read = step.words.union(*(steps[h].words for h in before if steps[h].holds_rows))
        if not step.stays or step.made in unread or not read & changed:
            continue
        for helper in sorted(before - ready):
            con.execute(statements[helper])
        ready |= before
        con.execute(statements[n])
        if step.made not in HINGES or not _as_it_was(con, step.made):
            changed.add(step.made)


@dataclass(frozen=True)
class RecipeStep:
    """One statement of a recipe.

    Attributes
    ----------
    made : str
        The table, the macro or the variable that it makes; empty when it makes none.
    stays : bool
        Whether it makes a table of the version; else it helps those that do.
    holds_rows : bool
        Whether what it makes is a table.
    words : frozenset of str
        Every name that it holds but that of what it makes.
    """

    made: str
    stays: bool
    holds_rows: bool
    words: frozenset[str]


@lru_cache(maxsize=8)
def _statements(recipe: tuple[str, ...]) -> tuple[str, ...]:
    """The statements of a recipe, one by one; most of them are not run again."""
    with duckdb.connect() as con:
        return tuple(one.query for sql in recipe for one in con.extract_statements(sql))


@lru_cache(maxsize=1_000)
def step_of(sql: str) -> RecipeStep:
    """What a statement makes, and what it may read."""
    text = _without_comments(sql)
    found = MAKES.search(text)
    made = found["name"] if found else ""
    words = frozenset(re.findall(r"\w+", text)) - {made}
    kind = found["kind"] if found else ""
    return RecipeStep(made, kind == "TABLE", kind.endswith("TABLE"), words)


def helpers(steps: Sequence[RecipeStep], rank: int) -> set[int]:
    """The statements before one that make what it needs and that no version keeps."""
    needed: set[int] = set()
    looked = [rank]
    while looked:
        words = steps[looked.pop()].words
        more = {
            n
            for n in range(rank)
            if steps[n].made in words and not steps[n].stays and n not in needed
        }
        needed |= more
        looked += more
    return needed


def _as_it_was(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table that was made again holds the rows of the version."""
    own, beneath = f"FROM memory.main.{table}", f"FROM {BENEATH}.main.{table}"
    ((same,),) = con.execute(
        f"SELECT NOT EXISTS ({own} EXCEPT ALL {beneath}) "
        f"AND NOT EXISTS ({beneath} EXCEPT ALL {own})"
    ).fetchall()
    return bool(same)


def _without_comments(sql: str) -> str:
    return "\n".join(line.partition("--")[0] for line in sql.splitlines())
