"""The refresh: every step in order, from the sources to the published version.

``raw`` and ``stg`` live in memory beside the version being built; only marts, the macros that
answer questions and the record of the refresh are written to it. A check is a SQL file whose first
line is its promise, in the words that the operator reads; it returns the rows that break it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from observatory.errors import CheckError
from observatory.french import numbers
from observatory.knowledge import privacy
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.convention import FILE_NAME, convention_of
from observatory.knowledge.law import law
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.territory import Territory, TerritoryRequest, resolve, written
from observatory.plan.public_plan import PUBLIC, columns_of, public_tables
from observatory.plan.territory_plan import territory_plan
from observatory.secrecy import register as registers
from observatory.settings import Settings, tenant_in_service
from observatory.sources.catalogue import Source, read_sources
from observatory.stores.generation import State
from observatory.targets.target_store import target_table
from observatory.versions import warehouse
from observatory.versions.frames import frame
from observatory.versions.sql_text import sql_text
from pipelines.border import build_border
from pipelines.load import Loaded
from pipelines.macros import run_sql, write_macros
from pipelines.masks import check_against_intruder, mask_totals, prepare, sealed
from pipelines.neighbours import build_neighbours
from pipelines.outlines import build_outlines, in_use
from pipelines.own_files import (
    holding,
    own_state,
    record_generation,
    refuse_unread,
    say_outside,
)
from pipelines.places import register_positions
from pipelines.reading import prepare_all, read_all
from pipelines.recipe import AFTER_THE_CENSUS, write_recipe

HERE = Path(__file__).parent
MARTS = (
    "commune",
    "grid",
    "equipment_minutes",
    "place_profile",
    "census",
    "unmet",
    "competence",
    "bpe",
    "totals",
    "com_figure",
    "public_count",
    "age_piece",
    "resident",
    "schooled",
    "published",
    "carried",
    *AFTER_THE_CENSUS,
)
MEMORY = "300MB"
"""Of the database while a version is built: beyond, it works on the disk, beside the version."""
ROWS_SHOWN = 10
ATTEMPTS = 5  # a census that changes during each of them is being loaded without end


@dataclass(frozen=True)
class Broken:
    """A check that failed: its file's name, its promise, the rows that break it."""

    name: str
    promise: str
    rows: pd.DataFrame


def refresh(
    settings: Settings, request: TerritoryRequest, report: Callable[[str], None] = print
) -> str:
    """Build a version for a territory and publish it; return its name.

    A version is published only when the census it was built from is still the one in service; when
    another was loaded meanwhile, it is built again from that one. A refresh that started later and
    ended sooner stays in service.

    Raises
    ------
    RequestError
        When the territory is unknown to the files at hand.
    SourceError
        When a file cannot be read.
    CheckError
        When a promise is broken; the version in service stays as it is.
    """
    warehouse.sweep(settings.processed_dir)
    for _ in range(ATTEMPTS):
        if name := _refresh_once(settings, request, report):
            return name
        report("le recensement a changé pendant la construction : elle recommence")
    raise CheckError(
        "le recensement change plus vite que la version ne se construit : rien n'est publié",
        mend="Attendre la fin des chargements, puis relancer.",
    )


