"""The operator's own files: the generation that a version is built from, and none taken for none.

A version records the generation it used. What was there and is gone, empty or unreadable stops the
refresh: the demonstration is only for who never had a census.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from observatory.errors import SourceError, VersionError
from observatory.french.numbers import plural
from observatory.settings import Settings, tenant_in_service
from observatory.sources.catalogue import Publication
from observatory.stores.generation import State
from observatory.stores.store import Store
from observatory.versions import record, warehouse
from pipelines.load import Loaded

NAMED = 5
"""Communes outside the territory that are named; the others are counted."""
LOCAL = "local"  # the origin of the operator's own files


def own_state(settings: Settings) -> State:
    """The generation of the census in service, resolved once for a whole refresh.

    Raises
    ------
    SourceError
        When the version in service was built from a census that is no longer there.
    StoreError
        When the store is broken, or a file lies beside its generations.
    """
    state = Store(settings.census_dir).head()
    if state.folder is None and (files := _used_in_service(settings)):
        raise SourceError(
            f"le recensement de la version en service ({', '.join(files)}) n'est plus là : la "
            "version en service reste en place",
            where=str(settings.census_dir),
            mend="Vérifier que ce dossier est monté, le reprendre d'une sauvegarde, ou charger à "
            "nouveau le recensement (observatory census load).",
        )
    return state


def refuse_unread(state: State, loaded: Iterable[Loaded]) -> None:
    """Refuse a file of the census that no source could read.

    Raises
    ------
    SourceError
        When one is empty, or has other headings than a census.
    """
    read = {f.path: f for f in loaded if f.origin == LOCAL}
    for name in state.names():
        if name.endswith(".toml"):  # read apart: the convention, the mapping of headings
            continue
        path = (state.folder or Path()) / name
        found = read.get(path)
        missing = _missing_column(path, found) if found else ""
        if found and not missing:
            continue
        what = "ce ne sont pas les colonnes du recensement"
        if not path.is_file() or not path.stat().st_size:
            what = "le fichier est vide"
        elif missing:
            what = f"la colonne « {missing} » manque"
        raise SourceError(
            what,
            where=str(path),
            mend="Charger un recensement (observatory census load), ou sortir ce fichier du "
            "dossier ; la version en service reste en place.",
        )


def _missing_column(path: Path, found: Loaded) -> str:
    """The column that a file lacks to be what most of its headings say; empty when it is that.

    Without it, a file of establishments with one wrong heading would be read as another sheet.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        headings = next(csv.reader(file, delimiter=found.publication.delimiter), [])

    def present(publication: Publication) -> int:
        patterns = [*publication.columns.values(), *publication.optional.values()]
        return sum(any(re.fullmatch(p, h) for h in headings) for p in patterns)

    likely = max(found.source.publications, key=present)
    if present(likely) <= present(found.publication):
        return ""
    return next(
        (p for p in likely.columns.values() if not any(re.fullmatch(p, h) for h in headings)), ""
    )


def record_generation(con: duckdb.DuckDBPyConnection, settings: Settings, state: State) -> None:
    """Write in the version which generation it was built from; 0 when there is none."""
    con.execute(
        "CREATE TABLE version_generation AS SELECT ? AS store, CAST(? AS BIGINT) AS sequence",
        [settings.census_dir.name, state.sequence],
    )


def holding(settings: Settings, state: State) -> AbstractContextManager[bool]:
    """Keep loads out while a version is put in service; whether it was built from the last one."""
    return Store(settings.census_dir).holding(state)


def _used_in_service(settings: Settings) -> list[str]:
    """The operator's own files that the version in service was built from, for this territory."""
    if tenant_in_service(settings.processed_dir) != settings.tenant:
        return []
    try:
        with warehouse.in_service(settings) as con:
            files: list[str] = record.census(con)["files"]
    except (VersionError, duckdb.Error):  # none, or one that can tell nothing
        return []
    return files


def say_outside(con: duckdb.DuckDBPyConnection, report: Callable[[str], None]) -> None:
    """Say how many rows of the census lie outside the territory, and where: nothing shows them.

    The demonstration is of one territory, and says nothing of another.
    """
    rows = con.execute(
        """
        WITH given AS (
            SELECT code, demonstration FROM stg.capacity
            UNION ALL SELECT code, demonstration FROM stg.commune_total
            UNION ALL SELECT code, demonstration FROM stg.pupils
            UNION ALL SELECT code, false FROM stg.competence
        )
        SELECT g.code, coalesce(any_value(c.name), ''), count(*)
        FROM given AS g
        LEFT JOIN stg.commune AS c ON c.code = current_code(g.code)
        WHERE NOT coalesce(g.demonstration, false) AND g.code IS NOT NULL
            AND current_code(g.code) NOT IN (SELECT code FROM perimeter)
        GROUP BY g.code ORDER BY count(*) DESC, g.code
        """
    ).fetchall()
    if not rows:
        return
    total = sum(count for _, _, count in rows)
    named = [f"{code} ({name})" if name else code for code, name, _ in rows[:NAMED]]
    more = f" et {plural(len(rows) - NAMED, 'autre')}" if len(rows) > NAMED else ""
    many = plural(total, "ligne du recensement est", "lignes du recensement sont")
    report(
        f"{many} hors du territoire, sans y être "
        f"{'montrée' if total == 1 else 'montrées'} : {', '.join(named)}{more}"
    )
