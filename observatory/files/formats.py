"""Formats of the gap table: a format's name, suffixes, media type and writer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import duckdb
import pandas as pd

from observatory.disk import Content, Write, readable, refuse_folder, write_files
from observatory.errors import RequestError
from observatory.files.excel import gaps_xlsx
from observatory.files.gap_csv import csv_chunks, heading_line
from observatory.files.gap_rows import gap_rows
from observatory.files.gap_table import LAMBERT_93, gap_table
from observatory.files.notes import metadata
from observatory.french.csv import FRENCH as FRENCH_CSV
from observatory.french.csv import INTERNATIONAL as INTERNATIONAL_CSV
from observatory.french.csv import Dialect
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import CUSTOM, Question

CSV = "csv"
INTERNATIONAL = "csv-international"
COMMUNES_AT_ONCE = 10_000
"""Rows of a layer that are made together, their contours with them."""


@dataclass(frozen=True)
class Wanted:
    """What a file of gaps must hold.

    Attributes
    ----------
    question : Question
        Every service, every type of day, and the choice of ``gap_table.gap_table``, where it says
        None.
    codes : tuple or None
        INSEE codes of the rows, in order, None among them for the territory's total; all when None.
    crs : int
        EPSG code of the layers' coordinates.
    """

    question: Question
    codes: tuple[str | None, ...] | None = None
    crs: int = 4326


Make = Callable[[duckdb.DuckDBPyConnection, Wanted], Iterable[bytes]]


@dataclass(frozen=True)
class FileFormat:
    """A format: how its files end, how a browser names it, what makes it."""

    suffixes: tuple[str, ...]
    mime: str
    make: Make
    text: bool = False
    crs: tuple[int, ...] = (4326,)


def content(con: duckdb.DuckDBPyConnection, wanted: Wanted, name: str) -> bytes:
    """The bytes of a file, as ``parts``."""
    return b"".join(parts(con, wanted, name))


def parts(con: duckdb.DuckDBPyConnection, wanted: Wanted, name: str) -> Iterable[bytes]:
    """The bytes of a file, in parts that are made as they are asked for.

    Parameters
    ----------
    name : str
        A key of ``FORMATS``.

    Raises
    ------
    RequestError
        When the request is wrong, or is not one that this format can hold.
    """
    kind = FORMATS[name]
    if wanted.crs not in kind.crs:
        raise RequestError(
            f"le format {name} n'est pas prévu en EPSG:{wanted.crs}"
            + (" : la norme (RFC 7946) veut des longitudes et latitudes" if kind.text else ""),
            mend="Choisir --format gpkg pour un fichier en Lambert-93.",
        )
    return kind.make(con, wanted)


def write_gaps(
    con: duckdb.DuckDBPyConnection,
    out: Path,
    wanted: Wanted,
    name: str = CSV,
    write: Write = write_files,
) -> list[Path]:
    """Write a file of gaps; beside a CSV, its ``…-metadata.json``. Return what was written.

    Raises
    ------
    RequestError
        When the request is wrong, the name contradicts the format, or the place cannot be written.
    """
    check_name(out, name)
    contents: dict[Path, Content] = {out: parts(con, wanted, name)}
    if FORMATS[name].suffixes == (".csv",) and (out.is_file() or not out.exists()):
        said = metadata(
            con, readable(out.name), wanted.question.as_of, international=name == INTERNATIONAL
        )
        text = json.dumps(said, ensure_ascii=False, indent=2)
        contents[out.with_name(f"{out.name}-metadata.json")] = text.encode("utf-8")
    return write(contents)


def format_for(out: Path | None) -> str:
    """The format that a file's name calls for; French CSV when it says nothing."""
    suffix = out.suffix.lower() if out else ""
    return next((n for n, kind in FORMATS.items() if suffix in kind.suffixes), CSV)


