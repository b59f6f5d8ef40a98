"""The gap table as it is exported: columns, rows, CSV text.

Amounts are rounded, half away from zero as on the screens, to the decimals of ``gap_table.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.accessible import access_gaps
from observatory.answers.profile import YOUNG, born_before, retention
from observatory.errors import RequestError
from observatory.french import numbers, vocabulary
from observatory.french.csv import (
    FRENCH,
    INTERNATIONAL,
    CsvCell,
    csv_file,
    day_cell,
    rounded_cell,
    text_cell,
)
from observatory.french.numbers import rounded
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import CUSTOM, Question
from observatory.knowledge.shortfall import is_short


@dataclass(frozen=True)
class FileColumn:
    """One column of an exported table.

    Attributes
    ----------
    type : str
        A CSVW datatype: string, decimal, integer or date.
    decimals : int
        Decimals written; amounts counted by the tenth take one more (see ``finer``).
    unit : str
        Unit of the figures, or the heading of the column that gives it row by row.
    shown : int, optional
        Decimals shown by a workbook, when fewer than those kept.
    signed : bool
        Whether the sign is always shown.
    """

    heading: str
    type: str
    decimals: int
    meaning: str
    unit: str = ""
    shown: int | None = None
    signed: bool = False


def read_columns(path: Path) -> dict[str, FileColumn]:
    """The columns of a table by our name, in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: FileColumn(**entry) for name, entry in entries.items()}


@cache
def columns() -> dict[str, FileColumn]:
    """The columns of the gap table (``gap_table.toml``)."""
    return read_columns(Path(__file__).with_suffix(".toml"))


LAMBERT_93 = 2154
"""EPSG code of the official projection of mainland France."""


def gap_table(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    codes: Sequence[str | None] | None = None,
) -> pd.DataFrame:
    """The gap table in the order and words of the file, values still typed.

    One row per commune × service × day type × definition; the territory's total closes each group.
    Without a definition, each service takes its own first one when no service is named, and all of
    them when one is.

    Parameters
    ----------
    codes : sequence, optional
        INSEE codes of the rows of each group, in their order, None for the territory's total. All
        communes by code, then the total, when absent.

    Raises
    ------
    RequestError
        When a name is not in the nomenclature, a target comes without its service, or a code is
        not of the territory.
    """
    names = nomenclature()
    question.check_target()
    table = access_gaps(con, question)
    if question.service is None and question.definition is None:
        table = table[table["definition"] == table["service"].map(names.definitions_for())]
    if question.custom is None:
        table = table[table["definition"] != CUSTOM]
    service_of = table["service"].map(names.services)
    table = table.assign(
        unit=service_of.map(lambda s: s.unit),
        rate_label=service_of.map(lambda s: s.rate_label),
        definition_label=table["definition"].map(lambda d: names.definitions[d].label),
        as_of=question.as_of,
    )
    for counted in ("definition_count", "access_definition_count"):
        short = counted.replace("definition_count", "deficit_count")
        # Nothing could be told: that is not « 0 out of 0 ».
        untold = table[counted] == 0
        table[[short, counted]] = table[[short, counted]].astype(float).mask(untold)
    for name in map(str, table.columns):
        if re.fullmatch(r"access_\d+", name):
            table[name] = table[name].mask(table["suppressed"])
        elif name == "beyond":
            table[name] = 100 * table[name]
        elif name.startswith("desert_"):
            rule = catchment_rules().deserts[name.removeprefix("desert_")]
            told = table[name].map(vocabulary.YES_NO).fillna(vocabulary.UNKNOWN)
            table[name] = told.where(table["service"].isin(rule.services), "")
    table = _with_births(con, table)
    table["situation"] = _situation(table)
    table["public_vintage"] = pd.to_numeric(table["public_vintage"], errors="coerce")
    table = table[list(columns())].reset_index(drop=True)
    return table if codes is None else _chosen(table, codes)


def _with_births(con: duckdb.DuckDBPyConnection, table: pd.DataFrame) -> pd.DataFrame:
    """Beside children under three that are an estimate, the births before and their retention."""
    names, born = nomenclature(), born_before(con)
    young = names.publics_of(table) == YOUNG
    births = table["code"].map(born).astype(float)
    # The whole territory: known when every commune is.
    if born and len(born) == table["code"].nunique():
        births = births.where(table["code"].notna(), sum(born.values()))
    births = births.where(table["estimated"] & young)
    share = retention(con)
    return table.assign(births=births, retention=births.where(births.isna(), share))


def _situation(table: pd.DataFrame) -> list[str]:
    """What the gap of each row is, in a word; the mean of the territory is no need to lack of."""
    names = nomenclature()
    decimals = names.decimals_of(table["service"])
    lacks, over = is_short(table["gap"], decimals), is_short(-table["gap"], decimals)
    shared = table["definition"].map({i: d.shares_out for i, d in names.definitions.items()})
    return [
        vocabulary.UNKNOWN
        if unknown
        else vocabulary.SHARING
        if sharing
        else vocabulary.LACK
        if lack
        else vocabulary.SURPLUS
        if more
        else vocabulary.BALANCE
        for sharing, unknown, lack, more in zip(
            shared, table["gap"].isna(), lacks, over, strict=True
        )
    ]


