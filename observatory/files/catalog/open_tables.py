"""The public tables of a version, each a CSV file for programs (RFC 4180) and its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import duckdb
import pandas as pd

from observatory.answers import gaps
from observatory.answers.public_actions import ACTIONS, BESIDE, beside_actions, public_actions
from observatory.files.catalog.catalog_words import catalog_words
from observatory.files.columns import FileColumn, columns
from observatory.files.establishment_rows import establishment_columns, establishment_rows
from observatory.files.formats import INTERNATIONAL, Wanted, content
from observatory.french.csv import INTERNATIONAL as DIALECT
from observatory.french.csv import CsvCell, csv_file, day_cell, number_cell, text_cell
from observatory.french.vocabulary import YES_NO
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.plan.plan_rows import plan_contract
from observatory.plan.public_plan import PUBLIC, TYPES

CSV_TYPES = {"DATE": "date", "DOUBLE": "decimal", "INTEGER": "integer"}
"""CSVW datatype of a column of the plan by its type in a version; the others are text."""
OF_NOMENCLATURE = frozenset({"service", "day_type", "definition"})
"""Columns that hold ids, by which the tables go together."""
EXACT = 15
"""Significant digits of a number that the plan holds as it was typed."""


@dataclass(frozen=True)
class OpenTable:
    """A table of the catalogue.

    Attributes
    ----------
    dataset : str
        Id of its dataset in ``catalog.toml``.
    stem : str
        Name of its file, without ending.
    title : str
        What one file of the dataset holds, in French.
    columns : mapping
        By our name, in the order of the file.
    csv : bytes
        The file: a line of headings alone where there is no row.
    filled : bool
        Whether there is a row.
    """

    dataset: str
    stem: str
    title: str
    columns: Mapping[str, FileColumn]
    csv: bytes
    filled: bool


def open_tables(con: duckdb.DuckDBPyConnection, as_of: date) -> Iterator[OpenTable]:
    """The tables that anybody may read, one after the other.

    The gap table, its masked figures hidden as in any other file; the establishments open on that
    day, never an assistant maternel; the public part of the plan.
    """
    words = catalog_words().dataset
    gap_file = content(con, Wanted(Question(as_of=as_of)), INTERNATIONAL)
    yield OpenTable("ecarts", "ecarts", words["ecarts"].title, columns(), gap_file, True)
    yield _table(
        "etablissements",
        "etablissements",
        words["etablissements"].title,
        {**establishment_columns(), **catalog_words().column},
        establishment_rows(con, nomenclature().services, gaps.communes(con), as_of),
    )
    for table, (sheet, _) in PUBLIC.items():
        rows = public_actions(con) if table == "action" else beside_actions(con, table)
        title = plan_contract().sheet(sheet).title
        yield _table("actions", sheet, title, _plan_columns(table), _in_words(table, rows))


def _table(
    dataset: str, stem: str, title: str, its: Mapping[str, FileColumn], rows: pd.DataFrame
) -> OpenTable:
    return OpenTable(dataset, stem, title, its, _csv(rows, its), len(rows) > 0)


def _csv(rows: pd.DataFrame, its: Mapping[str, FileColumn]) -> bytes:
    lines = (
        [_cell(row[name], one) for name, one in its.items()] for row in rows.to_dict("records")
    )
    return csv_file((one.heading for one in its.values()), lines, DIALECT)


def _cell(value: Any, one: FileColumn) -> CsvCell:
    """A cell of the international dialect; empty when unknown."""
    if one.type in ("decimal", "integer"):
        known = None if pd.isna(value) else float(value)
        if known is not None and one.decimals == EXACT:
            return CsvCell(f"{known:.{EXACT}g}")
        return number_cell(known, one.decimals, DIALECT)
    return day_cell(value, DIALECT) if one.type == "date" else text_cell(value)


def _plan_columns(table: str) -> dict[str, FileColumn]:
    """The columns of a table of the plan, in the words of the plan's own contract."""
    sheet, own = PUBLIC[table]
    told = {c.name: c for c in plan_contract().sheet(sheet).columns}
    found = {}
    for name in ACTIONS if table == "action" else BESIDE[table]:
        type_ = CSV_TYPES.get(TYPES.get(name, ""), "string")
        decimals = EXACT if type_ == "decimal" else 0
        found[name] = FileColumn(own[name], type_, decimals, told[own[name]].meaning)
    return found


def _in_words(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, an id of a list of the plan put as its label."""
    sheet, own = PUBLIC[table]
    contract = plan_contract()
    told = {c.name: contract.choices(c.choices) for c in contract.sheet(sheet).columns}
    lists = {name: told[own[name]] for name in own if name not in OF_NOMENCLATURE}
    put: dict[str, Callable[[Any], Any]] = {
        name: partial(_label, labels) for name, labels in lists.items() if labels
    }
    if "demonstration" in rows:
        put["demonstration"] = _yes_no
    return rows.assign(**{n: rows[n].map(word, na_action="ignore") for n, word in put.items()})


def _label(labels: Mapping[str, str], value: Any) -> Any:
    return labels.get(value, value)


def _yes_no(value: Any) -> str:
    return YES_NO[bool(value)]
