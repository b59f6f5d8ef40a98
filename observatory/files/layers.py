"""The gap table as layers for maps: GeoJSON (RFC 7946) and GeoPackage."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from observatory.errors import RequestError
from observatory.files.columns import FileColumn, columns
from observatory.files.establishment_rows import establishment_columns, establishment_rows
from observatory.files.gap_table import LAMBERT_93, distinct, figures
from observatory.files.layer_contours import drawn_contours
from observatory.files.layer_styles import add_styles
from observatory.files.notes import about, definitions, sources
from observatory.french.dates import short_date
from observatory.french.spreadsheet import clean_text
from observatory.knowledge.nomenclature import nomenclature
from observatory.projection import WGS84, metric_epsg

CONTOUR_HEADING = "contours"
DTYPES = {"string": "string", "decimal": "float64", "integer": "Int64", "date": "object"}


def gaps_geojson(con: duckdb.DuckDBPyConnection, table: pd.DataFrame, as_of: date) -> bytes:
    """The communes as GeoJSON, as ``geojson_parts``."""
    return b"".join(geojson_parts(con, [table], as_of))


def geojson_parts(
    con: duckdb.DuckDBPyConnection, tables: Iterable[pd.DataFrame], as_of: date
) -> Iterator[bytes]:
    """The communes as a GeoJSON FeatureCollection: WGS84, exterior rings counter-clockwise.

    One feature per commune, ``id`` its INSEE code, ``geometry`` null without contour, or where the
    only one at hand is drawn away from its true place (overseas); properties
    are the columns of the CSV, typed, null where unknown. The member ``observatoire`` says what
    the file is. The territory's own row is left out.

    Parameters
    ----------
    tables : iterable of DataFrame
        Batches of rows as given by ``gap_table``: one service, day type and definition.
    """
    said = {k: v.isoformat() if isinstance(v, date) else v for k, v in about(con, as_of).items()}
    head = {
        "observatoire": {
            **said,
            "definitions": definitions().to_dict("records"),
            "sources": sources(con).to_dict("records"),
        }
    }
    between = f'{{"type":"FeatureCollection",{_json(head)[1:-1]},"features":[\n'
    for table in tables:
        layer = _communes(con, table, rounded=True)
        shapes = shapely.to_geojson(layer.geometry.to_numpy())
        codes = layer["code_insee"].tolist()
        records = pd.DataFrame(layer.drop(columns="geometry")).astype(object)
        records = records.where(records.notna(), None)
        features = [
            f'{{"type":"Feature","id":{_json(code)},"geometry":{shape or "null"},'
            f'"properties":{_json(properties)}}}'
            for code, shape, properties in zip(
                codes, shapes, records.to_dict("records"), strict=True
            )
        ]
        if features:
            yield (between + ",\n".join(features)).encode("utf-8")
            between = ",\n"
    yield (between.removeprefix(",\n") + "\n]}\n").encode("utf-8")


def gaps_gpkg(
    con: duckdb.DuckDBPyConnection,
    tables: pd.DataFrame | Iterable[pd.DataFrame],
    as_of: date,
    crs: int = 4326,
    *,
    several: bool | None = None,
) -> bytes:
    """The communes, their establishments, definitions and sources as a GeoPackage.

    Layers: ``ecarts`` (``ecarts_<service>``, with its type of day, when there are several);
    ``etablissements``, points open on that day, never an assistant maternel; tables without
    geometry ``definitions``, ``sources`` and ``a_propos``; ``layer_styles``, by which QGIS opens
    each layer in the colours of the map.

    Parameters
    ----------
    tables : DataFrame, or several
        As given by ``gap_table``, whole or in batches: one definition per service.
    crs : int
        EPSG code, 4326 or 2154.
    several : bool, optional
        Whether there are several offers, a layer each; what the table says when it is whole.

    Raises
    ------
    RequestError
        When Lambert-93 is asked for communes that it does not cover.
    """
    said = about(con, as_of)
    described = {k: short_date(v) if isinstance(v, date) else v for k, v in said.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ecarts.gpkg"

        written: set[str] = set()

        def options(title: str) -> dict[str, str]:
            warned = described.get("Avertissement", described["Titre"])
            return {"IDENTIFIER": title, "DESCRIPTION": warned}

        def write(frame: pd.DataFrame, name: str, title: str, **more: Any) -> None:
            pyogrio.write_dataframe(
                frame,
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                use_arrow=True,
                # Those of a layer are said once: the next rows of it are added to it.
                layer_options=None if name in written else options(title),
                **more,
            )
            written.add(name)

        services: set[str] = set()
        codes: set[str] = set()
        units: dict[str, str] = {}
        if isinstance(tables, pd.DataFrame):
            several = len(tables[["service", "day_type"]].drop_duplicates()) > 1
            tables = [tables]
        for table in tables:
            services |= set(table["service"])
            here = table["code"].dropna()
            if crs == LAMBERT_93 and not codes.issuperset(here):
                check_lambert(con, here.tolist())
            codes |= set(here)
            # The cells of every layer are made at once: one by one, that is most of the time.
            table = table.reset_index(drop=True)
            typed = _typed(table, columns())
            for name, title, rows in _layers(table, several=bool(several)):
                layer = _placed(con, rows, typed.loc[rows.index]).to_crs(crs)
                write(layer, name, title, geometry_type="MultiPolygon")
                units[name] = nomenclature().services[str(rows["service"].iloc[0])].unit
        if not services:
            layer = _communes(con, table).to_crs(crs)
            write(layer, "ecarts", "Aucune commune", geometry_type="MultiPolygon")
        points = _establishments(con, services, codes, as_of).to_crs(crs)
        write(points, "etablissements", "Établissements ouverts", geometry_type="Point")
        write(definitions(establishment_columns()), "definitions", "Définitions")
        write(sources(con), "sources", "Sources")
        lines = pd.DataFrame(list(described.items()), columns=["rubrique", "texte"])
        write(lines, "a_propos", "À propos de ce fichier")
        add_styles(path, units, "etablissements")
        return path.read_bytes()


def _layers(table: pd.DataFrame, *, several: bool) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """The name, the title and the rows of the layer of each offer."""
    for service, day_type in (
        table[["service", "day_type"]].drop_duplicates().itertuples(index=False)
    ):
        day = None if pd.isna(day_type) else str(day_type)
        same_day = table["day_type"].isna() if day is None else table["day_type"] == day
        name = "_".join(["ecarts", *([service, *([day] if day else [])] if several else [])])
        yield name, _title(service, day), table[(table["service"] == service) & same_day]


def official_crs(con: duckdb.DuckDBPyConnection, codes: list[str]) -> dict[int, list[str]]:
    """The EPSG code of the official projection of each place, with its communes' names.

    Communes without any position are left out.
    """
    rows = con.execute(
        "SELECT any_value(name), avg(lon), avg(lat), dep FROM commune "
        "WHERE code IN (SELECT unnest(?)) AND lon IS NOT NULL GROUP BY dep ORDER BY dep",
        [codes],
    ).fetchall()
    found: dict[int, list[str]] = {}
    names, lon, lat, _ = zip(*rows, strict=True) if rows else ((), (), (), ())
    # One projection per département.
    for name, epsg in zip(names, metric_epsg(np.array(lon), np.array(lat)).tolist(), strict=True):
        found.setdefault(epsg, []).append(name)
    return found


def check_lambert(con: duckdb.DuckDBPyConnection, codes: list[str]) -> None:
    """Refuse Lambert-93 for communes that it does not cover.

    Raises
    ------
    RequestError
        With the official projection of those communes.
    """
    others = {e: names for e, names in official_crs(con, codes).items() if e != LAMBERT_93}
    if others:
        where = " ; ".join(f"{names[0]} : EPSG:{epsg}" for epsg, names in others.items())
        raise RequestError(
            "la projection Lambert-93 (EPSG:2154) ne vaut que pour la France métropolitaine ; "
            f"la projection officielle est ici une autre ({where})",
            mend="Exporter en WGS 84 (--crs 4326), que tout logiciel de cartographie reprojette.",
        )


def _communes(
    con: duckdb.DuckDBPyConnection, table: pd.DataFrame, *, rounded: bool = False
) -> gpd.GeoDataFrame:
    """One row per commune under the file's headings, with its contour (to 5 decimals), WGS84."""
    return _placed(con, table, _typed(table, columns()), rounded=rounded)