def _chosen(table: pd.DataFrame, codes: Sequence[str | None]) -> pd.DataFrame:
    """The rows of those codes, in their order within each group."""
    rank = {code or "": n for n, code in enumerate(dict.fromkeys(codes))}
    given = table["code"].fillna("")
    if not table.empty and (strangers := [c for c in rank if c not in set(given)]):
        raise RequestError(
            f"{numbers.quantity(len(strangers), 'commune', 'communes')} hors du territoire : "
            f"{', '.join(strangers[:5])}{'…' if len(strangers) > 5 else ''}",
            mend="Donner les codes Insee de communes de la version en service.",
        )
    group = table.groupby(["service", "day_type", "definition"], sort=False, dropna=False).ngroup()
    order = pd.DataFrame({"group": group, "rank": given.map(rank)}).dropna()
    return table.loc[order.sort_values(["group", "rank"]).index].reset_index(drop=True)


def finer(table: pd.DataFrame) -> list[int]:
    """Decimals that each row has beyond those of its columns: units counted by the tenth."""
    places, found = pd.factorize(table["service"])
    more = [1 if nomenclature().services[s].decimals else 0 for s in found]
    return np.array(more, dtype=int)[places].tolist()  # type: ignore[no-any-return]


def values(table: pd.DataFrame, name: str, column: FileColumn) -> list[Any]:
    """The cells of a column as Python values, rounded; None where unknown.

    Text as it stands, dates as ``date``, whole numbers as ``int``, others as ``float``.
    """
    if column.type in ("string", "date"):
        return _made(table[name], lambda value: value)
    out, _ = _figures(table, name, column)
    if column.type == "integer" or not column.decimals:
        return _made(pd.Series(out), int)
    return _made(pd.Series(out), float)


def _made(cells: pd.Series[Any], make: Callable[[Any], Any], unknown: Any = None) -> list[Any]:
    """The cells of a column, each distinct value made once: there are few for many rows."""
    places, found = pd.factorize(cells)
    made = np.empty(len(found) + 1, dtype=object)
    made[:-1], made[-1] = [make(value) for value in found], unknown  # the place of unknown is −1
    return made[places].tolist()  # type: ignore[no-any-return]


def _figures(
    table: pd.DataFrame, name: str, column: FileColumn
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.int64]]]:
    """The figures of a column, rounded, NaN where unknown; and the decimals of each."""
    numbers = table[name].to_numpy(dtype=float, na_value=np.nan)
    decimals = np.full(len(numbers), column.decimals)
    if column.type == "decimal" and column.decimals and "service" in table:
        decimals = decimals + np.array(finer(table), dtype=int)
    out = np.full(len(numbers), np.nan)
    for many in np.unique(decimals):
        rows = decimals == many
        out[rows] = _rounded(numbers[rows], int(many))
    return out, decimals


def _rounded(numbers: np.ndarray[Any, np.dtype[np.float64]], decimals: int) -> Any:
    """Round as ``numbers.rounded`` does; one by one only where the two ways can differ."""
    out = np.round(numbers, decimals) + 0.0  # never −0
    scaled = np.abs(numbers) * 10.0**decimals
    for row in np.flatnonzero(np.abs(scaled % 1 - 0.5) <= 1e-6):
        out[row] = rounded(float(numbers[row]), decimals)
    out[~np.isfinite(numbers)] = np.nan
    return out


def gaps_csv(table: pd.DataFrame, *, international: bool = False) -> bytes:
    """The table as CSV, CRLF, quoted where it must be, no live formula.

    French by default (UTF-8 with BOM, ``;``, decimal comma, day/month/year), for a double click
    in a spreadsheet; international (RFC 4180: UTF-8 without BOM, ``,``, decimal point, ISO dates)
    for programs.
    """
    dialect = INTERNATIONAL if international else FRENCH
    nothing = text_cell(None)
    written: dict[str, list[CsvCell]] = {}
    for name, column in columns().items():
        if column.type == "string":
            written[column.heading] = _made(table[name], text_cell, nothing)
        elif column.type == "date":
            written[column.heading] = _made(table[name], lambda d: day_cell(d, dialect), nothing)
        else:
            figures, decimals = _figures(table, name, column)
            cells = np.empty(len(figures), dtype=object)
            for many in np.unique(decimals).tolist():
                rows = decimals == many
                write = partial(rounded_cell, decimals=many, dialect=dialect)
                cells[rows] = _made(pd.Series(figures[rows]), write, nothing)
            written[column.heading] = cells.tolist()
    return csv_file(written, zip(*written.values(), strict=True), dialect)
