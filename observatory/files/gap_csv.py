"""The gap table as CSV: whole lines made in the database, taken from it in batches of bytes."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from observatory.files.columns import FileColumn, columns
from observatory.french.csv import Dialect, csv_file, quoted, text_cell
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions.frames import lent
from observatory.versions.sql_text import sql_text

LINES = 20_000
"""Lines that leave the database together."""
PLAIN = r"[\p{L}\p{N}](?:[\p{L}\p{N} .:/()%_’'-]*[\p{L}\p{N}.)%])?"
"""Text that is written as it stands in any dialect; all other text is looked at, once a value."""


def heading_line(dialect: Dialect) -> bytes:
    """The first line of the file."""
    return csv_file([column.heading for column in columns().values()], (), dialect)


def csv_chunks(con: duckdb.DuckDBPyConnection, dialect: Dialect) -> Iterator[bytes]:
    """The lines of the table ``gap_row``, CRLF, quoted where they must be, no live formula.

    Parameters
    ----------
    dialect : Dialect
        French (UTF-8 with BOM, ``;``, decimal comma, day/month/year), for a double click in a
        spreadsheet; international (RFC 4180: ``,``, decimal point, ISO dates) for programs.
    """
    care = {
        name: cells
        for name, column in columns().items()
        if column.type == "string" and len(cells := _with_care(con, name, dialect))
    }
    line = ", ".join(
        f"{_cell(name, column, dialect, cared=name in care)}, {sql_text(dialect.delimiter)}"
        for name, column in columns().items()
    ).removesuffix(sql_text(dialect.delimiter))
    joins = " ".join(f"LEFT JOIN _care_{n} AS c_{n} ON c_{n}.value = g.{n}" for n in care)
    in_order = "ORDER BY g.rowid" if care else ""  # a join may bring the rows in any order
    with lent(con, {f"_care_{name}": cells for name, cells in care.items()}):
        con.complete()
        lines = con.sql(
            f"SELECT concat({line} chr(13), chr(10)) FROM gap_row AS g {joins} {in_order}"
        )
        for batch in lines.to_arrow_reader(LINES):
            yield _end_to_end(batch.column(0))


def _end_to_end(texts: pa.StringArray) -> bytes:
    """The texts of a column, as they already stand one after the other."""
    _, ends, data = texts.buffers()
    first, last = np.frombuffer(ends, "int32")[[texts.offset, texts.offset + len(texts)]]
    return data[first:last].to_pybytes() if data else b""


def _cell(name: str, column: FileColumn, dialect: Dialect, *, cared: bool) -> str:
    """The SQL of a cell; what is unknown is null, of which no character is written."""
    if column.type == "string":
        return f"coalesce(c_{name}.cell, g.{name})" if cared else f"g.{name}"
    if column.type == "date":
        return f"strftime(g.{name}, '{dialect.day}')"
    written = _figure(f"CAST(g.{name} AS DOUBLE)", column.decimals)
    if column.type == "decimal" and column.decimals:  # units counted by the tenth: one more
        finer = ", ".join(
            sql_text(id_) for id_, service in nomenclature().services.items() if service.decimals
        )
        more = _figure(f"CAST(g.{name} AS DOUBLE)", column.decimals + 1)
        written = f"CASE WHEN g.service IN ({finer}) THEN {more} ELSE {written} END"
    return written if dialect.decimal_mark == "." else f"replace({written}, '.', ',')"


def _figure(x: str, decimals: int) -> str:
    """The SQL of a rounded figure, half away from zero: the same as ``numbers.rounded``.

    Next to a half, it is the shortest writing of the figure that is rounded.
    """
    kind = f"DECIMAL(18, {decimals})"
    return (
        f"CASE WHEN isfinite({x}) THEN CAST(CASE "
        f"WHEN abs((abs({x}) * 1e{decimals}) % 1 - 0.5) <= 1e-6 "
        f"THEN CAST(CAST({x} AS VARCHAR) AS {kind}) ELSE CAST({x} AS {kind}) END AS VARCHAR) END"
    )


def _with_care(con: duckdb.DuckDBPyConnection, name: str, dialect: Dialect) -> pd.DataFrame:
    """The values of a column of text that are not plain, and the cell that each one makes."""
    found = con.execute(
        f"SELECT {name} FROM (SELECT DISTINCT {name} FROM gap_row WHERE {name} IS NOT NULL) "
        f"WHERE NOT regexp_full_match({name}, ?)",
        [PLAIN],
    ).fetchall()
    made = [(value, quoted(text_cell(value), dialect)) for (value,) in found]
    return pd.DataFrame([m for m in made if m[0] != m[1]], columns=["value", "cell"], dtype="str")
