"""A published file opened: what it is, its headings, a relation that DuckDB reads."""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyogrio

from observatory.errors import SourceError
from observatory.sources.archives import damaged, unpack
from observatory.sources.catalogue import GEOMETRIES, TABLES, Publication
from observatory.versions.sql_text import sql_text
from pipelines.kept_sheet import Sheet, first_sheet, literal_path, unreadable
from pipelines.places import refuse_misplaced

Kind = Literal["zip", "xlsx", "parquet", "geometry", "csv"]
DUCKDB_ENCODINGS = {"utf-8": "utf-8", "iso-8859-1": "latin-1"}
LONGEST_HEADING = 100_000
ATTRIBUTES = "_attributes"
"""Of a file of geometries, while they are read."""
INSIDE = tuple(s for s in TABLES + GEOMETRIES if s != ".zip")


def kind_of(path: Path) -> Kind:
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
        raise unreadable(path, "il ne peut pas être ouvert, vérifier ses droits") from error
    if start.startswith(b"PK"):
        return "xlsx" if "[Content_Types].xml" in _names(path) else "zip"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"{", b"SQLite format 3")):
        return "geometry"
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise SourceError(
            "le fichier est une page web, pas des données",
            where=path.name,
            mend="Télécharger à nouveau le fichier lui-même.",
        )
    return "csv"


def unpacked(path: Path, folder: Path) -> tuple[list[Path], list[str]]:
    """The file itself, or the files of a ZIP extracted into a folder; and what is left in it."""
    if kind_of(path) != "zip":
        return [path], []
    return unpack(path, folder, INSIDE)


class OpenedFile:
    """A file whose headings are looked at, then its rows: a workbook is read once for both.

    Attributes
    ----------
    path : Path
        Where it stands.
    kind : str
        csv, xlsx, parquet or geometry.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kept : pathlib.Path
        The folder where what was read of a workbook is kept.
    """

    def __init__(self, path: Path, kept: Path) -> None:
        self.path, self.kind, self._kept = path, kind_of(path), kept

    def headings(self, publications: Iterable[Publication]) -> dict[str, list[str]]:
        """The file's column names for each publication, by its name."""
        publications = tuple(publications)
        if self.kind == "csv":
            return {p.name: _csv_headings(self.path, p) for p in publications}
        try:
            if self.kind == "geometry":
                found = [str(f) for f in self._described["fields"]]
            elif self.kind == "parquet":
                with duckdb.connect() as con:
                    described = con.execute(
                        f"DESCRIBE FROM read_parquet({literal_path(self.path)})"
                    )
                    found = [str(row[0]) for row in described.fetchall()]
            else:
                found = self._sheet.headings
        except (OSError, IndexError, duckdb.Error, pyogrio.errors.DataSourceError) as error:
            raise unreadable(self.path, "il est abîmé, ou incomplet") from error
        except pyogrio.errors.DataLayerError as error:
            raise unreadable(self.path, "il ne contient aucune couche") from error
        return {p.name: found for p in publications}

    def features(self) -> int:
        """How many features a file of outlines holds, once they are known to be outlines, in place.

        Raises
        ------
        SourceError
            When they are points or lines, or in metres though said to be in degrees.
        """
        refuse_misplaced(self._described, self.path.name)
        return int(self._described["features"])

    def relation(
        self,
        con: duckdb.DuckDBPyConnection,
        publication: Publication,
        columns: list[str],
        wanted: Collection[str],
    ) -> str:
        """The file's rows as something to select from, the wanted columns at least, as text."""
        if self.kind == "xlsx":
            return self._sheet.relation(con, wanted)
        if self.kind == "parquet":
            return self._parquet
        if self.kind == "geometry":  # the attributes alone
            try:
                read = pyogrio.read_arrow(self.path, columns=list(wanted), read_geometry=False)
            except (OSError, ValueError, pyogrio.errors.DataSourceError) as error:
                raise unreadable(self.path, "il est abîmé, ou incomplet") from error
            con.register(ATTRIBUTES, read[1])
            return ATTRIBUTES
        names = ", ".join(f"{sql_text(c)}: 'VARCHAR'" for c in _distinct(columns))
        encoding = DUCKDB_ENCODINGS[encoding_of(self.path, publication)]
        return (
            f"read_csv({literal_path(self.path)}, auto_detect = false, columns = {{{names}}}, "
            f"header = true, delim = '{publication.delimiter}', quote = '\"', escape = '\"', "
            f"comment = '', encoding = '{encoding}')"
        )

    @property
    def _parquet(self) -> str:
        return f"read_parquet({literal_path(self.path)})"

    @cached_property
    def _sheet(self) -> Sheet:
        return first_sheet(self.path, self._kept)

    @cached_property
    def _described(self) -> dict[str, Any]:
        """The fields, extent and size of a file of outlines."""
        found: dict[str, Any] = pyogrio.read_info(
            self.path, force_feature_count=True, force_total_bounds=True
        )
        return found


def encoding_of(path: Path, publication: Publication) -> str:
    """The encoding that the publication declares; UTF-8 all the same when the file is UTF-8.

    Text in another encoding is hardly ever valid UTF-8 by chance.
    """
    if publication.encoding == "utf-8" or is_utf8(path):
        return "utf-8"
    return publication.encoding


def is_utf8(path: Path) -> bool:
    """Whether a file is UTF-8 to its end: DuckDB looks at the columns that it keeps alone."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:  # also names that are not text
        raise damaged(path) from error


def _csv_headings(path: Path, publication: Publication) -> list[str]:
    encoding = encoding_of(path, publication)
    try:
        with path.open(
            encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline=""
        ) as file:
            first = file.readline(LONGEST_HEADING)
        return next(csv.reader([first], delimiter=publication.delimiter), [])
    except (OSError, csv.Error) as error:
        raise unreadable(path, "sa première ligne ne se lit pas") from error


def _distinct(names: list[str]) -> list[str]:
    """Headings made distinct: the first of twins keeps its name."""
    seen: dict[str, None] = {}
    for number, name in enumerate(names):
        seen[name if name and name not in seen else f"{name}#{number}"] = None
    return list(seen)
