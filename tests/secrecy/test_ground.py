"""The short way by which these tests publish a census gives what a refresh gives."""

from __future__ import annotations

from pathlib import Path

import duckdb
from fixtures.versions import quiet
from secret_ground import Ground, in_store
from secret_holds import one_secret

from observatory.census import census_store
from observatory.census.sheets import sheets
from observatory.secrecy import register as registers
from observatory.secrecy.register import Register
from observatory.versions import warehouse
from observatory.workbook.stored import file_name, read_back
from pipelines.refresh import refresh

OF_THE_BUILDING = frozenset({"version", "version_source", "version_step", "version_check",
                             "version_generation", "version_request", "source"})  # fmt: skip
"""What a version says of how it was made."""


def tables(folder: Path, name: str) -> dict[str, list[str]]:
    """The rows of every table of a version, and its macros."""
    with warehouse.connect(folder / name) as con:
        found = {t: sorted(map(str, con.execute(f'FROM "{t}"').fetchall())) for t in _names(con)}
        macros = con.execute(
            "SELECT function_name, parameters, macro_definition FROM duckdb_functions() "
            "WHERE database_name NOT IN ('system', 'temp') ORDER BY ALL"
        ).fetchall()
    return {**found, "macros": [str(m) for m in macros]}


def _names(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    return [t for (t,) in rows if t not in OF_THE_BUILDING]


def test_what_the_tests_publish_is_what_a_refresh_publishes(tmp_path: Path) -> None:
    ground, world, register = Ground(tmp_path, 6), one_secret(), Register("key")
    short = ground.settings("short")
    name, after = ground.publish(world, register, short)
    whole = ground.settings("whole")
    embedded = whole.raw_dir / "census" / "embedded"
    others = {
        one.name: read_back(one, path.read_bytes())
        for one in sheets()
        if (path := embedded / file_name(one)).is_file()
    }
    census_store.write(whole.census_dir, {**others, "totaux_communaux": in_store(world)})
    registers.write(whole.census_dir, register)
    other = refresh(whole, ground.request, quiet)
    assert registers.read(whole.census_dir) == after
    one, two = tables(short.processed_dir, name), tables(whole.processed_dir, other)
    assert set(one) == set(two)
    assert len(one["macros"]) > 20
    differ = {t: (set(one[t]) ^ set(two[t])) for t in one if one[t] != two[t]}
    assert list(differ) == [], {t: sorted(r)[:4] for t, r in differ.items()}
