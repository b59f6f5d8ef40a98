"""Published versions: built aside, published in one step, opened read-only, swept.

A version is one DuckDB file, ``observatory-<utc stamp>.duckdb``. ``CURRENT`` names the one in
service and is replaced in one atomic step: a reader sees the old name or the new one, never half.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb

from observatory import disk
from observatory.errors import VersionError
from observatory.french.dates import long_moment
from observatory.settings import CURRENT as CURRENT
from observatory.settings import Settings
from observatory.versions.sql_text import sql_text

BENEATH = "reality"
"""The name of a version under what a scenario lays over it."""
KEPT_VERSIONS = 5
NAME = re.compile(r"observatory-\d{8}T\d{6}(?:\d{6})?Z\.duckdb")
IDLE_OPTIMIZERS = (
    "projection_pullup",
    "cte_filter_pusher",
    "duplicate_groups",
    "filter_pullup",
    "in_clause",
)
"""Of DuckDB, those that take a fifth of an answer about a few communes, and give nothing to one
about France."""
# No extension is ever looked for on the network.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "disabled_optimizers": ",".join(IDLE_OPTIMIZERS),
}


AGAIN = "Relancer « observatory refresh » : une nouvelle version la remplacera."
UNREADABLE = (
    "la version ne peut pas être ouverte : le fichier est incomplet ou n'en est pas une",
    AGAIN,
)
FAILURES = (
    (
        "Could not set lock|different configuration",
        "la version est ouverte dans un autre programme : le fermer",
        "Fermer le programme qui la tient ouverte en écriture, puis recommencer.",
    ),
    (
        "does not exist|No such file",
        "la version ne peut pas être ouverte : elle n'existe plus",
        AGAIN,
    ),
    (
        "Permission denied|Operation not permitted",
        "la version ne peut pas être ouverte : l'accès au fichier est refusé",
        "Donner le droit de le lire au compte qui fait tourner l'observatoire.",
    ),
    (
        "can only read version|can only read storage|Invalid storage version",
        "la version ne peut pas être ouverte : elle vient d'une autre version de DuckDB",
        "Mettre l'observatoire à jour, ou relancer « observatory refresh ».",
    ),
    (
        "Too many open files|Input/output error|Stale file handle",
        "la version ne peut pas être ouverte : le disque ou le système ne répond pas",
        "Vérifier le disque, puis recommencer.",
    ),
)
"""What DuckDB says of a file that it cannot open, what that means, and the mend."""

DAMAGED = re.compile(r"Corrupt database|checksum|Could not read|database has been invalidated")
"""What DuckDB says of a file that was opened, and cannot be read where it is asked."""


def new_name(now: datetime | None = None) -> str:
    """The name of a version built now (UTC, to the microsecond, so that names sort by age)."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S%f")
    return f"observatory-{stamp}Z.duckdb"


def spoken(name: str) -> str:
    """A version as people name it, by the moment in its stamp; the name itself without any."""
    found = re.match(r"observatory-(\d{8}T\d{6})", name)
    if not found:
        return name
    return long_moment(datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC))


def versions(processed_dir: Path) -> list[str]:
    """Names of the complete versions, oldest first."""
    return sorted(
        p.name for p in processed_dir.glob("observatory-*.duckdb") if NAME.fullmatch(p.name)
    )


def current(processed_dir: Path) -> str:
    """The name of the version in service.

    Raises
    ------
    VersionError
        When nothing was published yet, or ``CURRENT`` names a file that is gone.
    """
    pointer = processed_dir / CURRENT
    try:
        name = pointer.read_text(encoding="utf-8", errors="replace").strip().partition("\n")[0]
    except OSError:
        raise VersionError(
            "aucune version publiée",
            where=str(processed_dir),
            mend="Lancer « observatory refresh », sans réseau « observatory refresh --offline ».",
        ) from None
    named = NAME.fullmatch(name) is not None
    if not named or not (processed_dir / name).is_file():
        raise VersionError(
            # What is no name at all may be anything: it is not repeated.
            f"la version {f'« {name} » ' if named else ''}en service est introuvable",
            where=str(pointer),
            mend="Relancer « observatory refresh » : une nouvelle version la remplacera.",
        )
    return name


def named(processed_dir: Path) -> str:
    """The name of the version in service; empty when there is none that can be opened."""
    try:
        return current(processed_dir)
    except VersionError:
        return ""


def build_path(processed_dir: Path, name: str) -> Path:
    """Where a version is built, out of sight of the readers until it is published."""
    processed_dir.mkdir(parents=True, exist_ok=True)
    return processed_dir / f".{name}.building"


