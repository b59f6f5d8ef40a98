"""A made-up territory on which many censuses are published, each a version as a refresh writes it.

The sources are read once; for each census, the tables that follow from its totals are made by the
refresh's own SQL, masked by its own decision, and put in service beside the kept versions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import tiny
from fixtures.versions import make_settings, quiet
from secret_world import Row, World, made_up, revised

import pipelines.refresh as steps
from observatory.knowledge import privacy
from observatory.knowledge.territory import parse, resolve
from observatory.secrecy.published import Published, kept_versions
from observatory.secrecy.register import Register
from observatory.settings import Settings
from observatory.sources.catalogue import read_sources
from observatory.versions import warehouse
from pipelines.reading import prepare_all, read_all

CODES = ("62001", "62002", "62003", "62004", "62011", "62012", "62013", "62014")
NAMES = ("Aval", "Bourg", "Clos", "Dune", "Étang", "Fosse", "Garde", "Hêtraie")
EMPTY = tiny.TOTALS.splitlines()[0] + "\n"


def _more(head: str, line: str, first: int = 0) -> str:
    """A file of tiny with a line for each commune that tiny does not have."""
    return head + "".join(
        line.format(
            code=c, name=n, lat=50.20 + 0.03 * k, lng=2.6 + 0.04 * (k % 3), k=k, epci=1 + k // 3
        )
        for k, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
        if k >= first
    )


FILES = {
    "cog/v_commune_2026.csv": _more(tiny.COMMUNES, "COM,{code},32,62,{name},\n", 4),
    "dgcl/epcicom2025.csv": _more(  # three communes each
        tiny.MEMBERS.splitlines()[0] + "\n",
        "20000000{epci};CC du Pays {epci};CC;{code};{name};12000;2000\n",
    ),
    "popref/donnees_communes_rp2023.csv": _more(
        tiny.POPULATIONS.replace("Dune;400", "Dune;2 000"), "{code};{name};2 000\n", 4
    ),
    "naissances/communes_2022.csv": _more(tiny.FACTS, "{code},{name},COM,{lat},{lng},7,2{k}\n", 4),
    "rp_age/ages_rp2023.csv": _more(
        tiny.AGES,
        "".join(
            f"{{code}};COM;{band};_T;POP;A;15{{k}};2023\n"
            for band in ("Y0T4", "Y5T9", "Y10T14", "Y15T19")
        ),
        3,
    ),
    "census/totaux_communaux.csv": EMPTY,
}


class Ground:
    """A territory, its sources read, and the versions published of it."""

    def __init__(self, folder: Path, communes: int) -> None:
        self.codes = CODES[:communes]
        self.folder = folder
        settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw", FILES))
        con = self.con = duckdb.connect(config=warehouse.CONFIG)
        con.execute("ATTACH ':memory:' AS raw; ATTACH ':memory:' AS stg")
        privacy.register(con)
        steps.register_positions(con)
        self.sources = read_sources(settings.raw_dir)
        self.request = parse(",".join(self.codes))
        reading = read_all(con, self.sources.values(), settings, self.request, quiet)
        self.loaded = reading.loaded
        prepare_all(con, reading)
        steps.prepare(con)
        steps._run(con, steps.HERE / "marts" / "carry.sql")
        territory = resolve(con, self.request)
        steps._write_territory(con, territory)
        steps._write_nomenclature(con)
        steps._write_convention(con, steps.own_state(settings), settings, territory, quiet)
        steps._write_targets(con, settings)
        steps._write_plan(con, settings, territory)
        steps._run(con, steps.HERE / "marts" / "commune.sql")
        steps.build_outlines(con, self.loaded, quiet)
        steps.build_border(con)
        steps.build_neighbours(con)
        self.before = self._made()

    def _made(self) -> set[tuple[str, str]]:
        """Every table and macro: its kind and its name."""
        return set(
            self.con.execute(
                "SELECT 'TABLE', database_name || '.' || schema_name || '.' || table_name "
                "FROM duckdb_tables() UNION ALL SELECT "
                "CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END, "
                "database_name || '.' || schema_name || '.' || function_name "
                "FROM duckdb_functions() WHERE function_type LIKE '%macro' AND NOT internal "
                "AND database_name IN ('memory', 'stg', 'temp')"
            ).fetchall()
        )

    def settings(self, name: str) -> Settings:
        """Settings under which the versions of one census are kept."""
        return make_settings(self.folder / name, raw_dir=self.folder / "raw")

    def publish(self, world: World, register: Register, settings: Settings) -> tuple[str, Register]:
        """Put in service the version of a census; its name, and the register that it leaves."""
        con = self.con
        for kind, name in self._made() - self.before:
            con.execute(f"DROP {kind} {name}")
        columns = ["code", "service", "headcount", "places", "valid_from"]
        con.register("_rows", pd.DataFrame(list(world.rows), columns=columns))
        con.execute("DELETE FROM stg.commune_total")
        con.execute(
            "INSERT INTO stg.commune_total BY NAME SELECT *, ? AS source, valid_from AS "
            "source_date, false AS demonstration FROM _rows",
            [world.source],
        )
        con.unregister("_rows")
        kept = tuple(kept_versions(settings.processed_dir))
        for mart in steps.MARTS[1:]:
            steps._run(con, steps.HERE / "marts" / f"{mart}.sql")
            if mart == "totals":
                register = _decided(con, register, kept)
        steps.write_macros(con)
        steps.write_recipe(con)
        steps.check_against_intruder(con, kept)
        name = warehouse.new_name()
        steps._record(con, name, self.sources, self.loaded, [], [])
        steps._record_request(con, settings, self.request)
        path = warehouse.build_path(settings.processed_dir, name)
        con.execute(f"ATTACH '{path}' AS built; COPY FROM DATABASE memory TO built; DETACH built")
        warehouse.publish(settings.processed_dir, name, path)
        return name, register

    def world(self, seed: int) -> tuple[World, World]:
        """A made-up census of these communes, and the same a little later."""
        draw = random.Random(seed)
        while len((drawn := made_up(draw)).perimeter) != len(self.codes):
            pass
        later = revised(drawn, draw)
        there = dict(zip(drawn.perimeter, self.codes, strict=True))

        def moved(rows: Sequence[Row]) -> tuple[Row, ...]:
            return tuple((there[r[0]], *r[1:]) for r in rows if r[0] in there)

        return (
            World(self.codes, moved(drawn.rows), drawn.source),
            World(self.codes, moved(later.rows), later.source),
        )


def in_store(world: World) -> list[list[str]]:
    """The rows of a census as the store keeps them."""
    return [
        [
            code, service, "" if persons is None else f"{persons:g}",
            "" if places is None else f"{places:g}", day.isoformat(), world.source,
            day.isoformat(), "non",
        ]
        for code, service, persons, places, day in world.rows
    ]  # fmt: skip


def _decided(
    con: duckdb.DuckDBPyConnection, register: Register, kept: Sequence[Published]
) -> Register:
    from pipelines.masks import decide

    return decide(con, register, kept, quiet)


def days(world: World) -> list[date]:
    """The dates at which something begins, and one after them all."""
    return [*sorted({r[4] for r in world.rows}), date(2026, 1, 1)]


@contextmanager
def opened(settings: Settings, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published version."""
    with warehouse.connect(settings.processed_dir / name) as con:
        yield con
