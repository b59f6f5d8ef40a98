"""Loading of source files into ``raw`` tables: mirror → cache → network → embedded.

A file belongs to the publication whose columns it has. Raw tables hold text only, under the names
of ``source.toml``, with the file, its vintage and its row number beside each row.
"""

from __future__ import annotations

import csv
import glob
import itertools
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd
import pyogrio
import python_calamine

from observatory.errors import SourceError
from observatory.knowledge.territory import TerritoryRequest
from observatory.settings import Settings
from observatory.sources.catalogue import (
    Candidate,
    Origin,
    Publication,
    Source,
    download,
    files_in_folder,
)

MAX_UNZIPPED_BYTES = 4_000_000_000


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


def load_sources(
    con: duckdb.DuckDBPyConnection,
    sources: Iterable[Source],
    settings: Settings,
    request: TerritoryRequest,
    report: Callable[[str], None],
) -> list[Loaded]:
    """Fill ``raw.*`` and say what was loaded; a table nobody has stays empty.

    Raises
    ------
    SourceError
        When a file of the mirror, or of the embedded snapshot, cannot be read to its end. One that
        was downloaded is reported, and the next place is tried.
    """
    loaded: list[Loaded] = []
    for source in sources:
        for table in {p.table for p in source.publications}:
            _create(con, [p for p in source.publications if p.table == table])
        done: set[str] = set()
        aside = settings.cache_dir / source.id
        own = files_in_folder(source, settings.census_dir, "local") if source.local else []
        loaded += _load_all(con, own, source.publications, done, aside, report)
        if done:  # the operator's own files are never mixed with others
            continue
        in_mirror = (
            files_in_folder(source, settings.mirror / source.id, "mirror")
            if settings.mirror
            else []
        )
        loaded += _load_all(con, in_mirror, source.publications, done, aside, report)
        tables_done = {p.table for p in source.publications if p.name in done}
        for publication in source.publications:
            if publication.table not in tables_done:
                fetched = download(
                    source, publication, settings, request.kind, request.codes, report
                )
                for candidate in fetched:
                    loaded += _try_one(con, candidate, publication, done, aside, report)
        missing = tuple(p for p in source.publications if p.name not in done)
        embedded = files_in_folder(source, source.folder / "embedded", "embedded")
        loaded += _load_all(con, embedded, missing, done, aside, None)
    return loaded


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
        for path in _unpacked(candidate.path, aside / f"{candidate.sha256[:16]}.unpacked"):
            headings = _headings(path, publications)
            matches = [(p, m) for p in publications if (m := p.match(headings[p.delimiter]))]
            if not matches:
                if report:
                    report(
                        f"{path.name} : colonnes inconnues de la source « {candidate.source.id} », "
                        "fichier ignoré"
                    )
                continue
            publication, found = max(matches, key=lambda pm: len(pm[1]))
            # A downloaded file is kept as <sum>-<published name>: the sum holds no year.
            kept = path == candidate.path and candidate.origin in ("cache", "network")
            name = path.name.partition("-")[2] if kept else path.name
            vintage, rows = _load_one(con, publication, path, name, found)
            loaded.append(
                Loaded(
                    candidate.source,
                    publication,
                    path,
                    candidate.origin,
                    candidate.sha256,
                    candidate.url,
                    vintage,
                    rows,
                )
            )
            done.add(publication.name)
    return loaded


def _create(con: duckdb.DuckDBPyConnection, publications: list[Publication]) -> None:
    """Create a raw table with every column that its publications can bring, all text."""
    names: dict[str, None] = {}
    for p in publications:
        for ours, pattern in {**p.columns, **p.optional}.items():
            names[ours] = None
            names |= dict.fromkeys(re.compile(pattern).groupindex)
        names |= dict.fromkeys(p.constants)
    columns = ", ".join(f'"{n}" TEXT' for n in names)
    con.execute(
        f"CREATE TABLE IF NOT EXISTS raw.{publications[0].table} "
        f"({columns}, _source TEXT, _file TEXT, _vintage TEXT, _row BIGINT)"
    )


def kind_of(path: Path) -> Literal["zip", "xlsx", "geometry", "csv"]:
    """What a file is, by its content: a downloaded file often bears no suffix.

    Raises
    ------
    SourceError
        When the file cannot be opened, or is a web page.
    """
    try:
        with path.open("rb") as file:
            start = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise _unreadable(path, error) from error
    if start.startswith(b"PK"):
        try:
            with zipfile.ZipFile(path) as archive:
                return "xlsx" if "[Content_Types].xml" in archive.namelist() else "zip"
        except (zipfile.BadZipFile, OSError) as error:
            raise _unreadable(path, error) from error
    if start.startswith((b"{", b"SQLite format 3")):
        return "geometry"
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise SourceError(
            "le fichier est une page web, pas des données",
            where=path.name,
            mend="Télécharger à nouveau le fichier lui-même.",
        )
    return "csv"


