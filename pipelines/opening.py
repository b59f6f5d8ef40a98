"""A published file opened: what it is, its headings, a relation that DuckDB reads."""

from __future__ import annotations

import codecs
import csv
import glob
import zipfile
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd
import pyogrio
import python_calamine

from observatory.errors import SourceError
from observatory.sources.archives import damaged, examine_workbook, unpack
from observatory.sources.catalogue import GEOMETRIES, TABLES, Publication
from pipelines.places import refuse_misplaced

Kind = Literal["zip", "xlsx", "parquet", "geometry", "csv"]
DUCKDB_ENCODINGS = {"utf-8": "utf-8", "iso-8859-1": "latin-1"}
LONGEST_HEADING = 100_000
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


def unreadable(path: Path, why: str) -> SourceError:
    """The refusal of a file that is not what its beginning says."""
    return SourceError(
        f"le fichier est illisible : {why}",
        where=path.name,
        mend="Vérifier qu'il s'ouvre, ou le retirer du dossier.",
    )


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
    """

    def __init__(self, path: Path) -> None:
        self.path, self.kind = path, kind_of(path)

    def headings(self, publications: Iterable[Publication]) -> dict[str, list[str]]:
        """The file's column names for each publication, by its name."""
        publications = tuple(publications)
        if self.kind == "csv":
            return {p.name: _csv_headings(self.path, p) for p in publications}
        try:
            if self.kind == "geometry":
                found = [str(f) for f in pyogrio.read_info(self.path)["fields"]]
            elif self.kind == "parquet":
                with duckdb.connect() as con:
                    described = con.execute(f"DESCRIBE FROM read_parquet('{_quoted(self.path)}')")
                    found = [str(row[0]) for row in described.fetchall()]
            else:
                found = [str(c).strip() for c in self._sheet[0]]
        except (OSError, IndexError, duckdb.Error, pyogrio.errors.DataSourceError) as error:
            raise unreadable(self.path, "il est abîmé, ou incomplet") from error
        except pyogrio.errors.DataLayerError as error:
            raise unreadable(self.path, "il ne contient aucune couche") from error
        return {p.name: found for p in publications}

    def relation(
        self,
        con: duckdb.DuckDBPyConnection,
        publication: Publication,
        columns: list[str],
        wanted: Collection[str],
    ) -> str:
        """The file's rows as something to select from, the wanted columns at least, as text."""
        if self.kind == "xlsx":
            con.register("_incoming", self._rows(wanted))
            return "_incoming"
        if self.kind == "parquet":
            return f"read_parquet('{_quoted(self.path)}')"
        names = ", ".join(f"{_literal(c)}: 'VARCHAR'" for c in _distinct(columns))
        encoding = DUCKDB_ENCODINGS[encoding_of(self.path, publication)]
        return (
            f"read_csv('{_quoted(self.path)}', auto_detect = false, columns = {{{names}}}, "
            f"header = true, delim = '{publication.delimiter}', quote = '\"', escape = '\"', "
            f"comment = '', encoding = '{encoding}')"
        )

    @cached_property
    def _sheet(self) -> list[list[Any]]:
        examine_workbook(self.path)
        return sheet(self.path)

    def _rows(self, wanted: Collection[str]) -> pd.DataFrame:
        head, *rows = self._sheet
        names = _distinct([str(h).strip() for h in head])
        kept = {name: place for place, name in enumerate(names) if name in wanted}
        return pd.DataFrame(
            {
                # Text first: a workbook has a million cells, most of them text.
                name: [(v or None) if type(v := row[place]) is str else _as_text(v) for row in rows]
                for name, place in kept.items()
            },
            dtype="str",
        )


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


def geometry_size(path: Path) -> int:
    """How many features a file of outlines holds, once they are known to be outlines, in place.

    Raises
    ------
    SourceError
        When they are points or lines, or in metres though said to be in degrees.
    """
    try:
        info = pyogrio.read_info(path, force_feature_count=True, force_total_bounds=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise unreadable(path, "il est abîmé, ou incomplet") from error
    refuse_misplaced(info, path.name)
    return int(info["features"])


def sheet(path: Path) -> list[list[Any]]:
    """The cells of the first sheet of a workbook that was examined before.

    Raises
    ------
    SourceError
        When the workbook is damaged or protected.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        rows: list[list[Any]] = book.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise unreadable(path, "le classeur est abîmé, ou protégé") from error
    except BaseException as error:  # a panic of the reader's native code
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable(path, "le classeur est abîmé") from None
    return rows


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


@lru_cache(maxsize=65_536, typed=True)  # the same figures come back row after row
def _as_text(value: object) -> str | None:
    """A cell as text: a whole number without its decimal point, an empty cell as null."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _quoted(path: Path) -> str:
    return glob.escape(str(path)).replace("'", "''")


def _literal(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
