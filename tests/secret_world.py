"""Territories whose communes have a few assistants maternels, masked as a refresh would.

No file and no refresh: the totals of a census go into the tables that the masks are decided from.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from observatory.knowledge.nomenclature import nomenclature
from observatory.secrecy.published import Published, read_published
from observatory.secrecy.register import Register
from observatory.versions import warehouse
from pipelines.masks import decide, prepare

MARTS = Path(__file__).parents[1] / "pipelines" / "marts"
AM = "assistants_maternels"
HOME = "garde_domicile"
FIRST = date(2022, 12, 31)
Row = tuple[str, str, float | None, float | None, date]
"""Commune, service, headcount, places, since."""


@dataclass(frozen=True)
class World:
    """A perimeter and the totals of its census, communes around it included."""

    perimeter: tuple[str, ...]
    rows: tuple[Row, ...]
    source: str = "Enquête"


def open_world(
    world: World, carried: Mapping[str, tuple[str, date]] | None = None
) -> duckdb.DuckDBPyConnection:
    """The tables that the masks read, before any of them is decided."""
    con = duckdb.connect(config=warehouse.CONFIG)
    con.execute("ATTACH ':memory:' AS stg")
    tables = nomenclature().tables()
    for name in ("service", "public"):
        con.register("_table", tables[name])
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM _table")
    con.register("_codes", pd.DataFrame({"code": list(world.perimeter)}, dtype="str"))
    con.execute("CREATE TABLE perimeter AS SELECT code FROM _codes")
    con.execute("CREATE TABLE carry (code_old TEXT, code TEXT, date_eff DATE)")
    for old, (new, day) in (carried or {}).items():
        con.execute("INSERT INTO carry VALUES (?, ?, ?)", [old, new, day])
    con.execute(
        "CREATE TEMP MACRO current_code(given) AS "
        "coalesce((SELECT max(c.code) FROM carry AS c WHERE c.code_old = given), given)"
    )
    con.execute(
        "CREATE TABLE stg.commune_total (code TEXT, service TEXT, headcount DOUBLE, places DOUBLE, "
        "valid_from DATE, source TEXT, source_date DATE, demonstration BOOLEAN)"
    )
    columns = ["code", "service", "headcount", "places", "valid_from"]
    con.register("_rows", pd.DataFrame(list(world.rows), columns=columns))
    con.execute(
        "INSERT INTO stg.commune_total BY NAME "
        "SELECT *, ? AS source, false AS demonstration FROM _rows",
        [world.source],
    )
    con.unregister("_rows")
    prepare(con)
    con.execute((MARTS / "totals.sql").read_text("utf-8"))
    return con


def mask(
    world: World, register: Register, kept: Sequence[Published] = (), name: str = "v"
) -> tuple[Published, Register]:
    """What a refresh of this census would publish beside the kept versions, and its register."""
    con = open_world(world)
    try:
        register = decide(con, register, kept, lambda line: None)
        return read_published(con, name), register
    finally:
        con.close()


def totals(counts: Mapping[str, Sequence[tuple[float, float]]], service: str = AM) -> list[Row]:
    """Rows of a service: headcount and places of each commune, one pair a year."""
    return [
        (code, service, persons, places, FIRST.replace(year=FIRST.year + n))
        for code, pairs in counts.items()
        for n, (persons, places) in enumerate(pairs)
    ]


def made_up(draw: random.Random) -> World:
    """A census drawn at random: small communes are many, some stand around the perimeter."""
    size = draw.choice((1, 2, 3, 4, 5, 6, 8, 12, 20, 46))
    inside = [f"62{n:03}" for n in range(size)]
    around = [f"59{n:03}" for n in range(draw.choice((0, 0, 1, 3)))]
    years = draw.choice((1, 1, 2, 3))
    rows: list[Row] = []
    for code in inside + around:
        kind = draw.random()
        persons = (
            0 if kind < 0.25 else draw.randint(1, 2) if kind < 0.45 else draw.randint(3, 9)
            if kind < 0.8 else draw.randint(10, 150)
        )  # fmt: skip
        for year in range(years):
            if year:
                persons = max(0, persons + draw.choice((-1, 0, 0, 0, 1)))
            day = FIRST.replace(year=FIRST.year + year)
            if draw.random() < 0.1:
                day = day.replace(month=draw.randint(1, 12), day=draw.randint(1, 28))
            places = sum(draw.choice((1, 2, 3, 3, 4, 4)) for _ in range(persons))
            rows.append((code, AM, persons, places, day))
            if draw.random() < 0.5:
                rows.append((code, HOME, None, float(draw.choice((0, 0, 0, 1, 2, 4, 6, 25))), day))
    seen = {(r[0], r[1], r[4]): r for r in rows}
    return World(tuple(inside), tuple(seen.values()), draw.choice(("Enquête", "Enquête", "Caf")))


def revised(world: World, draw: random.Random) -> World:
    """The same census a little later: a few communes gain or lose a person."""
    rows = []
    for code, service, persons, places, day in world.rows:
        if persons is not None and draw.random() < 0.15:
            persons = max(0, persons + draw.choice((-1, 1)))
            places = float(min(6 * persons, max(persons, (places or 0) + draw.choice((-2, 2)))))
        rows.append((code, service, persons, places, day))
    return World(world.perimeter, tuple(rows), world.source)