def _refresh_once(
    settings: Settings, request: TerritoryRequest, report: Callable[[str], None]
) -> str | None:
    """Build a version and publish it; None when its census is no longer the one in service."""
    state, before = own_state(settings), registers.read(settings.census_dir)
    served = warehouse.named(settings.processed_dir)
    shown = tenant_in_service(settings.processed_dir)
    name = warehouse.new_name()
    path = warehouse.build_path(settings.processed_dir, name)
    steps: list[tuple[str, float]] = []

    @contextmanager
    def step(label: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        steps.append((label, time.perf_counter() - start))
        report(f"{steps[-1][1]:7.2f} s  {label}".replace(".", ",", 1))

    try:
        spilled = f"{path}.tmp"
        con = duckdb.connect(
            config={**warehouse.CONFIG, "memory_limit": MEMORY, "temp_directory": spilled}
        )
        try:
            # Half a version is thrown away: a log of it would only be written for nobody.
            con.execute(
                f"ATTACH {sql_text(path)} AS built (RECOVERY_MODE no_wal_writes); USE built; "
                "ATTACH ':memory:' AS raw; ATTACH ':memory:' AS stg"
            )
            privacy.register(con)
            register_positions(con)
            sources = read_sources(settings.raw_dir)
            with step("sources lues"):
                whole = replace(settings, census_dir=state.folder or settings.census_dir)
                reading = read_all(con, sources.values(), whole, request, report)
                loaded = reading.loaded
                refuse_unread(state, loaded)
            with step("tables préparées"):
                prepare_all(con, reading)
                prepare(con)
            with step("périmètre établi"):
                _run(con, HERE / "marts" / "carry.sql")
                territory = resolve(con, request)
                if territory.note:
                    report(territory.note)
                _write_territory(con, territory)
                say_outside(con, report)
                _write_nomenclature(con)
                _write_convention(con, state, settings, territory, report)
                _write_targets(con, settings)
                _write_plan(con, settings, territory)
            with step("communes décrites"):
                _run(con, HERE / "marts" / "commune.sql")
            with step("contours établis"):
                build_outlines(con, loaded, report)
                build_border(con)
                build_neighbours(con)
            with step("besoin et offre établis"):
                for mart in MARTS[1:]:
                    _run(con, HERE / "marts" / f"{mart}.sql")
                    if mart == "totals":
                        masked = mask_totals(con, settings, report)
                write_macros(con)
                write_recipe(con)
            with step("contrôles passés"):
                passed = run_checks(con)
            with step("secret éprouvé"):
                check_against_intruder(con, masked.kept)
            used = in_use(con, sealed(con, loaded, masked.register, name))
            _record(con, name, sources, used, passed, steps)
            _record_request(con, settings, request)
            record_generation(con, settings, state)
            con.execute("DETACH raw; DETACH stg; CHECKPOINT")
        finally:
            con.close()
        with holding(settings, state) as still:
            # A mask lifted meanwhile, or a version published: decided again from what they left.
            if not still or registers.read(settings.census_dir) != before:
                return None
            now = warehouse.named(settings.processed_dir)
            if now != served and now > name:
                report("une construction commencée après celle-ci est déjà en service : elle reste")
                return now
            if tenant_in_service(settings.processed_dir) != shown:
                report("le territoire a changé pendant la construction : celui en service reste")
                return now
            # First the register: a mask too many harms nobody, one forgotten would.
            if masked.register.is_real and (state.folder or before):  # never beside no census
                registers.write(settings.census_dir, masked.register)
            warehouse.publish(settings.processed_dir, name, path, settings.tenant)
    finally:
        path.unlink(missing_ok=True)
    seconds = f"{sum(s for _, s in steps):7.2f}".replace(".", ",")
    size = numbers.quantity(len(territory.communes), "commune", "communes")
    report(f"{seconds} s  en tout : {territory.name}, {size}, version {name}")
    return name


def run_checks(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Run every check; return (name, promise) of each.

    Raises
    ------
    CheckError
        When at least one promise is broken, with every broken one and its first rows.
    """
    passed: list[tuple[str, str]] = []
    broken: list[Broken] = []
    for file in sorted((HERE / "checks").glob("*.sql")):
        sql = file.read_text(encoding="utf-8")
        promise = sql.splitlines()[0].removeprefix("--").strip()
        # A promise is nearly always kept: a table is made of the rows that break it alone.
        if con.execute(sql).fetchone() is None:
            passed.append((file.stem, promise))
        else:
            broken.append(Broken(file.stem, promise, frame(con, sql)))
    if broken:
        raise CheckError(
            "\n".join(
                [
                    "la version n'est pas publiée, celle en service reste en place",
                    *map(_describe, broken),
                ]
            ),
            mend="\nCorriger le fichier nommé, ou le retirer du miroir, puis relancer.",
        )
    return passed


def _describe(broken: Broken) -> str:
    shown = broken.rows.head(ROWS_SHOWN)
    more = len(broken.rows) - len(shown)
    lines = [
        f"  contrôle « {broken.name} » : {broken.promise}",
        f"  {numbers.quantity(len(broken.rows), 'ligne', 'lignes')} en défaut :",
    ]
    lines += [
        "    " + ", ".join(f"{k} = {v}" for k, v in row.items() if pd.notna(v))
        for row in shown.to_dict("records")
    ]
    return "\n".join(lines + ([f"    … et {more} autres"] if more else []))


def _run(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    run_sql(con, file.read_text(encoding="utf-8"), file.name)


def _write_territory(con: duckdb.DuckDBPyConnection, territory: Territory) -> None:
    con.register("_codes", pd.DataFrame({"code": list(territory.communes)}, dtype="str"))
    con.execute("CREATE TABLE perimeter AS SELECT code FROM _codes ORDER BY code")
    con.execute(
        "CREATE TABLE territory AS SELECT ? AS name, ? AS kind, CAST(? AS TEXT) AS siren, "
        "CAST(? AS TEXT) AS membership_vintage, "
        "(SELECT max(vintage) FROM stg.commune) AS cog_vintage, "
        "(SELECT count(*) FROM perimeter) AS communes",
        [territory.name, territory.kind, territory.siren, territory.membership_vintage],
    )


def _write_tables(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, pd.DataFrame], statement: str
) -> None:
    """Run a statement for each table, its rows as ``_rows`` and its name in the place of {}."""
    for table, rows in tables.items():
        con.register("_rows", rows)
        con.execute(statement.format(table))
        con.unregister("_rows")


def _write_nomenclature(con: duckdb.DuckDBPyConnection) -> None:
    known = {**nomenclature().tables(), **catchment_rules().tables(), **law().tables()}
    _write_tables(con, known, "CREATE TABLE {} AS SELECT * FROM _rows")


def _write_convention(
    con: duckdb.DuckDBPyConnection,
    state: State,
    settings: Settings,
    territory: Territory,
    report: Callable[[str], None],
) -> None:
    """The convention of the territory, its own or a known one; empty tables without any."""
    places = dict.fromkeys((state.folder or settings.census_dir, settings.census_dir))
    found, where = convention_of(places, territory.siren, territory.communes)
    stray = settings.census_dir / FILE_NAME
    if state.folder and (state.folder / FILE_NAME).is_file() and stray.is_file():
        report(f"{stray} : ce fichier ne compte pas, le charger par « convention load »")
    if where == "other":
        report(f"{FILE_NAME} décrit la convention d'un autre territoire : elle n'est pas reprise")
    con.execute(
        'CREATE TABLE convention (name TEXT, "start" DATE, "end" DATE, signed TEXT, '
        "contact_role TEXT, contact TEXT, source TEXT, territory TEXT);"
        "CREATE TABLE convention_part "
        "(rank INTEGER, kind TEXT, label TEXT, since DATE, services TEXT)"
    )
    if found:
        _write_tables(con, found.tables(), "INSERT INTO {} BY NAME SELECT * FROM _rows")


def _write_targets(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """The targets that the territory voted; no row without any."""
    con.execute(
        "CREATE TABLE voted_target (service TEXT, day_type TEXT, amount DOUBLE, valid_from DATE, "
        "decided_by TEXT, source TEXT)"
    )
    rows = {"voted_target": target_table(settings.census_dir)}
    _write_tables(con, rows, "INSERT INTO {} BY NAME SELECT * FROM _rows")


def _write_plan(con: duckdb.DuckDBPyConnection, settings: Settings, territory: Territory) -> None:
    """What may be public of the action plan; empty tables without any."""
    whole = territory_plan(
        settings.census_dir, settings.raw_dir, territory.siren, territory.communes
    )
    con.execute(";".join(f"CREATE TABLE {name} ({columns_of(name)})" for name in PUBLIC))
    if any(whole.tables.values()):
        tables = public_tables(whole.tables)
        _write_tables(con, tables, "INSERT INTO {} BY NAME SELECT * FROM _rows")


def _record_request(
    con: duckdb.DuckDBPyConnection, settings: Settings, request: TerritoryRequest
) -> None:
    """Keep what was asked, so that the same version can be built again from newer files."""
    con.execute(
        "CREATE TABLE version_request AS SELECT ? AS territory, CAST(? AS TEXT) AS membership, "
        "CAST(? AS TEXT) AS mirror, CAST(? AS BOOLEAN) AS offline",
        [
            written(request),
            request.membership,
            str(settings.mirror.absolute()) if settings.mirror else None,
            settings.offline,
        ],
    )


def _record(
    con: duckdb.DuckDBPyConnection,
    name: str,
    sources: dict[str, Source],
    loaded: list[Loaded],
    passed: list[tuple[str, str]],
    steps: list[tuple[str, float]],
) -> None:
    """Write what this version was built from, what was promised and how long it took."""
    source_columns = ["id", "producer", "dataset", "licence", "page", "definition"]
    file_columns = ["id", "publication", "file", "vintage", "origin", "sha256", "rows", "url"]
    tables = {
        "version": pd.DataFrame(
            [{"version": name, "built_at": datetime.now(UTC).isoformat("T", "seconds")}]
        ),
        "version_source": pd.DataFrame(
            [
                (
                    f.source.id,
                    f.publication.name,
                    f.path.name,
                    f.vintage,
                    f.origin,
                    f.sha256,
                    f.rows,
                    f.url,
                )
                for f in loaded
            ],
            columns=file_columns,
        ),
        "source": pd.DataFrame(
            [tuple(getattr(s, c) for c in source_columns) for s in sources.values()],
            columns=source_columns,
        ),
        "version_check": pd.DataFrame(passed, columns=["name", "promise"]),
        "version_step": pd.DataFrame(steps, columns=["step", "seconds"]),
    }
    _write_tables(con, tables, "CREATE TABLE {} AS SELECT * FROM _rows")