def _placed(
    con: duckdb.DuckDBPyConnection,
    table: pd.DataFrame,
    typed: pd.DataFrame,
    *,
    rounded: bool = False,
) -> gpd.GeoDataFrame:
    """The rows of the communes, as ``_typed`` makes them, with their contours, WGS84."""
    inside = table["code"].notna()
    drawn = drawn_contours(con, table.loc[inside, "code"].tolist(), rounded=rounded)
    told = typed[inside].reset_index(drop=True).assign(**{CONTOUR_HEADING: drawn.told})
    return gpd.GeoDataFrame(told, geometry=drawn.shapes, crs=WGS84)


def _establishments(
    con: duckdb.DuckDBPyConnection, asked: set[str], codes: set[str], as_of: date
) -> gpd.GeoDataFrame:
    """The establishments of some services and communes, open on that day, WGS84."""
    found = establishment_rows(con, asked, codes, as_of)
    typed = _typed(found, establishment_columns())
    points: Any = [
        None if pd.isna(lon) or pd.isna(lat) else shapely.Point(lon, lat)
        for lon, lat in zip(found["lon"], found["lat"], strict=True)
    ]
    return gpd.GeoDataFrame(typed, geometry=gpd.GeoSeries(points, crs=WGS84), crs=WGS84)


def _typed(rows: pd.DataFrame, wanted: dict[str, FileColumn]) -> pd.DataFrame:
    """The rows under the file's headings, one type per column, null where unknown."""
    mend: dict[str, Callable[[Any], Any]] = {
        "string": lambda v: clean_text(str(v)) or None,
        "date": lambda v: v.date() if hasattr(v, "date") else v,
    }
    out: dict[str, pd.Series[Any]] = {}
    for name, column in wanted.items():
        make = mend.get(column.type)
        cells: Any = distinct(rows[name], make) if make else figures(rows, name, column)
        whole = column.type == "decimal" and not column.decimals
        kind: Any = DTYPES["integer" if whole else column.type]
        out[column.heading] = pd.Series(cells, index=rows.index).astype(kind)
    return pd.DataFrame(out, index=rows.index)


def _title(service: str, day_type: str | None) -> str:
    day = f", {nomenclature().day_types[day_type]}" if day_type else ""
    return nomenclature().services[service].label + day


def _json(value: Any) -> str:
    """Compact JSON; a number that JSON does not know is an error, never « NaN »."""
    return json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        default=lambda v: v.isoformat() if isinstance(v, date) else v.item(),
    )
