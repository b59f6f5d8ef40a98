"""The macros that answer questions, written into a version: one a file of ``answers/``."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from observatory.errors import ObservatoryError

ANSWERS = Path(__file__).with_name("answers")


def write_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Write every macro after those that it calls.

    Raises
    ------
    ObservatoryError
        When a statement fails.
    """
    statements = {f.stem: f.read_text(encoding="utf-8") for f in sorted(ANSWERS.glob("*.sql"))}
    called = {
        name: set(re.findall(r"(\w+)\(", _without_comments(sql))) & statements.keys() - {name}
        for name, sql in statements.items()
    }
    for name in TopologicalSorter(called).static_order():
        run_sql(con, statements[name], f"{name}.sql")


def run_sql(con: duckdb.DuckDBPyConnection, sql: str, where: str) -> None:
    """Run the statements of a file of the refresh.

    Raises
    ------
    ObservatoryError
        When one fails, with the name of the file.
    """
    try:
        con.execute(sql)
    except duckdb.Error as error:
        raise ObservatoryError(f"la requête a échoué ({error})", where=where) from error


def _without_comments(sql: str) -> str:
    return "\n".join(line.partition("--")[0] for line in sql.splitlines())
