"""Files for people: the gap table as CSV for a French spreadsheet, with its metadata beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from observatory import record
from observatory.gaps import gaps
from observatory.nomenclature import nomenclature

# Our column → French heading, datatype, decimals, meaning. The order is the file's.
COLUMNS: Mapping[str, tuple[str, str, int, str]] = {
    "code": (
        "code_insee",
        "string",
        0,
        "Code Insee de la commune ; vide pour le total du territoire",
    ),
    "name": ("commune", "string", 0, "Nom de la commune, ou du territoire pour le total"),
    "service": ("service", "string", 0, "Identifiant du service dans la nomenclature"),
    "day_type": ("type_jour", "string", 0, "Type de jour, pour les accueils de loisirs"),
    "definition": ("definition_besoin", "string", 0, "Définition du besoin retenue"),
    "public": (
        "enfants",
        "decimal",
        1,
        "Effectif du public du service (enfants, jeunes, habitants ou assistants maternels)",
    ),
    "need": ("besoin", "decimal", 1, "Besoin selon la définition, dans l'unité du service"),
    "supply": ("offre", "decimal", 1, "Offre à la date demandée, dans l'unité du service"),
    "gap": ("ecart", "decimal", 1, "Offre moins besoin ; négatif : il manque"),
    "rate": (
        "taux",
        "decimal",
        1,
        "Offre rapportée au public ; vide quand l'effectif est trop faible",
    ),
    "target": ("reference", "decimal", 1, "Taux visé par la définition du besoin"),
    "target_year": ("annee_reference", "integer", 0, "Année du taux de référence publié"),
    "published_rate": ("taux_publie_caf", "decimal", 1, "Taux de couverture publié par la Cnaf"),
    "published_year": ("annee_taux_publie", "integer", 0, "Année du taux publié"),
    "deficit_count": (
        "definitions_en_deficit",
        "integer",
        0,
        "Nombre de définitions du besoin selon lesquelles il manque des places",
    ),
    "definition_count": (
        "definitions",
        "integer",
        0,
        "Nombre de définitions du besoin calculables",
    ),
    "unit": ("unite", "string", 0, "Unité du besoin, de l'offre et de l'écart"),
    "rate_label": ("unite_taux", "string", 0, "Unité du taux et de la référence"),
    "reliability": ("fiabilite", "string", 0, "Ce qui affaiblit les chiffres de la ligne"),
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def safe_text(value: str) -> str:
    """Text that a spreadsheet shows as text, even when it looks like a formula."""
    return (
        "'" + value
        if value.lstrip(" \u00a0").startswith(FORMULA_STARTS) or value[:1] in FORMULA_STARTS
        else value
    )


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
    """
    names = nomenclature()
    table = gaps(con, service, as_of=as_of, definition=definition, custom=custom)
    if service is None and definition is None:
        first = {i: s.definitions[0] for i, s in names.services.items()}
        table = table[table["definition"] == table["service"].map(first)]
    if custom is None:
        table = table[table["definition"] != "custom"]
    service_of = table["service"].map(names.services)
    return table.assign(
        unit=service_of.map(lambda s: s.unit), rate_label=service_of.map(lambda s: s.rate_label)
    )[list(COLUMNS)].reset_index(drop=True)


def gaps_csv(table: pd.DataFrame) -> bytes:
    """The table as French CSV: UTF-8 with BOM, ``;``, decimal comma, CRLF, no live formula."""
    out = pd.DataFrame(index=table.index)
    for ours, (heading, kind, decimals, _) in COLUMNS.items():
        if kind == "string":
            out[heading] = [safe_text(str(v)) if pd.notna(v) else "" for v in table[ours]]
        else:
            out[heading] = [french_number(v, decimals) for v in table[ours]]
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
                    "name": heading,
                    "titles": heading,
                    "datatype": formats.get(kind, kind),
                    "dc:description": meaning,
                }
                for heading, kind, _, meaning in COLUMNS.values()
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
    beside = out.with_name(f"{out.name}-metadata.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(gaps_csv(table))
    beside.write_text(
        json.dumps(metadata(con, out.name, as_of), ensure_ascii=False, indent=2), encoding="utf-8"
    )
    return out, beside
