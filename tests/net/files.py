"""Files as text: the content of a workbook, a layer, a document, a picture, a version."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
from PIL import Image
from pypdf import PdfReader

from .normalise import steady

SHORT = 40
"""Bytes of a blob that are written whole; of a longer one, its hash."""
TIMED = "seconds"
"""Column of a version that says how long a step of its building took."""
VOLATILE_XML = re.compile(r"(<dcterms:(created|modified)[^>]*>)[^<]*")
SHADOW = re.compile(r"^rtree_.*_(node|parent|rowid)$")
"""Tables of SQLite's own in which a spatial index is kept."""


def as_text(path: Path) -> str:
    """The content of a file, by its suffix."""
    return READERS.get(path.suffix.lower(), _plain)(path)


def _plain(path: Path) -> str:
    """CSV, JSON, GeoJSON, SVG: to the letter, byte order mark and ends of lines included."""
    return path.read_bytes().decode("utf-8")


def _xml(path: Path) -> str:
    """A pretty line for each element of an SVG."""
    return _plain(path).replace("><", ">\n<")


def _workbook(path: Path) -> str:
    """Every part of a workbook, so that formats and widths are held too; no date of the archive."""
    said = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            text = VOLATILE_XML.sub(r"\1<moment>", archive.read(name).decode("utf-8"))
            said += [f"=== {name}", text.replace("><", ">\n<")]
    return "\n".join(said)


def _layers(path: Path) -> str:
    """Every table of a GeoPackage, its rows in order; the moment of writing is not kept."""
    said = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
        tables = con.execute(
            "select name, sql from sqlite_master where type = 'table' order by name"
        ).fetchall()
        for name, sql in tables:
            if SHADOW.match(name):
                continue
            said += [f"=== {name}", str(sql)]
            if str(sql).upper().startswith("CREATE VIRTUAL"):
                continue
            cursor = con.execute(f'select * from "{name}"')
            columns = [c[0] for c in cursor.description]
            kept = [i for i, c in enumerate(columns) if c not in ("last_change", "timestamp")]
            rows = sorted(_line(row[i] for i in kept) for row in cursor)
            said += [_line(columns[i] for i in kept), *rows]
    con.close()
    return "\n".join(said)


def _document(path: Path) -> str:
    """The text of a PDF, page by page, and what it says of itself but its dates and identifiers."""
    reader = PdfReader(path)
    about = {k: str(v) for k, v in (reader.metadata or {}).items() if "Date" not in k}
    said = [f"{key} {about[key]}" for key in sorted(about)]
    said += [f"/Lang {reader.root_object.get('/Lang')}", f"{len(reader.outline)} outline entries"]
    for number, page in enumerate(reader.pages, 1):
        said += [f"=== page {number} {[float(v) for v in page.mediabox]}", page.extract_text()]
    return "\n".join(said)


def _picture(path: Path) -> str:
    """The size and the pixels of a PNG; two pictures of the same pixels say the same."""
    with Image.open(path) as image:
        pixels = image.convert("RGBA")
    width, height = pixels.size
    bands = [pixels.crop((0, y, width, min(y + 100, height))) for y in range(0, height, 100)]
    said = [f"rows {100 * n}+ {_hash(band.tobytes())}" for n, band in enumerate(bands)]
    return "\n".join([f"{width} × {height}", *said])


READERS: dict[str, Callable[[Path], str]] = {
    ".svg": _xml,
    ".xlsx": _workbook,
    ".gpkg": _layers,
    ".pdf": _document,
    ".png": _picture,
}


def version_tables(path: Path) -> Iterable[tuple[str, str]]:
    """Each table of a published version with its schema and rows in order, then its macros."""
    with duckdb.connect(str(path), read_only=True) as con:
        names = con.execute(
            "select schema_name || '.' || table_name, sql from duckdb_tables() where not internal "
            "union all select schema_name || '.' || view_name, sql from duckdb_views() "
            "where not internal order by 1"
        ).fetchall()
        for name, sql in names:
            cursor = con.execute(f"select * from {name}")
            columns = [f"{c[0]} {c[1]}" for c in cursor.description or []]
            timed = {i for i, c in enumerate(cursor.description or []) if c[0] == TIMED}
            rows = sorted(
                _line("<seconds>" if i in timed else cell for i, cell in enumerate(row))
                for row in cursor.fetchall()
            )
            yield name, "\n".join([str(sql), _line(columns), *rows])
        macros = con.execute(
            "select function_name, function_type, parameters, macro_definition "
            "from duckdb_functions() where not internal order by all"
        ).fetchall()
        yield "macros", "\n".join(_line(row) for row in macros)


def _line(cells: Iterable[object]) -> str:
    """A row as one line of CSV: a long blob is its hash, null a sign of its own."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(c) for c in cells])
    return out.getvalue().removesuffix("\r\n").replace("\r", "\\r").replace("\n", "\\n")


def _cell(cell: object) -> str:
    if cell is None:
        return "∅"
    if isinstance(cell, bytes):
        return cell.hex() if len(cell) <= SHORT else f"{len(cell)} bytes {_hash(cell)}"
    return steady(cell) if isinstance(cell, float) else str(cell)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]


def text_hash(text: str) -> str:
    """A short mark of a text."""
    return _hash(text.encode("utf-8"))
