"""Files for people: the gap table as CSV for a French spreadsheet, with its metadata beside it."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from observatory import record
from observatory.catchment import access_gaps
from observatory.errors import RequestError
from observatory.nomenclature import nomenclature


@dataclass(frozen=True)
class Column:
    """One column of the exported table; ``type`` is a CSVW datatype."""

    heading: str
    type: str
    decimals: int
    meaning: str


@cache
def columns() -> dict[str, Column]:
    """The columns of the gap table by our name, in the order of the file (``export.toml``)."""
    entries = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: Column(**entry) for name, entry in entries.items()}


# What a spreadsheet may take for a formula, full-width signs and unseen spaces included.
FORMULA = re.compile("[\\s\u200b\u2060\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-]|[\t\r\n]")
BOM = "\ufeff"
YES_NO = {True: "oui", False: "non"}


def safe_text(value: str) -> str:
    """Text that a spreadsheet shows as text, even when it looks like a formula."""
    return "'" + value if FORMULA.match(value) else value


def french_number(value: float, decimals: int) -> str:
    """A number for a spreadsheet: decimal comma, no thousands separator; unknown is empty."""
    if pd.isna(value):
        return ""
    text = f"{value:.{decimals}f}"
    return (
        "0"
        if float(text) == 0 and not decimals
        else text.replace("-0.0", "0.0")
        if float(text) == 0
        else text
    ).replace(".", ",")


def gap_table(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    service: str | None = None,
    definition: str | None = None,
    custom: float | None = None,
) -> pd.DataFrame:
    """The gap table in the order and words of the file, values still typed.

    One row a commune × service × day type × definition; the territory's total closes each group.
    Without a definition, each service takes its own first one when no service is named, and all of
    them when one is.

    Raises
    ------
    RequestError
        When a name is not in the nomenclature, or a target comes without its service.
    """
    names = nomenclature()
    if definition == "custom" and custom is None:
        raise RequestError(
            "l'objectif choisi n'est pas donné", mend="L'indiquer, par exemple avec --custom 60."
        )
    if custom is not None and service is None:
        raise RequestError(
            "un objectif s'entend pour un service", mend="Nommer le service, par --service."
        )
    table = access_gaps(con, service, as_of=as_of, definition=definition, custom=custom)
    if service is None and definition is None:
        first = {i: s.definitions[0] for i, s in names.services.items()}
        table = table[table["definition"] == table["service"].map(first)]
    if custom is None:
        table = table[table["definition"] != "custom"]
    service_of = table["service"].map(names.services)
    table = table.assign(
        unit=service_of.map(lambda s: s.unit), rate_label=service_of.map(lambda s: s.rate_label)
    )
    for counted in ("definition_count", "access_definition_count"):
        short = counted.replace("definition_count", "deficit_count")
        # Nothing could be told: that is not « 0 out of 0 ».
        untold = table[counted] == 0
        table[[short, counted]] = table[[short, counted]].astype(float).mask(untold)
    for name in map(str, table.columns):
        if re.fullmatch(r"access_\d+", name):
            table[name] = table[name].mask(table["suppressed"])
        elif name == "edge" or name.startswith("desert_"):
            table[name] = [YES_NO.get(value, "") for value in table[name]]
    return table[list(columns())].reset_index(drop=True)


def gaps_csv(table: pd.DataFrame) -> bytes:
    """The table as French CSV: UTF-8 with BOM, ``;``, decimal comma, CRLF, no live formula."""
    services = nomenclature().services
    # Units counted by the tenth (ETP, structures) take one more decimal than places.
    finer = [1 if services[s].decimals else 0 for s in table["service"]]
    out = pd.DataFrame(index=table.index)
    for ours, column in columns().items():
        if column.type == "string":
            out[column.heading] = [safe_text(str(v)) if pd.notna(v) else "" for v in table[ours]]
        else:
            fine = finer if column.type == "decimal" and column.decimals else [0] * len(table)
            out[column.heading] = [
                french_number(v, column.decimals + f)
                for v, f in zip(table[ours], fine, strict=True)
            ]
    text: str = out.to_csv(sep=";", index=False, lineterminator="\r\n")
    return (BOM + text).encode("utf-8")


def metadata(con: duckdb.DuckDBPyConnection, file_name: str, as_of: date) -> dict[str, Any]:
    """CSVW metadata of the gap table: columns, definitions, sources, vintages, version."""
    version = record.info(con)
    names = nomenclature()
    formats = {"decimal": {"base": "decimal", "format": {"decimalChar": ","}}}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "fr"}],
        "url": file_name,
        "dc:title": f"Besoin, offre et écart par commune : {version['territory']['name']}",
        "dc:language": "fr",
        "dc:created": version["built_at"],
        "dialect": {"delimiter": ";", "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [
                {
                    "name": column.heading,
                    "titles": column.heading,
                    "datatype": formats.get(column.type, column.type),
                    "dc:description": column.meaning,
                }
                for column in columns().values()
            ],
        },
        "observatory:version": version["version"],
        "observatory:territory": version["territory"],
        "observatory:supply_as_of": as_of.isoformat(),
        "observatory:demonstration": version["demonstration"],
        "observatory:definitions": {
            i: {"label": d.label, "source": d.source} for i, d in names.definitions.items()
        },
        "observatory:services": {
            i: {"label": s.label, "unit": s.unit, "rate": s.rate_label, "definition": s.help}
            for i, s in names.services.items()
        },
        "observatory:sources": version["sources"],
    }


def write_gaps(
    con: duckdb.DuckDBPyConnection,
    out: Path,
    as_of: date,
    service: str | None = None,
    definition: str | None = None,
    custom: float | None = None,
) -> tuple[Path, Path]:
    """Write the CSV and its ``…-metadata.json``; return both paths.

    Raises
    ------
    RequestError
        When a name is not in the nomenclature.
    OSError
        When the folder cannot be written.
    """
    table = gap_table(con, as_of, service, definition, custom)
    beside = out.parent / f"{out.name}-metadata.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(gaps_csv(table))
    beside.write_text(
        json.dumps(metadata(con, out.name, as_of), ensure_ascii=False, indent=2), encoding="utf-8"
    )
    return out, beside