def publish(processed_dir: Path, name: str, built: Path, tenant: str = "") -> None:
    """Put a finished file into service, then forget the oldest versions.

    Parameters
    ----------
    tenant : str
        The folder of what people wrote of its territory (``Settings.tenant``).
    """
    disk.adopt_file(built, processed_dir / name)
    told = f"{name}\n{tenant}\n" if tenant else f"{name}\n"
    disk.replace_file(processed_dir / CURRENT, told.encode())
    for old in versions(processed_dir)[:-KEPT_VERSIONS]:
        if old != name:
            (processed_dir / old).unlink(missing_ok=True)


def sweep(processed_dir: Path, seconds: float = 3600.0) -> None:
    """Remove what a killed process left behind, once it is too old to be still at work.

    A build, its log, and the folder where DuckDB puts what does not fit in memory, a reader's
    included. Whatever cannot be removed is left: it hinders nobody.
    """
    for left in (
        *processed_dir.glob(".observatory-*.building*"),
        *processed_dir.glob("observatory-*.duckdb.tmp"),
        *processed_dir.glob(".CURRENT.*"),
    ):
        try:
            last = max(path.stat().st_mtime for path in (left, *left.rglob("*")))
            if abs(time.time() - last) < seconds:  # a clock may have been set back since
                continue
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
        except OSError:
            continue


def connect(path: Path, limits: Mapping[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """Open a version read-only; give each reader its own ``.cursor()``.

    Parameters
    ----------
    limits : mapping, optional
        Settings of the database (`within`), for every connection of this process to that version.

    Raises
    ------
    VersionError
        When the file cannot be opened, with what keeps it from being, as far as can be told.
    """
    try:
        con = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except duckdb.Error as error:
        raise unopened(path, error) from error
    for name, value in (limits or {}).items():
        # Set after opening: one process may open a version once with limits and once without.
        with suppress(duckdb.NotImplementedException):  # the folder is in use already: it stays
            con.execute(f"SET GLOBAL {name} = {sql_text(value)}")
    return con


def unopened(path: Path, error: duckdb.Error) -> VersionError:
    """The refusal of a version that cannot be opened; DuckDB's own words stay in the cause."""
    message, mend = next(
        (told for words, *told in FAILURES if re.search(words, str(error))), UNREADABLE
    )
    return VersionError(message, where=path.name, mend=mend)


def open_current(
    processed_dir: Path, limits: Mapping[str, str] | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the version in service, read-only.

    Parameters
    ----------
    limits : mapping, optional
        As for `connect`.
    """
    return connect(processed_dir / current(processed_dir), limits)


@cache
def _spill_folder() -> str:
    """Where the databases of this process work beyond their memory; removed when it ends.

    One a process: two would write over each other in one. For its whole life: a database that is
    open twice has one folder, which must not go away with whoever closes first.
    """
    folder = tempfile.mkdtemp(prefix="observatory-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def within(megabytes: int) -> dict[str, str]:
    """Settings of a database that takes so much memory at most, and works on the disk beyond."""
    return {"memory_limit": f"{megabytes}MB", "temp_directory": _spill_folder()}


@contextmanager
def in_service(
    settings: Settings, *, megabytes: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the version in service, read-only, for the time of a block: the one door to it.

    Parameters
    ----------
    megabytes : int, optional
        The most memory that the database may take; beyond, it works on the disk.

    Raises
    ------
    VersionError
        When nothing was published yet, or the version cannot be opened, or read to its end.
    """
    more = {} if megabytes is None else within(megabytes)
    with closing(open_current(settings.processed_dir, more)) as con:
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise older() from error
        except duckdb.Error as error:
            if DAMAGED.search(str(error)):
                raise VersionError("la version en service est abîmée", mend=AGAIN) from error
            raise


def older() -> VersionError:
    """The refusal of a version that lacks a table or a macro that is asked for."""
    what = "la version date d'avant une évolution du calcul"
    return VersionError(what, mend="Relancer « observatory refresh ».")


def has_table(con: duckdb.DuckDBPyConnection, name: str, database: str | None = None) -> bool:
    """Whether a version has a table: an older one may lack it.

    Parameters
    ----------
    database : str, optional
        The name under which the version is attached; the one that the connection opened by default.
    """
    found = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = $name AND NOT internal "
        "AND (database_name = coalesce($database, current_database()) "
        "OR $database IS NULL AND database_name = $beneath)",
        {"name": name, "database": database, "beneath": BENEATH},
    ).fetchall()
    return bool(found)
