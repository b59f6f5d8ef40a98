"""A folder of open data: the public tables, what describes each of them, and their catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb

from observatory.errors import RequestError
from observatory.files.catalog.catalog_words import catalog_words
from observatory.files.catalog.dcat import CatalogFacts, OpenFile, json_ld
from observatory.files.catalog.open_tables import open_tables
from observatory.files.catalog.rdf_xml import rdf_xml
from observatory.files.catalog.table_schema import table_schema
from observatory.files.notes import metadata
from observatory.french.vocabulary import DEMONSTRATION_WARNING
from observatory.versions import record, record_tables

ADDRESS = re.compile(r"https?://[\w.-]+(:\d+)?(/[\w.~%-]+)*/?")
JSON_LD = "catalogue.jsonld"
RDF_XML = "catalogue.rdf"


def open_catalog(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    address: str,
    publisher: str | None = None,
    contact: str | None = None,
) -> dict[str, bytes]:
    """The files of the catalogue, by name.

    Beside each table ``x.csv`` stand its CSVW metadata (``x.csv-metadata.json``) and its Table
    Schema (``x.schema.json``); ``catalogue.jsonld`` and ``catalogue.rdf`` are one DCAT-AP graph.
    A table without a row is written, so that what was withdrawn is not left in a served folder,
    and the catalogue does not list it.

    Parameters
    ----------
    address : str
        Where the folder will be served: a harvester knows files by whole addresses only.
    publisher : str, optional
        Who publishes; the territory by default.
    contact : str, optional
        Who answers.

    Raises
    ------
    RequestError
        When the address is not one of the web.
    """
    words, about = catalog_words(), _about(con, as_of, address, publisher, contact)
    written: dict[str, bytes] = {}
    files = []
    for table in open_tables(con, as_of):
        name, description = f"{table.stem}.csv", words.dataset[table.dataset].description
        file = OpenFile(
            table.dataset, name, table.title, table.csv,
            f"{table.stem}.schema.json", f"{name}-metadata.json",
        )  # fmt: skip
        if table.filled:
            files.append(file)
        schema = table_schema(table.stem, table.title, description, table.columns)
        csvw = metadata(
            con, name, as_of, international=True, title=table.title, table=table.columns
        )
        written |= {name: table.csv, file.schema: _json(schema), file.csvw: _json(csvw)}
    document = json_ld(words, about, files)
    return {**written, JSON_LD: _json(document), RDF_XML: rdf_xml(document)}


def checked_address(address: str) -> str:
    """An address of the web, ending with a slash.

    Raises
    ------
    RequestError
        When it is anything else.
    """
    if not ADDRESS.fullmatch(address):
        raise RequestError(
            f"« {address} » n'est pas l'adresse d'un dossier en ligne",
            where="--address",
            mend="Écrire celle où le dossier sera servi, par exemple "
            "https://observatoire.ville.example/donnees/.",
        )
    return address.rstrip("/") + "/"


def _about(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    address: str,
    publisher: str | None,
    contact: str | None,
) -> CatalogFacts:
    version = record.info(con)
    name = version["territory"]["name"]
    return CatalogFacts(
        address=checked_address(address),
        territory=name,
        publisher=publisher or name,
        contact=contact or "",
        modified=version["built_at"],
        as_of=as_of,
        box=_box(con),
        provenance=_provenance(con),
        warning=DEMONSTRATION_WARNING if version["demonstration"] else "",
    )


def _box(con: duckdb.DuckDBPyConnection) -> tuple[float, float, float, float] | None:
    """The extent of the contours, in degrees to 5 decimals; None where they stand elsewhere."""
    if record.moved_contours(con):
        return None
    import shapely  # as slow to load as the catalogue is to make

    stored = con.execute("SELECT wkb FROM contour SEMI JOIN perimeter USING (code)").fetchall()
    if not stored:
        return None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb([wkb for (wkb,) in stored]))
    return (round(west, 5), round(south, 5), round(east, 5), round(north, 5))


def _provenance(con: duckdb.DuckDBPyConnection) -> str:
    """Who made the figures, and of what year."""
    rows = record_tables.sources(con)[["producer", "dataset", "vintage"]].drop_duplicates()
    told = [
        f"{producer}, {dataset}{f' ({vintage})' if isinstance(vintage, str) and vintage else ''}"
        for producer, dataset, vintage in rows.itertuples(index=False)
    ]
    return " ; ".join(told)


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8")
