"""Loading of source files into ``raw`` tables: mirror → cache → network → embedded.

A file belongs to the publication whose columns it has. Raw tables hold text only, under the names
of ``source.toml``, with the file, its vintage and its row number beside each row.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from observatory.errors import SourceError
from observatory.settings import Settings
from observatory.sources.catalogue import (
    Candidate,
    Origin,
    Publication,
    Source,
    files_in_folder,
)
from pipelines.faults import fault_of
from pipelines.opening import ATTRIBUTES, OpenedFile, encoding_of, is_utf8, unpacked

HEADINGS_SHOWN = 8
"""Of a file that no source knows."""


@dataclass(frozen=True)
class Loaded:
    """One file in use: what it is, where it came from, what was read of it."""

    source: Source
    publication: Publication
    path: Path
    origin: Origin
    sha256: str
    url: str
    vintage: str
    rows: int


@dataclass(frozen=True)
class SourceFiles:
    """The files of a source, place by place: each is looked for, and summed, once."""

    source: Source
    settings: Settings

    @cached_property
    def own(self) -> list[Candidate]:
        """Those of the operator."""
        source = self.source
        return files_in_folder(source, self.settings.census_dir, "local") if source.local else []

    @cached_property
    def mirrored(self) -> list[Candidate]:
        """Those of the mirror."""
        source, mirror = self.source, self.settings.mirror
        return files_in_folder(source, mirror / source.id, "mirror") if mirror else []

    @cached_property
    def embedded(self) -> list[Candidate]:
        """Those of the embedded snapshot."""
        return files_in_folder(self.source, self.source.folder / "embedded", "embedded")


def load_source(
    con: duckdb.DuckDBPyConnection,
    files: SourceFiles,
    downloaded: Callable[[Source, Publication], Iterable[Candidate]],
    report: Callable[[str], None],
) -> list[Loaded]:
    """Fill the ``raw`` tables of a source; one that nobody has stays empty.

    Parameters
    ----------
    downloaded : callable
        Gives the files of a publication that the mirror lacks.

    Raises
    ------
    SourceError
        When a file of the mirror, or of the embedded snapshot, cannot be read to its end. One that
        was downloaded is reported, and the next place is tried.
    """
    source = files.source
    read = [p for p in source.publications if not p.unused]
    for table in {p.table for p in read}:
        _create(con, [p for p in read if p.table == table])
    done: set[str] = set()
    aside = files.settings.cache_dir / source.id
    loaded = _load_all(con, files.own, source.publications, done, aside, report)
    if done:  # the operator's own files are never mixed with others
        return loaded
    loaded += _load_all(con, files.mirrored, source.publications, done, aside, report)
    tables_done = {p.table for p in source.publications if p.name in done}
    for publication in source.publications:
        if publication.table not in tables_done:
            for candidate in downloaded(source, publication):
                loaded += _try_one(con, candidate, publication, done, aside, report)
    missing = tuple(p for p in source.publications if p.name not in done and not p.unused)
    return loaded + _load_all(con, files.embedded, missing, done, aside, None)


def _try_one(
    con: duckdb.DuckDBPyConnection,
    candidate: Candidate,
    publication: Publication,
    done: set[str],
    aside: Path,
    report: Callable[[str], None],
) -> list[Loaded]:
    """Load a downloaded file whole, or report why not and leave nothing of it."""
    read: set[str] = set()
    con.begin()
    try:
        loaded = _load_all(con, [candidate], (publication,), read, aside, report)
    except SourceError as error:
        con.rollback()
        report(f"{publication.id} : {error}")
        return []
    con.commit()
    done |= read
    return loaded


def _load_all(
    con: duckdb.DuckDBPyConnection,
    candidates: Iterable[Candidate],
    publications: tuple[Publication, ...],
    done: set[str],
    aside: Path,
    report: Callable[[str], None] | None,
) -> list[Loaded]:
    loaded = []
    for candidate in candidates:
        folder = aside / f"{candidate.sha256[:16]}.unpacked"
        try:
            paths, others = unpacked(candidate.path, folder)
            if report:
                for name in others:
                    report(f"{candidate.path.name} : {name}, dans l'archive, n'est pas lu")
            for path in paths:
                one = _load_path(con, candidate, path, publications, aside, report)
                if one:
                    loaded.append(one)
                    done.add(one.publication.name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return loaded


def _load_path(
    con: duckdb.DuckDBPyConnection,
    candidate: Candidate,
    path: Path,
    publications: tuple[Publication, ...],
    aside: Path,
    report: Callable[[str], None] | None,
) -> Loaded | None:
    """Load one file as the publication that it looks most like, or report why not."""
    opened = OpenedFile(path, aside)
    found = opened.headings(publications)
    matches = [(p, m) for p in publications if (m := p.match(found[p.name]))]
    if not matches:
        if report:
            report(
                f"{path.name} : colonnes inconnues de la source « {candidate.source.id} », "
                f"fichier ignoré{_lacking(publications, found)}"
            )
        return None
    publication, columns = max(matches, key=lambda pm: len(pm[1]))
    if publication.unused:
        if report:
            report(f"{path.name} : {publication.unused}, fichier reconnu et non utilisé")
        return None
    # A downloaded file is kept as <sum>-<published name>: the sum holds no year.
    kept = candidate.origin in ("cache", "network")
    given = candidate.path.name.partition("-")[2] if kept else candidate.path.name
    names = (given,) if path == candidate.path else (path.name, given)
    outlines = bool(candidate.source.kind)
    vintage, rows = _load_one(
        con, publication, opened, names, columns, found[publication.name], outlines, report
    )
    return Loaded(
        candidate.source,
        publication,
        path,
        candidate.origin,
        candidate.sha256,
        candidate.url,
        vintage,
        rows,
    )


def _lacking(publications: tuple[Publication, ...], found: dict[str, list[str]]) -> str:
    """What the nearest publication has and the file lacks; its own headings when none is near."""
    lacks = {p.name: p.missing(found[p.name]) for p in publications if not p.unused}
    near = [p for p in publications if p.name in lacks and len(lacks[p.name]) < len(p.columns)]
    if not near:
        own = [h for h in max(found.values(), key=len, default=[]) if h and h.isprintable()]
        more = "…" if len(own) > HEADINGS_SHOWN else ""
        return f" (ses colonnes : {', '.join(own[:HEADINGS_SHOWN])}{more})" if own else ""
    nearest = min(near, key=lambda p: len(lacks[p.name]))
    wanted = lacks[nearest.name]
    return f" : il y manque {', '.join(wanted)}" if wanted else ""


def _create(con: duckdb.DuckDBPyConnection, publications: list[Publication]) -> None:
    """Create a raw table with every column that its publications can bring, all text."""
    names: dict[str, None] = {}
    for p in publications:
        for ours, pattern in {**p.columns, **p.optional}.items():
            names[ours] = None
            groups = re.compile(pattern).groupindex
            names |= dict.fromkeys(g for g in groups if g != "vintage")
        names |= dict.fromkeys(p.constants)
    columns = ", ".join(f'"{n}" TEXT' for n in names)
    con.execute(
        f"CREATE TABLE IF NOT EXISTS raw.{publications[0].table} "
        f"({columns}, _source TEXT, _file TEXT, _vintage TEXT, _row BIGINT)"
    )


def _load_one(
    con: duckdb.DuckDBPyConnection,
    publication: Publication,
    opened: OpenedFile,
    names: Sequence[str],
    found: dict[str, list[str]],
    columns: list[str],
    outlines: bool,
    report: Callable[[str], None] | None,
) -> tuple[str, int]:
    """Append one file to its raw table; return its vintage and number of rows.

    ``names``: of the file, then of the archive that it was in.
    """
    path, kind, name = opened.path, opened.kind, names[0]
    vintage = _vintage_told(publication, names, found)
    if kind == "geometry" and outlines:  # they are read later, for the perimeter alone
        return vintage, opened.features()
    if not vintage and not publication.vintage_column and publication.vintage:
        vintage = publication.vintage
        if report:
            report(
                f"{name} : rien n'y dit son millésime, {vintage} est pris de la description de la "
                "source. Écrire l'année dans le nom du fichier si c'est un autre."
            )
    rows_read = 0
    wanted = {heading for headings in found.values() for heading in headings}
    tests = [f'regexp_full_match(trim("{ours}"), ?)' for ours in publication.only]
    kept = f" WHERE {' AND '.join(tests)}" if tests else ""
    if kind == "csv" and encoding_of(path, publication) == "utf-8" and not is_utf8(path):
        raise fault_of(path, name, publication.delimiter, "utf-8")
    try:
        for select in _selections(publication, found):
            inserted = con.execute(
                f"INSERT INTO raw.{publication.table} BY NAME FROM (SELECT {select}, "
                "? AS _source, ? AS _file, ? AS _vintage, row_number() OVER () AS _row "
                f"FROM {opened.relation(con, publication, columns, wanted)}){kept}",
                [publication.source, path.name, vintage, *publication.only.values()],
            ).fetchone()
            rows_read = max(rows_read, int(inserted[0]) if inserted else 0)
        if publication.vintage_column:
            column = f'"{publication.vintage_column}"'
            if publication.vintage_column == "year":  # however it is written: 2023, 2023-01-01
                column = f"nullif(regexp_extract({column}, '(?:19|20)[0-9]{{2}}'), '')"
            greatest = con.execute(
                f"UPDATE raw.{publication.table} SET _vintage = (SELECT coalesce(max("
                f"{column}), '') FROM raw.{publication.table} "
                "WHERE _file = ? AND _source = ?) WHERE _file = ? AND _source = ?"
                " RETURNING _vintage",
                [path.name, publication.source] * 2,
            ).fetchone()
            vintage = str(greatest[0]) if greatest else vintage
    except duckdb.Error as error:
        encoding = encoding_of(path, publication)
        raise fault_of(path, name, publication.delimiter, encoding) from error
    finally:
        con.unregister(ATTRIBUTES)
    if not rows_read and report:
        spoken = [hits[0] for ours, hits in found.items() if ours in publication.only]
        why = f" : rien de ce que l'observatoire compte en « {spoken[0]} »" if spoken else ""
        report(f"{name} : aucune ligne n'y est lue{why}")
    return vintage, rows_read


def _vintage_told(
    publication: Publication, names: Sequence[str], found: dict[str, list[str]]
) -> str:
    """The vintage that a name tells, the file's before its archive's, or else a heading."""
    for name in names if publication.vintage_name else ():
        if named := re.search(publication.vintage_name, name):
            return named.group(1)
    patterns = {**publication.columns, **publication.optional}
    for ours, hits in found.items():
        groups = [re.fullmatch(patterns[ours], h) for h in hits]
        years = [g.groupdict()["vintage"] for g in groups if g and g.groupdict().get("vintage")]
        if years:
            return max(year if len(year) == 4 else f"20{year}" for year in years)
    return ""


def _selections(publication: Publication, found: dict[str, list[str]]) -> Iterable[str]:
    """One SELECT list for each published heading of the columns that repeat (a year each)."""
    patterns = {**publication.columns, **publication.optional}
    names = list(found)
    for choice in itertools.product(*found.values()):
        parts = [
            f'CAST("{h.replace(chr(34), chr(34) * 2)}" AS TEXT) AS "{ours}"'
            for ours, h in zip(names, choice, strict=True)
        ]
        for ours, heading in zip(names, choice, strict=True):
            groups = re.fullmatch(patterns[ours], heading)
            told = groups.groupdict() if groups else {}
            parts += [f"'{value}' AS \"{k}\"" for k, value in told.items() if k != "vintage"]
        parts += [f"'{value}' AS \"{key}\"" for key, value in publication.constants.items()]
        yield ", ".join(parts)
