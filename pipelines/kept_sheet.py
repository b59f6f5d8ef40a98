"""The first sheet of a workbook as text, kept as Parquet: examined and read once for good.

A published workbook of a million cells takes seconds to examine and to read, and does not change
from a refresh to the next. What was read of it is found again by the sum of its bytes and of the
code that reads it.
"""

from __future__ import annotations

import glob
import hashlib
import json
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import python_calamine

from observatory.errors import SourceError
from observatory.sources.archives import examine_workbook
from observatory.sources.transfer import sha256_of
from observatory.versions.sql_text import sql_text


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, all text, and its headings as they are written.

    Attributes
    ----------
    headings : list of str
        Trimmed; two may be the same.
    cells : pathlib.Path or pandas.DataFrame
        Columns "0", "1", … in the order of the headings; in memory where no file can be kept.
    """

    headings: list[str]
    cells: Path | pd.DataFrame

    def relation(self, con: duckdb.DuckDBPyConnection, wanted: Collection[str]) -> str:
        """The wanted columns under their headings, to select from; of twins, the first."""
        if isinstance(self.cells, Path):
            source = f"read_parquet({literal_path(self.cells)})"
        else:
            con.register("_incoming", self.cells)
            source = "_incoming"
        places = {h: self.headings.index(h) for h in wanted if h in self.headings}
        columns = ", ".join(
            f'"{place}" AS "{heading.replace(chr(34), chr(34) * 2)}"'
            for heading, place in places.items()
        )
        return f"(SELECT {columns} FROM {source})"


def first_sheet(path: Path, folder: Path) -> Sheet:
    """The first sheet of a workbook, from what a former reading kept of it or else read now.

    Raises
    ------
    SourceError
        When the workbook is damaged, protected or abnormal.
    """
    kept = folder / f"{sha256_of(path)}.{_reader()}.parquet"
    return _found(kept) or _keep(kept, *_read(path))


@cache
def _reader() -> str:
    """The sum of what reads: read otherwise, a workbook is found under another name."""
    reads = Path(__file__).read_bytes() + version("python-calamine").encode()
    return hashlib.sha256(reads).hexdigest()[:16]


def _found(kept: Path) -> Sheet | None:
    """What was kept; None when there is nothing, or nothing that can be read."""
    if not kept.is_file():
        return None
    try:
        with duckdb.connect() as con:
            told = con.execute(
                f"SELECT decode(value) FROM parquet_kv_metadata({literal_path(kept)}) "
                "WHERE decode(key) = 'headings'"
            ).fetchone()
    except duckdb.Error:
        return None
    return Sheet(json.loads(told[0]), kept) if told else None


def _keep(kept: Path, headings: list[str], cells: pd.DataFrame) -> Sheet:
    """Write the file whole under another name first; a full disk keeps nothing and harms nobody."""
    if cells.empty:
        return Sheet(headings, cells)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as aside, duckdb.connect() as con:
            con.register("cells", cells)
            told = sql_text(json.dumps(headings, ensure_ascii=False))
            written = Path(aside) / kept.name
            con.execute(
                f"COPY cells TO {literal_path(written)} "
                f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{headings: {told}}})"
            )
            written.replace(kept)
    except (OSError, duckdb.Error):
        return Sheet(headings, cells)
    return Sheet(headings, kept)


def _read(path: Path) -> tuple[list[str], pd.DataFrame]:
    examine_workbook(path)
    try:
        head, *rows = sheet(path)
    except ValueError as error:  # no row at all
        raise unreadable(path, "il est abîmé, ou incomplet") from error
    cells = pd.DataFrame(
        {
            # Text first: a workbook has a million cells, most of them text.
            str(place): [
                (v or None) if type(v := row[place]) is str else _as_text(v) for row in rows
            ]
            for place in range(len(head))
        },
        dtype="str",
    )
    return [str(h).strip() for h in head], cells


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


def unreadable(path: Path, why: str) -> SourceError:
    """The refusal of a file that is not what its beginning says."""
    return SourceError(
        f"le fichier est illisible : {why}",
        where=path.name,
        mend="Vérifier qu'il s'ouvre, ou le retirer du dossier.",
    )


def literal_path(path: Path) -> str:
    """A path as a literal of SQL, none of its signs a wildcard."""
    return sql_text(glob.escape(str(path)))


@lru_cache(maxsize=65_536, typed=True)  # the same figures come back row after row
def _as_text(value: object) -> str | None:
    """A cell as text: a whole number without its decimal point, an empty cell as null."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