def _unreadable(path: Path, error: Exception) -> SourceError:
    return SourceError(
        f"le fichier est illisible ({error})",
        where=path.name,
        mend="Vérifier qu'il s'ouvre, ou le retirer du dossier.",
    )


def _unpacked(path: Path, folder: Path) -> list[Path]:
    """The file itself, or the CSV files of a ZIP, extracted into a folder."""
    if kind_of(path) != "zip":
        return [path]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.lower().endswith(".csv")]
            if sum(m.file_size for m in members) > MAX_UNZIPPED_BYTES:
                raise SourceError("l'archive est anormalement volumineuse", where=path.name)
            folder.mkdir(parents=True, exist_ok=True)
            for member in members:
                member.filename = Path(member.filename).name
                archive.extract(member, folder)
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceError(
            f"l'archive est illisible ({error})", where=path.name, mend="La télécharger à nouveau."
        ) from error
    return sorted(folder / m.filename for m in members)


def _headings(path: Path, publications: tuple[Publication, ...]) -> dict[str, list[str]]:
    """The file's column names for each delimiter that the publications use."""
    delimiters = {p.delimiter for p in publications}
    kind = kind_of(path)
    try:
        if kind == "geometry":
            fields = [str(f) for f in pyogrio.read_info(path)["fields"]]
            return dict.fromkeys(delimiters, fields)
        if kind == "xlsx":
            return {d: [str(c).strip() for c in _sheet(path)[0]] for d in delimiters}
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            first = next(itertools.islice(file, 1), "")[:100_000]
        return {d: next(csv.reader([first], delimiter=d), []) for d in delimiters}
    except (
        OSError,
        csv.Error,
        IndexError,
        python_calamine.CalamineError,
        pyogrio.errors.DataSourceError,
    ) as error:
        raise _unreadable(path, error) from error


def _sheet(path: Path) -> list[list[Any]]:
    rows: list[list[Any]] = (
        python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    )
    return rows


def _load_one(
    con: duckdb.DuckDBPyConnection,
    publication: Publication,
    path: Path,
    name: str,
    found: dict[str, list[str]],
) -> tuple[str, int]:
    """Append one file to its raw table; return its vintage and number of rows."""
    named = re.search(publication.vintage_name, name) if publication.vintage_name else None
    vintage = named.group(1) if named else ""
    kind = kind_of(path)
    if kind == "geometry":  # outlines are read later, for the perimeter alone
        return vintage, int(pyogrio.read_info(path, force_feature_count=True)["features"])
    if kind == "xlsx":
        head, *rows = _sheet(path)
        frame = pd.DataFrame(rows, columns=[str(h).strip() for h in head]).map(_as_text)
        con.register("_incoming", frame)
        relation = "_incoming"
    else:
        quoted = glob.escape(str(path)).replace("'", "''")
        relation = (
            f"read_csv('{quoted}', all_varchar = true, header = true, "
            f"delim = '{publication.delimiter}', quote = '\"', escape = '\"', comment = '')"
        )
    rows_read = 0
    try:
        for select in _selections(publication, found):
            inserted = con.execute(
                f"INSERT INTO raw.{publication.table} BY NAME SELECT {select}, "
                "? AS _source, ? AS _file, ? AS _vintage, row_number() OVER () AS _row "
                f"FROM {relation}",
                [publication.source, path.name, vintage],
            ).fetchone()
            rows_read = max(rows_read, int(inserted[0]) if inserted else 0)
        if publication.vintage_column:
            greatest = con.execute(
                f"UPDATE raw.{publication.table} SET _vintage = (SELECT coalesce(max("
                f"\"{publication.vintage_column}\"), '') FROM raw.{publication.table} "
                "WHERE _file = ? AND _source = ?) WHERE _file = ? AND _source = ?"
                " RETURNING _vintage",
                [path.name, publication.source] * 2,
            ).fetchone()
            vintage = str(greatest[0]) if greatest else vintage
    except duckdb.Error as error:
        raise SourceError(
            f"le fichier n'a pas pu être lu jusqu'au bout ({str(error).splitlines()[0]})",
            where=path.name,
            mend="Ouvrir le fichier à cet endroit, ou le retirer du dossier.",
        ) from error
    return vintage, rows_read


def _selections(publication: Publication, found: dict[str, list[str]]) -> Iterable[str]:
    """One SELECT list for each published heading of the columns that repeat (a year each)."""
    patterns = {**publication.columns, **publication.optional}
    names = list(found)
    for choice in itertools.product(*found.values()):
        parts = [f'"{h}" AS "{ours}"' for ours, h in zip(names, choice, strict=True)]
        for ours, heading in zip(names, choice, strict=True):
            groups = re.fullmatch(patterns[ours], heading)
            if groups:
                parts += [f"'{value}' AS \"{key}\"" for key, value in groups.groupdict().items()]
        parts += [f"'{value}' AS \"{key}\"" for key, value in publication.constants.items()]
        yield ", ".join(parts)


def _as_text(value: object) -> str | None:
    """A cell as text: a whole number without its decimal point, an empty cell as null."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
