"""The styles that a GeoPackage carries: QGIS opens each layer in the colours of the map."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from observatory.files.columns import columns
from observatory.french import vocabulary
from observatory.french.spelling import capital
from observatory.maps.breaks import whole
from observatory.maps.classes import classify
from observatory.maps.symbols import EDGE, FILLS, NO_STATUS
from observatory.markup import element, words

TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
    styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""
"""As QGIS makes it; the moment is left out of ours, so that two files of one version are one."""
GEOMETRY, NAME = "geom", "observatoire"
HATCHED, CROSSED = "b_diagonal", "diagonal_x"


def add_styles(path: Path, communes: Mapping[str, str], points: str) -> None:
    """Write the styles of the layers of a GeoPackage, each the one that QGIS takes by itself.

    Parameters
    ----------
    communes : mapping
        Unit of the gap of each layer of communes, by its name.
    points : str
        The layer of establishments.
    """
    gap = columns()["gap"].heading
    styles = {layer: (_gaps(gap, unit), "Écart, par classes") for layer, unit in communes.items()}
    styles[points] = (_establishments(), "Établissements, par statut")
    with closing(sqlite3.connect(path)) as con, con:
        con.execute(TABLE)
        con.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
            "SELECT 'layer_styles', 'attributes', 'layer_styles', max(last_change) "
            "FROM gpkg_contents"
        )
        con.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) SELECT '', '', ?, ?, ?, ?, '', 1, ?, '', max(last_change) "
            "FROM gpkg_contents",
            [(layer, GEOMETRY, NAME, qml, said) for layer, (qml, said) in styles.items()],
        )


def _gaps(column: str, unit: str) -> str:
    """The classes of the map's gap, the unknown and the masked apart."""
    classes = classify([], kind="gap", unit=unit)
    edges, middle = classes.breaks, len(classes.breaks) // 2
    # A gap stands in the class where it is read, as on the map.
    read = f'round("{column}")' if unit in whole() else f'"{column}"'
    rules: list[tuple[str, str, str, str]] = []
    for n, (colour, label) in enumerate(zip(classes.colours, classes.labels, strict=True)):
        tests = []
        if n:
            tests.append(f"{read} {'>' if n <= middle else '>='} {edges[n - 1]:g}")
        if n < len(edges):
            tests.append(f"{read} {'<=' if n < middle else '<'} {edges[n]:g}")
        rules.append((label, " AND ".join(tests), colour, "solid"))
    silent = f'"{column}" IS NULL'
    situation = columns()["situation"].heading
    masked = f"\"{situation}\" = '{vocabulary.MASKED}'"
    rules.append((vocabulary.MASKED, f"{silent} AND {masked}", "#555555", CROSSED))
    rules.append((vocabulary.UNKNOWN, f"{silent} AND NOT ({masked})", "#888888", HATCHED))
    fills = [
        _symbol(
            "fill",
            n,
            "SimpleFill",
            {"color": _rgba(colour), "style": style, "outline_color": "90,90,90,255",
             "outline_width": "0.15"},
        )
        for n, (_, _, colour, style) in enumerate(rules)
    ]  # fmt: skip
    return _qml([(label, test) for label, test, _, _ in rules], fills)


def _establishments() -> str:
    """A mark a status, in the colours of the map."""
    statuses = {**vocabulary.EVERY_STATUS}
    rules = [
        (capital(said), f"\"statut\" = '{said}'", FILLS.get(status, NO_STATUS))
        for status, said in statuses.items()
    ]
    marks = [
        _symbol(
            "marker",
            n,
            "SimpleMarker",
            {"name": "circle", "size": "2.6", "color": _rgba(colour), "outline_color": _rgba(EDGE)},
        )
        for n, (_, _, colour) in enumerate(rules)
    ]
    return _qml([(label, test) for label, test, _ in rules], marks)


def _qml(rules: Sequence[tuple[str, str]], symbols: Sequence[str]) -> str:
    """A QGIS style of rules: label and test of each, its symbol at the same place."""
    each = (
        element("rule", key=f"r{n}", label=label, filter=test, symbol=str(n))
        for n, (label, test) in enumerate(rules)
    )
    renderer = element(
        "renderer-v2",
        element("rules", *each, key="rules"),
        element("symbols", *symbols),
        type="RuleRenderer",
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + element("qgis", renderer, version="3.28", styleCategories="Symbology")


def _symbol(type_: str, place: int, layer: str, options: Mapping[str, str]) -> str:
    told = (
        element("Option", name=name, value=value, type="QString") for name, value in options.items()
    )
    own = element("layer", element("Option", *told, type="Map"), enabled="1", locked="0", pass_="0")
    own = own.replace("<layer ", f'<layer class="{words(layer)}" ', 1)
    return element("symbol", own, type=type_, name=str(place), alpha="1", clip_to_extent="1")


def _rgba(colour: str) -> str:
    """``178,24,43,255`` of ``#b2182b``."""
    found = colour.removeprefix("#")
    found = "".join(2 * c for c in found) if len(found) == 3 else found
    return ",".join(str(int(found[n : n + 2], 16)) for n in (0, 2, 4)) + ",255"
