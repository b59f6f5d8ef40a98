"""Masks: what a version hides so that no total tells one person's figure, decided once a refresh.

A set of masks is tried by building the tables that would be published and letting the intruder
read them. The first set that holds is kept: masks in force first, then as few companions as the
audit allows, then the territory's total, then the whole service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.secrecy import secrecy_rules
from observatory.secrecy import register as registers
from observatory.secrecy.mask_audit import Finding, audit, unsafe
from observatory.secrecy.published import Published, kept_versions, read_published
from observatory.secrecy.register import TERRITORY, Cell, Register, Role
from observatory.settings import Settings
from pipelines.load import Loaded
from pipelines.mask_tables import Tables
from pipelines.mask_words import refusal, shown_before, tell


@dataclass(frozen=True)
class Attempt:
    """A set of masks of one service beside those in force."""

    companions: tuple[str, ...] = ()
    withheld: Role | None = None


@dataclass(frozen=True)
class Masked:
    """What a refresh decided: the register to keep, and the versions that the intruder read."""

    register: Register
    kept: tuple[Published, ...] = ()


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Give SQL the rules of the masks, before the totals are added up."""
    rules = secrecy_rules()
    con.register("_sources", rules.table_of_sources())
    con.execute("CREATE OR REPLACE TABLE stg.secret_source AS SELECT * FROM _sources")
    con.unregister("_sources")
    con.execute(
        "CREATE OR REPLACE TABLE stg.secret_rule AS SELECT CAST(? AS INTEGER) AS most_places",
        [rules.most_places],
    )
    step = int(rules.rounding)
    con.execute(
        "CREATE OR REPLACE TEMP MACRO nearest(amount) AS "
        f"{step} * floor((amount + {step / 2}) / {step})"
    )


def mask_totals(
    con: duckdb.DuckDBPyConnection, settings: Settings, report: Callable[[str], None]
) -> Masked:
    """Decide what is masked and write the tables of totals.

    Raises
    ------
    CheckError
        When no set of masks holds against the intruder.
    """
    real = con.execute("SELECT count(*) FROM stg.commune_total WHERE NOT demonstration").fetchone()
    if real == (0,):
        return Masked(decide(con, registers.demonstration_register(), (), report))
    found = registers.read(settings.census_dir) or registers.new_register()
    kept = tuple(kept_versions(settings.processed_dir))
    return Masked(decide(con, found, kept, report), kept)


def decide(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    kept: Sequence[Published],
    report: Callable[[str], None] = print,
) -> Register:
    """Find the masks of every service, from the open totals in ``stg``; write what is published."""
    day = registers.today()
    secret: list[Cell] = con.execute("SELECT code, service FROM stg.secret").fetchall()
    # A version published before a stop, or before there was a register, keeps its masks.
    known = register.cells("primary", "companion") | register.lifted_cells
    carried = sorted({cell for v in kept for cell in v.masked} - known)
    register = register.with_masks(((cell, "companion") for cell in carried), day)
    register = register.with_masks(((cell, "primary") for cell in secret), day)
    findings: list[Finding] = []
    tables = Tables(con)
    for service in [i for i, s in nomenclature().services.items() if s.masked_below]:
        before = register
        for attempt in _attempts(con, before, service):
            register = before.with_masks(_masks(service, attempt), day)
            tables.write(register)
            findings = [f for f in audit(read_published(con), kept) if f.service == service]
            if not unsafe(findings):
                tables.keep()
                break
        else:
            tables.drop()
            raise refusal(unsafe(findings))
        tell(
            service,
            attempt.withheld,
            findings,
            shown_before(register.cells("primary", "companion"), kept, service),
            report,
        )
    tables.write(register)
    tables.keep()
    return register


def check_against_intruder(con: duckdb.DuckDBPyConnection, kept: Sequence[Published]) -> None:
    """Let the intruder read the version as it is about to be published.

    Raises
    ------
    CheckError
        When a masked figure would be told.
    """
    if found := unsafe(audit(read_published(con), kept)):
        raise refusal(found)


def sealed(
    con: duckdb.DuckDBPyConnection, loaded: Sequence[Loaded], register: Register, version: str
) -> list[Loaded]:
    """The files of a version; those of a real census tell nothing of what is masked.

    Masked figures are few: they could be tried against the plain digest of a file, so that only
    the key makes the one published. That of the totals is another in every version: it would tell
    that a masked figure alone has moved. Their rows and their date are those that are shown.
    """
    if not register.is_real:
        return list(loaded)
    ((rows, vintage),) = con.execute(
        "SELECT count(*), coalesce(CAST(max(source_date) AS TEXT), '') FROM commune_total"
    ).fetchall()
    return [
        f
        if f.origin != "local"
        else replace(f, sha256=register.sealed(f"{version}|{f.sha256}"), rows=rows, vintage=vintage)
        if f.publication.table == "census_total"
        else replace(f, sha256=register.sealed(f.sha256))
        for f in loaded
    ]


def _attempts(
    con: duckdb.DuckDBPyConnection, register: Register, service: str
) -> Iterator[Attempt]:
    """Sets of masks in the order in which they are tried: the lightest first."""
    most = secrecy_rules().companions
    large, any_size = _candidates(con, register, service)
    first, then = range(min(1, len(large)) + 1), range(2, min(most, len(large)) + 1)
    for some in (first, then):  # a second companion seldom helps where the first does not
        for withheld in (None, "total"):
            for n in some:
                yield Attempt(large[:n], "total" if withheld else None)
    for n in range(1, min(most, len(any_size)) + 1):
        yield Attempt(any_size[:n], "total")
    yield Attempt(withheld="service")


def _candidates(
    con: duckdb.DuckDBPyConnection, register: Register, service: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes that may be a companion, in the order of the draw: the large enough, then all.

    Those of the side where masks stand alone come first: the perimeter's total is no matter of the
    communes around.
    """
    hidden = {code for code, of in register.cells("primary", "companion") if of == service}
    rows = con.execute(
        """
        SELECT t.code, min(CASE WHEN t.service IN (SELECT id FROM public)
                THEN t.headcount ELSE t.places END) AS least,
            count(*) = count(CASE WHEN t.service IN (SELECT id FROM public)
                THEN t.headcount ELSE t.places END) AS complete,
            max(t.masked_below) AS masked_below, t.code IN (SELECT code FROM perimeter) AS inside
        FROM stg.open_total AS t WHERE t.service = ? GROUP BY t.code
        """,
        [service],
    ).fetchall()
    inside = any(code in hidden and within for code, _, _, _, within in rows)
    sides: dict[str, bool] = {code: within for code, _, _, _, within in rows}
    drawn = register.drawn(service, [code for code, *_ in rows if code not in hidden])
    lifted = register.lifted_cells  # what a person chose to show is hidden again last
    drawn.sort(key=lambda code: (sides[code] != inside, (code, service) in lifted))
    enough = {code for code, least, complete, below, _ in rows if complete and least > below}
    return tuple(c for c in drawn if c in enough), tuple(drawn)


def _masks(service: str, attempt: Attempt) -> Iterator[tuple[Cell, Role]]:
    for code in attempt.companions:
        yield (code, service), "companion"
    if attempt.withheld:
        yield (TERRITORY, service), attempt.withheld
