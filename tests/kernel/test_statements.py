"""The statements of accessible supply stay what two engines read alike, with the words of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from pipelines.kernel.statements import HERE, STEPS, statements
from pipelines.macros import ANSWERS

FILES = sorted(HERE.glob("*.sql"))
TABLES = {"demand", "supply", "travel", "rule", *STEPS}
KNOWN = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Subquery, exp.Values, exp.Tuple,
    exp.Table, exp.TableAlias, exp.Column, exp.Alias, exp.Identifier, exp.Literal, exp.Null,
    exp.Cast, exp.DataType, exp.Case, exp.If, exp.Coalesce, exp.Least, exp.Sum,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Paren, exp.And, exp.Or, exp.Not, exp.Is,
    exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.Floor, exp.Sqrt, exp.Exp, exp.Sin, exp.Cos, exp.Asin, exp.Radians,
)  # fmt: skip
"""What both engines mean alike; anything else, a macro, PIVOT, UNPIVOT, a struct, is refused."""


def refused(sql: str) -> list[str]:
    """What a statement holds beyond what is known, and the tables that it has no right to."""
    found = []
    for dialect in ("duckdb", "spark"):
        (tree,) = sqlglot.parse(sql, read=dialect)
        assert tree is not None
        for node in tree.walk():
            dotted = isinstance(node, exp.Column) and bool(node.args.get("db"))
            if dotted or not isinstance(node, KNOWN):
                found.append(f"{dialect}: {type(node).__name__} {node.sql()}")
            elif isinstance(node, exp.Table) and node.name not in TABLES:
                found.append(f"{dialect}: table {node.name}")
            elif isinstance(node, exp.Select) and (node.args.get("with_") or node.args.get("with")):
                found.append(f"{dialect}: with")
    return found


def read_as(sql: str, dialect: str) -> exp.Expression:
    """What a dialect reads, but for what it gives of a division by zero and of a cast that fails.

    Neither happens: ``ratio`` divides by no zero, and what is cast is a number of cells.
    """
    tree = sqlglot.parse_one(sql, read=dialect)
    for cast in [*tree.find_all(exp.TryCast)]:
        cast.replace(exp.Cast(**cast.args))
    for division in tree.find_all(exp.Div):
        division.set("safe", None)
        division.set("typed", None)
    return tree


def test_there_are_five_statements_each_of_one_select() -> None:
    assert STEPS == ("pair", "weight", "potential", "ratio", "access")
    for timed in (False, True):
        made = statements(timed)
        assert tuple(made) == STEPS
        for sql in made.values():
            (tree,) = sqlglot.parse(sql, read="spark")
            assert isinstance(tree, exp.Select)
    assert {f.stem for f in FILES} == {*STEPS, "pair_of_travel"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_statement_holds_what_both_engines_mean_alike(path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    assert refused(sql) == []
    # Both read the same tree in it: neither takes a word for something else.
    assert read_as(sql, "duckdb") == read_as(sql, "spark")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT weight_at(minutes, rule) FROM pair",
        "PIVOT pair ON offer USING sum(minutes)",
        "SELECT * FROM pair PIVOT (sum(minutes) FOR offer IN ('a'))",
        "SELECT * FROM pair UNPIVOT (a FOR b IN (c, d))",
        "SELECT rule['reach'] FROM rule",
        "SELECT {'reach': 1} AS rule FROM pair",
        "SELECT struct_pack(a := 1) FROM pair",
        "SELECT a.b.c.d FROM a",
        "SELECT sum(x) OVER (PARTITION BY y) FROM pair",
        "SELECT * FROM pair",
        "SELECT unnest([1]) FROM pair",
        "SELECT point FROM elsewhere",
        "CREATE MACRO m(a) AS a",
        "SELECT sum(minutes) FILTER (minutes > 0) FROM pair",
        "SELECT point FROM pair QUALIFY row_number() OVER () = 1",
    ],
)
def test_another_construct_is_seen(sql: str) -> None:
    try:
        found = refused(sql)
    except sqlglot.ParseError:  # one of the two engines does not read it at all
        return
    assert found


def test_the_weights_are_those_of_the_answers_word_for_word() -> None:
    """Nothing but how they take their rule, a constant or a table, sets them apart."""
    ours = re.search(r"AS (CASE.*END);", (ANSWERS / "weight_at.sql").read_text("utf-8"), re.DOTALL)
    theirs = re.search(
        r"(CASE.*END) AS weight", (HERE / "weight.sql").read_text("utf-8"), re.DOTALL
    )
    assert ours is not None
    assert theirs is not None
    as_table = re.sub(r"rule\['(\w+)'\]", r"rule.\1", re.sub(r"\bm\b", "m.minutes", ours[1]))
    assert as_table.split() == theirs[1].split()
