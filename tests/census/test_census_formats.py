"""Files of other kinds that are read as a list: OpenDocument workbooks, points in GeoJSON."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from census_files import KNOWN, row, write

from observatory.census.census_check import check
from observatory.workbook.problems import WorkbookError

ODS_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
ODS_CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="Liste">{}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)


def _ods(path: Path, content: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", ODS_MANIFEST)
        archive.writestr("content.xml", content)
    return path


def _ods_row(cells: str, times: int = 1) -> str:
    rest = '<table:table-cell table:number-columns-repeated="16000"/>'
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}{rest}</table:table-row>'


def _ods_text(value: str, times: int = 1) -> str:
    repeated = f'table:number-columns-repeated="{times}"'
    return (
        f'<table:table-cell office:value-type="string" {repeated}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    given = row()
    headings = "".join(map(_ods_text, given))
    cells = "".join(
        '<table:table-cell office:value-type="float" office:value="20"><text:p>20</text:p>'
        "</table:table-cell>"
        if name == "capacite"
        else '<table:table-cell office:value-type="date" office:date-value="2019-09-02"/>'
        if name == "ouverture"
        else _ods_text(value)
        for name, value in given.items()
    )
    rows = _ods_row(headings) + _ods_row(cells) + _ods_row("", 1_048_000)
    found = check([_ods(tmp_path / "l.ods", ODS_CONTENT.format(rows))], KNOWN)
    assert not found.errors
    by_csv = check([write(tmp_path / "offre.csv", given)], KNOWN)
    assert found.rows("offre") == by_csv.rows("offre")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<office/>", "c'est un classeur OpenDocument (.ods)"),
        ("<office", "le classeur est abîmé"),
        (
            ODS_CONTENT.format(_ods_row(_ods_text("x", 16_000), 1_000_000)),
            "une feuille s'étend jusqu'à la cellule WQJ1000000",
        ),
    ],
)
def test_an_opendocument_sheet_that_cannot_be_read_is_named(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(WorkbookError) as caught:
        check([_ods(tmp_path / "l.ods", content)], KNOWN)
    assert said in str(caught.value)


def _geojson(path: Path, features: list[dict[str, object]], **beside: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **beside}))
    return path


def _point(properties: dict[str, str], at: object, kind: str = "Point") -> dict[str, object]:
    geometry = {"type": kind, "coordinates": at}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_points_of_a_geojson_file_are_read(tmp_path: Path) -> None:
    given = {n: v for n, v in row().items() if n not in ("longitude", "latitude")}
    lambert = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    by_csv = check([write(tmp_path / "offre.csv", row())], KNOWN).rows("offre")
    degrees = check([_geojson(tmp_path / "l.geojson", [_point(given, [2.77, 50.29])])], KNOWN)
    assert degrees.rows("offre") == by_csv
    at = [683731.4, 7021371.1]
    metres = check([_geojson(tmp_path / "m.json", [_point(given, at)], crs=lambert)], KNOWN)
    lon, lat = (float(metres.rows("offre")[0][n]) for n in (7, 8))
    assert (round(lon, 3), round(lat, 3)) == (2.772, 50.290)


def test_a_shape_gives_no_position(tmp_path: Path) -> None:
    given = {n: v for n, v in row().items() if n not in ("longitude", "latitude")}
    ring = [[[2.7, 50.2], [2.8, 50.2], [2.8, 50.3], [2.7, 50.2]]]
    found = check([_geojson(tmp_path / "l.geojson", [_point(given, ring, "Polygon")])], KNOWN)
    assert (found.accepted, found.rejected) == (1, 0)
    assert found.rows("offre")[0][7:9] == ["", ""]
    assert any("sans position : 1" in note for note in found.notes)


def test_an_unknown_projection_is_refused(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:999999"}}
    path = _geojson(tmp_path / "l.geojson", [_point(row(), [1, 2])], crs=crs)
    with pytest.raises(WorkbookError) as caught:
        check([path], KNOWN)
    assert "la projection « EPSG:999999 » n'est pas connue" in str(caught.value)


def test_a_geojson_file_that_lacks_columns_is_named_with_the_likely_ones(tmp_path: Path) -> None:
    path = _geojson(
        tmp_path / "l.geojson", [_point({"EQUIP_NOM": "A", "capacite": "20"}, [2.7, 50.2])]
    )
    with pytest.raises(WorkbookError) as caught:
        check([path], KNOWN)
    assert "c'est un fichier GeoJSON : la ligne 2 est son premier objet" in str(caught.value)
    assert "la colonne « nom » manque. Est-ce « EQUIP_NOM » ?" in str(caught.value)