def check_name(out: Path, name: str) -> None:
    """Refuse a folder, and a name that says another format than the one asked for.

    Raises
    ------
    RequestError
        When it is a folder, or the ending is that of another format.
    """
    refuse_folder(out)
    suffix = out.suffix.lower()
    known = {s for kind in FORMATS.values() for s in kind.suffixes}
    if suffix in known and suffix not in FORMATS[name].suffixes:
        raise RequestError(
            f"la terminaison « {suffix} » n'est pas celle du format {name}",
            where=out.name,
            mend=f"Nommer le fichier en {FORMATS[name].suffixes[0]}, ou changer --format.",
        )


def file_name(wanted: Wanted, name: str) -> str:
    """A name for a downloaded file: service, type of day, date of the supply."""
    asked = wanted.question
    parts = ["ecarts", asked.service, asked.day_type, asked.as_of.isoformat()]
    parts += ["international"] * (name == INTERNATIONAL) + ["lambert93"] * (
        wanted.crs == LAMBERT_93
    )
    return "-".join(p for p in parts if p) + FORMATS[name].suffixes[0]


def _csv(con: duckdb.DuckDBPyConnection, w: Wanted, dialect: Dialect) -> Iterator[bytes]:
    prepared = gap_rows(con, w.question, w.codes)
    heading = heading_line(dialect)
    for _ in prepared:
        yield heading
        heading = b""
        yield from csv_chunks(con, dialect)


def _xlsx(con: duckdb.DuckDBPyConnection, w: Wanted) -> Iterable[bytes]:
    return (gaps_xlsx(con, gap_table(con, w.question, codes=w.codes), w.question.as_of),)


def _one_need(asked: Question) -> Question:
    """One definition a service: the one asked for, the target, or the first."""
    if asked.definition is None and asked.service is not None:
        first = nomenclature().definition_for(asked.service)
        return replace(asked, definition=first if asked.custom is None else CUSTOM)
    return asked


def _geojson(con: duckdb.DuckDBPyConnection, w: Wanted) -> Iterable[bytes]:
    if w.question.service is None:
        raise RequestError(
            "un fichier GeoJSON porte un seul service",
            mend="En nommer un par --service, ou choisir --format gpkg : une couche par service.",
        )
    days = nomenclature().service(w.question.service).day_types
    if days and w.question.day_type is None:
        raise RequestError(
            "un fichier GeoJSON porte un seul type de jour",
            mend=f"En nommer un par --day-type : {', '.join(days)}.",
        )
    from observatory.files.layers import geojson_parts  # geopandas is slow to load

    return geojson_parts(con, _batches(con, w), w.question.as_of)


def _gpkg(con: duckdb.DuckDBPyConnection, w: Wanted) -> Iterable[bytes]:
    from observatory.files.layers import gaps_gpkg  # as above

    prepared = gap_rows(con, _one_need(w.question), w.codes)
    first = next(prepared)
    tables = (t for rows in chain([first], prepared) for t in rows.frames(COMMUNES_AT_ONCE))
    return (gaps_gpkg(con, tables, w.question.as_of, w.crs, several=first.several),)


def _batches(con: duckdb.DuckDBPyConnection, w: Wanted) -> Iterator[pd.DataFrame]:
    """The rows of a file of layers, some thousands at a time."""
    for rows in gap_rows(con, _one_need(w.question), w.codes):
        yield from rows.frames(COMMUNES_AT_ONCE)


FORMATS: dict[str, FileFormat] = {
    "xlsx": FileFormat(
        (".xlsx",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
    ),
    CSV: FileFormat((".csv",), "text/csv", partial(_csv, dialect=FRENCH_CSV), text=True),
    INTERNATIONAL: FileFormat(
        (".csv",),
        "text/csv",
        partial(_csv, dialect=INTERNATIONAL_CSV),
        text=True,
    ),
    "geojson": FileFormat((".geojson", ".json"), "application/geo+json", _geojson, text=True),
    "gpkg": FileFormat(
        (".gpkg",),
        "application/geopackage+sqlite3",
        _gpkg,
        crs=(4326, LAMBERT_93),
    ),
}
"""The formats by the name that the command line gives them, in the order offered."""
