"""What was read and prepared of a published source, kept from a refresh to the next.

Loading a census, or undoing it, refreshes the version: national files that have not changed would
be read to the same tables again, a third of the time. They are kept as a file of DuckDB in the
cache, found again by the sums of the files, of their description and of the code that reads them.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import duckdb

from observatory.sources import catalogue
from observatory.sources.catalogue import Candidate, Source
from observatory.versions.sql_text import sql_text
from pipelines.load import Loaded

HERE = Path(__file__).parent
STAGING = HERE / "staging"
HEAVY_BYTES = 1_000_000
"""Of a source; a lighter one is read as soon as found."""
FORMER = 5
"""Files kept of a source beside the last one: those of other territories, of other vintages."""


def prepared_tables(source: Source) -> list[str]:
    """Names of the tables that a source's own staging file makes; none where it makes views."""
    file = STAGING / f"{source.id}.sql"
    sql = file.read_text(encoding="utf-8") if file.is_file() else ""
    return [] if "CREATE VIEW" in sql else re.findall(r"CREATE TABLE stg\.(\w+)", sql)


def may_be_kept(source: Source) -> bool:
    """Whether it is published, and prepared from its own rows alone."""
    return not source.local and bool(prepared_tables(source))


def place_of(source: Source, folder: Path, files: Sequence[Candidate]) -> Path | None:
    """Where what is read of a source is kept; None when it is light.

    Parameters
    ----------
    folder : Path
        Of the cache.
    files : sequence of Candidate
        All those that may be read, in the order in which they are tried.
    """
    if sum(f.path.stat().st_size for f in files) < HEAVY_BYTES:
        return None
    told = hashlib.sha256(_reader() + (source.folder / "source.toml").read_bytes())
    for file in files:
        told.update(f"\n{file.path}\n{file.origin} {file.sha256} {file.url}".encode())
    return folder / source.id / f"{told.hexdigest()[:32]}.duckdb"


@cache
def _reader() -> bytes:
    """The sum of what reads and prepares: whatever of it changes, the files are read again."""
    told = hashlib.sha256(duckdb.__version__.encode())
    beside = Path(catalogue.__file__).parent
    for path in sorted([*HERE.glob("*.py"), *STAGING.glob("*.sql"), *beside.glob("*.py")]):
        told.update(f"\n{path.name}\n".encode() + path.read_bytes())
    return told.digest()


def take(
    con: duckdb.DuckDBPyConnection, source: Source, path: Path, report: Callable[[str], None]
) -> list[Loaded] | None:
    """Put in ``raw`` and ``stg`` what was kept of a source, and say again what was said of it.

    None when nothing is kept, or nothing that can be read.
    """
    if not path.is_file():
        return None
    kept, publications = f"kept_{source.id}", {p.name: p for p in source.publications}
    made: list[str] = []
    try:
        con.execute(f"ATTACH {sql_text(path)} AS {kept} (READ_ONLY)")
        rows = con.execute(f"FROM {kept}.loaded ORDER BY rank").fetchall()
        said = con.execute(f"SELECT line FROM {kept}.said ORDER BY rank").fetchall()
        for schema, table in _tables(con, kept):
            # Rows as they were read are looked at by checks alone; the others may be changed.
            kind = "VIEW" if schema == "raw" else "TABLE"
            con.execute(f"CREATE {kind} {schema}.{table} AS FROM {kept}.{schema}.{table}")
            made.append(f"{kind} {schema}.{table}")
    except duckdb.Error:
        for one in made:
            con.execute(f"DROP {one}")
        con.execute(f"DETACH DATABASE IF EXISTS {kept}")
        return None
    for (line,) in said:
        report(line)
    return [
        Loaded(source, publications[name], Path(file), origin, sha256, url, vintage, count)
        for _, name, file, origin, sha256, url, vintage, count in rows
    ]


def _tables(con: duckdb.DuckDBPyConnection, kept: str) -> list[tuple[str, str]]:
    return con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() "
        "WHERE database_name = ? AND schema_name IN ('raw', 'stg')",
        [kept],
    ).fetchall()


def keep(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    path: Path,
    loaded: Iterable[Loaded],
    said: Iterable[str],
) -> None:
    """Write what was read of a source, whole, under another name first.

    A full disk keeps nothing and harms nobody.
    """
    read = dict.fromkeys(p.table for p in source.publications if not p.unused)
    tables = [("raw", t) for t in read] + [("stg", t) for t in prepared_tables(source)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as aside:
            made = Path(aside) / path.name
            con.execute(f"ATTACH {sql_text(made)} AS keeping (RECOVERY_MODE no_wal_writes)")
            try:
                con.execute("CREATE SCHEMA keeping.raw; CREATE SCHEMA keeping.stg")
                for schema, table in tables:
                    con.execute(f"CREATE TABLE keeping.{schema}.{table} AS FROM {schema}.{table}")
                _write_record(con, loaded, said)
            finally:
                con.execute("DETACH keeping")
            made.replace(path)
        others = sorted(path.parent.glob("*.duckdb"), key=lambda p: p.stat().st_mtime)
        for former in others[: -1 - FORMER]:
            former.unlink()
    except (OSError, duckdb.Error):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _write_record(
    con: duckdb.DuckDBPyConnection, loaded: Iterable[Loaded], said: Iterable[str]
) -> None:
    con.execute(
        "CREATE TABLE keeping.loaded (rank INTEGER, publication TEXT, file TEXT, origin TEXT, "
        "sha256 TEXT, url TEXT, vintage TEXT, rows BIGINT); "
        "CREATE TABLE keeping.said (rank INTEGER, line TEXT)"
    )
    for rank, one in enumerate(loaded):
        row = [one.publication.name, str(one.path), one.origin, one.sha256, one.url, one.vintage]
        con.execute(
            "INSERT INTO keeping.loaded VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [rank, *row, one.rows]
        )
    for rank, line in enumerate(said):
        con.execute("INSERT INTO keeping.said VALUES (?, ?)", [rank, line])
