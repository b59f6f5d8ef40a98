"""Differences between two published versions: what they hold, and what they were built from.

Both files are attached read-only to one connection of its own. Values stay typed in the tables;
what is masked in one version is never shown from the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from observatory.answers.changed_demonstration import left_aside, note
from observatory.answers.changed_establishments import establishments_moved
from observatory.answers.changed_figures import (
    gaps_moved,
    perimeter_moved,
    sources_moved,
    targets_moved,
    totals_moved,
)
from observatory.errors import RequestError, VersionError
from observatory.french.dates import today
from observatory.versions import warehouse
from observatory.versions.sql_text import sql_text

NEEDED = {
    "version", "version_source", "territory", "perimeter", "commune", "establishment", "capacity",
    "allocation", "commune_total",
}  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """What changed from one version to another.

    Attributes
    ----------
    old, new : dict
        version (file name), built_at (ISO), territory (name), communes (vintage of the official
        list of communes), membership (vintage of the EPCI's) of each side.
    as_of : date
        Day of the supply for both gaps.
    establishments : DataFrame
        kind (``added``, ``removed``, ``closed``, ``reopened``, ``changed``), id, name, service,
        code, commune, column, old, new: one row per changed column; text as a person reads it.
    totals : DataFrame
        code, commune, service, valid_from, column (``headcount``, ``places``), old, new, masked.
    gaps : DataFrame
        code, commune, service, day_type, definition (the service's first), old_supply, new_supply,
        old_gap, new_gap, move = new_gap − old_gap in the service's unit, masked; the row of the
        territory has a null code. Moves too small to be shown are left out.
    sources : DataFrame
        kind (``added``, ``removed``, ``changed``), id, publication, file, column (``vintage``,
        ``sha256``, ``origin``), old, new.
    perimeter : DataFrame
        kind (``added``, ``removed``), code, commune.
    targets : DataFrame
        kind (``added``, ``removed``, ``changed``), service, day_type, valid_from, column
        (``amount``, ``decided_by``, ``source``), old, new: targets voted by the territory, text as
        a person reads it.
    notes : list of str
        What could not be compared, in French.
    """

    old: dict[str, str | None]
    new: dict[str, str | None]
    as_of: date
    establishments: pd.DataFrame
    totals: pd.DataFrame
    gaps: pd.DataFrame
    sources: pd.DataFrame
    perimeter: pd.DataFrame
    targets: pd.DataFrame
    notes: list[str] = field(default_factory=list)


def find_version(processed_dir: Path, name: str) -> str:
    """The published version of that name, stamp, or unambiguous beginning of a stamp.

    Raises
    ------
    RequestError
        When there is none, or several.
    """
    known = warehouse.versions(processed_dir)
    stamp = name.strip().removeprefix("observatory-").removesuffix(".duckdb")
    hits = [v for v in known if stamp and v.startswith(f"observatory-{stamp}")]
    if len(hits) != 1:
        raise RequestError(
            f"« {name} » désigne plusieurs versions"
            if hits
            else f"la version « {name} » n'est pas publiée",
            where=str(processed_dir),
            mend=f"Versions présentes : {_listed(hits or known) or 'aucune'}.",
        )
    return hits[0]


def _listed(names: list[str]) -> str:
    """Versions with what to type and when each was built."""
    stamps = [n.removeprefix("observatory-").removesuffix(".duckdb") for n in names]
    return " ; ".join(f"{s}, du {warehouse.spoken(n)}" for s, n in zip(stamps, names, strict=True))


def choose_versions(
    processed_dir: Path, old: str | None = None, new: str | None = None
) -> tuple[str, str]:
    """Names of the two versions to compare: by default the one in service and the one before it.

    Raises
    ------
    RequestError
        When a name is unknown, or nothing came before.
    VersionError
        When nothing was published yet.
    """
    later = find_version(processed_dir, new) if new else warehouse.current(processed_dir)
    if old:
        return find_version(processed_dir, old), later
    before = [v for v in warehouse.versions(processed_dir) if v < later]
    if not before:
        raise RequestError(
            "aucune version plus ancienne n'est gardée : il n'y a rien à comparer",
            where=f"version du {warehouse.spoken(later)}",
            mend="Publier une nouvelle version par « observatory refresh », puis comparer.",
        )
    return before[-1], later


def compare(
    processed_dir: Path, old: str | None = None, new: str | None = None, as_of: date | None = None
) -> Changes:
    """Everything that changed between two versions.

    Parameters
    ----------
    old, new : str, optional
        Names or stamps of versions; by default the one before ``new``, and the one in service.
    as_of : date, optional
        Day of the supply in both gaps; today when absent.

    Raises
    ------
    RequestError
        When a version is unknown, or there is only one.
    VersionError
        When a version cannot be opened, or was built before it could be compared.
    """
    day = as_of or today()
    names = choose_versions(processed_dir, old, new)
    with _attached(processed_dir, names) as con:
        notes: list[str] = []
        sides = [_side(con, side) for side in ("old", "new")]
        if sides[0]["territory"] != sides[1]["territory"]:
            notes.append(
                "Les deux versions ne portent pas sur le même territoire : "
                f"{sides[0]['territory']}, puis {sides[1]['territory']}."
            )
        if side := left_aside(con):
            notes.append(note(side))
        return Changes(
            old=sides[0],
            new=sides[1],
            as_of=day,
            establishments=establishments_moved(con),
            totals=totals_moved(con),
            gaps=gaps_moved(con, day, notes),
            sources=sources_moved(con),
            perimeter=perimeter_moved(con),
            targets=targets_moved(con),
            notes=notes,
        )


@contextmanager
def _attached(processed_dir: Path, names: tuple[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own on which both versions are attached, as ``old`` and ``new``."""
    with duckdb.connect(config=warehouse.CONFIG) as con:
        if names[0] == names[1]:
            raise RequestError(
                "une version ne se compare pas à elle-même",
                where=f"version du {warehouse.spoken(names[0])}",
                mend="Choisir deux versions différentes.",
            )
        for side, name in zip(("old", "new"), names, strict=True):
            try:
                con.execute(f"ATTACH {sql_text(processed_dir / name)} AS {side} (READ_ONLY)")
            except duckdb.Error as error:
                raise warehouse.unopened(processed_dir / name, error) from error
            if missing := sorted(t for t in NEEDED if not warehouse.has_table(con, t, side)):
                raise VersionError(
                    "la version est trop ancienne pour être comparée "
                    f"(il y manque : {', '.join(missing)})",
                    where=f"version du {warehouse.spoken(name)}",
                    mend="Comparer des versions construites depuis.",
                )
        yield con


def _side(con: duckdb.DuckDBPyConnection, side: str) -> dict[str, str | None]:
    (found,) = con.execute(
        "SELECT v.version, v.built_at, t.name, t.cog_vintage, t.membership_vintage "
        f"FROM {side}.version AS v, {side}.territory AS t"
    ).fetchall()
    names = ("version", "built_at", "territory", "communes", "membership")
    return dict(zip(names, found, strict=True))
