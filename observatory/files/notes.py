"""Notes of an exported file: meanings, definitions, sources, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import duckdb
import pandas as pd

from observatory.files.columns import FileColumn, columns
from observatory.french import numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions import record, record_tables

GAPS_TITLE = "Besoin, offre et écart par commune"
SOURCE_HEADINGS = {
    "id": "source",
    "producer": "producteur",
    "dataset": "jeu_de_donnees",
    "publication": "publication",
    "vintage": "millesime",
    "origin": "provenance",
    "file": "fichier",
    "licence": "licence",
    "page": "page",
    "definition": "definition",
    "sha256": "empreinte_sha256",
}


def about(con: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, str | date]:
    """What a file is, line by line: title, territory, version, dates, contours, warning."""
    version = record.info(con)
    place = version["territory"]
    lines: dict[str, str | date] = {
        "Titre": f"{GAPS_TITLE} : {place['name']}",
        "Territoire": f"{place['name']}, "
        f"{numbers.quantity(place['communes'], 'commune', 'communes')}",
        "Version": version["version"].removesuffix(".duckdb"),
        "Construite le": datetime.fromisoformat(version["built_at"]).date(),
        "Offre à la date du": as_of,
        "Contours": vocabulary.contours_in_full(version["contours"], version["contours_moved"]),
    }
    if version["demonstration"]:
        lines["Avertissement"] = vocabulary.DEMONSTRATION_WARNING
    return lines


def definitions(extra: dict[str, FileColumn] | None = None) -> pd.DataFrame:
    """What the words of a file mean: one row per column, need definition, service and day type.

    Parameters
    ----------
    extra : dict, optional
        Columns of another table of the same file.

    Returns
    -------
    DataFrame
        rubrique, nom (as it stands in the file), libelle, signification, unite, source; text.
    """
    names = nomenclature()
    headings = {c.heading for c in columns().values()}

    def unit(column: FileColumn) -> str:
        return f"voir la colonne {column.unit}" if column.unit in headings else column.unit

    rows = [("Colonne", c.heading, "", c.meaning, unit(c), "") for c in columns().values()]
    rows += [
        ("Colonne (établissements)", c.heading, "", c.meaning, unit(c), "")
        for c in (extra or {}).values()
    ]
    rows += [
        ("Définition du besoin", i, d.label, d.source, "", d.source)
        for i, d in names.definitions.items()
    ]
    rows += [
        (
            "Service",
            i,
            s.label,
            s.help,
            f"{s.unit} ; {s.rate_label}",
            s.norm.source if s.norm else "",
        )
        for i, s in names.services.items()
    ]
    rows += [("Type de jour", i, label, "", "", "") for i, label in names.day_types.items()]
    headings_ = ["rubrique", "nom", "libelle", "signification", "unite", "source"]
    return pd.DataFrame(rows, columns=headings_)


def sources(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per file in use: who made it, vintage, origin, licence; text, empty when not said."""
    table = record_tables.sources(con)
    table["origin"] = table["origin"].map(vocabulary.ORIGINS)
    table = table[list(SOURCE_HEADINGS)].rename(columns=SOURCE_HEADINGS)
    return table.astype(object).where(table.notna(), "").astype(str)


def metadata(
    con: duckdb.DuckDBPyConnection,
    file_name: str,
    as_of: date,
    *,
    international: bool = False,
    title: str = GAPS_TITLE,
    table: Mapping[str, FileColumn] | None = None,
) -> dict[str, Any]:
    """CSVW metadata of a table: columns, definitions, sources, vintages, version.

    Parameters
    ----------
    table : mapping, optional
        Its columns; those of the gap table by default.
    """
    datatypes: dict[str, Any] = (
        {}
        if international
        else {
            "decimal": {"base": "decimal", "format": {"decimalChar": ","}},
            "date": {"base": "date", "format": "dd/MM/yyyy"},
        }
    )
    return {
        **file_metadata(con, file_name, title, as_of),
        "dialect": {
            "delimiter": "," if international else ";",
            "encoding": "utf-8",
            "lineTerminators": ["\r\n"],
            "header": True,
        },
        "tableSchema": {
            "columns": [
                {
                    "name": column.heading,
                    "titles": column.heading,
                    "datatype": datatypes.get(column.type, column.type),
                    "dc:description": column.meaning,
                    **({"observatory:unit": column.unit} if column.unit else {}),
                }
                for column in (columns() if table is None else table).values()
            ],
        },
    }


def file_metadata(
    con: duckdb.DuckDBPyConnection, file_name: str, title: str, as_of: date
) -> dict[str, Any]:
    """What stands beside any file made from a version: whose it is, its day, its definitions.

    Parameters
    ----------
    title : str
        What the file holds; the territory is added to it.
    as_of : date
        Day of the supply, or the last one of the file.
    """
    version, names = record.info(con), nomenclature()
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "fr"}],
        "url": file_name,
        "dc:title": f"{title} : {version['territory']['name']}",
        "dc:language": "fr",
        "dc:created": version["built_at"],
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
