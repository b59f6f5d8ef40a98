"""The map as one HTML file: whole, its figures those of the screen, nothing of it run or asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import escape

import duckdb
import pytest
from generated import at_every_run
from told import as_typed

from observatory.answers import gaps
from observatory.commands.map import document_of, view_of
from observatory.errors import RequestError
from observatory.knowledge.question import Question
from observatory.maps.coloured import coloured
from observatory.maps.document.html_map import DocumentMeasure, layers_of, map_html
from observatory.maps.document.leaflet_map import script_json
from observatory.maps.measures import MEASURES
from observatory.maps.shapes import Shapes, shapes
from observatory.maps.specification import MapPaint, MapPoints, Point
from observatory.maps.specify import painting
from observatory.maps.view import View
from observatory.versions import record

DAY = date(2026, 11, 22)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% endraw %}{{{ this._parent }}}{# x #}",
    "\u2028'`${alert(1)}\"\\",
)
QUESTION = Question("accueil_0_2", None, "potential", as_of=DAY)
VIEW = View(QUESTION, "ecart")


@pytest.fixture(scope="module")
def drawn(embedded: duckdb.DuckDBPyConnection) -> Shapes:
    return shapes(embedded)


@pytest.fixture(scope="module")
def painted(embedded: duckdb.DuckDBPyConnection) -> Callable[[View], MapPaint]:
    info = record.info(embedded)
    table = gaps.gaps(embedded, QUESTION)
    return lambda view: painting(view, table[table["code"].notna()], info)


def measures_of(painted: Callable[[View], MapPaint]) -> list[DocumentMeasure]:
    return [
        DocumentMeasure(MEASURES[v.measure_id].label(v.service), painted(v))
        for v in layers_of(VIEW, needed=False)
    ]


def told_to_layers(html: str) -> list[dict[str, list[str]]]:
    """What the script gives to each measure, read back as JSON."""
    found = re.findall(r"mapDocument\.measure\(ground, (\{.*\})\);", html)
    return [json.loads(one) for one in found]


def test_every_measure_says_of_each_commune_what_the_screen_says(
    drawn: Shapes, painted: Callable[[View], MapPaint]
) -> None:
    measures = measures_of(painted)
    layers = told_to_layers(map_html(drawn, measures, territory="Communauté urbaine d'Arras"))
    assert [m.name for m in measures] == [
        "Places manquantes", "Places pour 100 enfants", "Offre, en places",
    ]  # fmt: skip
    assert len(layers) == 3
    for one, layer in zip(measures, layers, strict=True):
        view = coloured(one.paint, drawn.codes)
        assert layer["texts"] == [view.said(row) for row in range(46)]
        masked = {n for n, text in enumerate(layer["texts"]) if text.startswith("masqué")}
        hatched = {n for n, fill in enumerate(layer["fills"]) if fill == "url(#p-m)"}
        assert masked == hatched != set()
        assert not any(text.startswith("inconnu") for text in layer["texts"])


def test_the_document_has_all_it_takes_to_read_it(
    drawn: Shapes, painted: Callable[[View], MapPaint]
) -> None:
    measures = measures_of(painted)
    html = map_html(drawn, measures, territory="CU d'Arras", answer="Il manque de 12 à 190 places.")
    assert html.startswith('<!DOCTYPE html>\n<html lang="fr">')
    for paint in (one.paint for one in measures):
        for text in (paint.title, paint.sentence, paint.source):
            assert escape(text) in as_typed(html)
    for text in (
        "CU d&#x27;Arras", "Contours schématiques · Offre de démonstration", "masqué : secret",
        "Il manque de 12 à 190 places.", "Les chiffres, commune par commune",
        "Offre au 22 novembre 2026.",
    ):  # fmt: skip
        assert text in as_typed(html)
    assert len(html.encode()) < 1_000_000
    assert html == map_html(
        drawn, measures, territory="CU d'Arras", answer="Il manque de 12 à 190 places."
    )


def test_nothing_of_the_document_is_asked_of_a_host(
    drawn: Shapes, painted: Callable[[View], MapPaint]
) -> None:
    html = map_html(drawn, measures_of(painted), territory="Arras")
    assert not re.findall(r"<(?:link|iframe|img|object|embed|base)\b", html.split("<script>")[0])
    assert not re.findall(r'\bsrc="(?!data:)', html)
    assert not re.findall(r"url\((?!data:|#|\\u0023)", html)
    for library in (
        "jquery",
        "bootstrap",
        "awesome",
        "cdn.",
        "sourceMappingURL",
        "tile.openstreet",
    ):
        assert library not in html.lower()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_everywhere(
    name: str, drawn: Shapes, painted: Callable[[View], MapPaint]
) -> None:
    shapes = replace(drawn, names=(name, *drawn.names[1:]))
    points = MapPoints(
        {"eaje_psu": "EAJE"}, [Point(2.77, 50.29, "eaje_psu", "public", name, "62041", name)]
    )
    html = map_html(
        shapes, measures_of(painted), territory=name, points=points, selected="62041", answer=name
    )
    plain = map_html(drawn, measures_of(painted), territory="x", answer="x", points=points)
    for tag in ("<script>", "</script>", "<img"):
        assert html.count(tag) == plain.count(tag)
    ground = re.search(r"const ground = (\{.*\});", html)
    assert ground
    assert json.loads(ground.group(1))["names"][0] == name
    told = re.search(r"establishments\(ground, (\[.*\])\);", html)
    assert told
    assert json.loads(told.group(1))[0]["name"] == name


@pytest.mark.parametrize("text", [*HOSTILE, "{{{{", "{", "}}{{", '{{"a"', "%}", "<!--"])
def test_what_is_written_into_a_script_reads_back_and_is_no_template(text: str) -> None:
    written = script_json({"a": [{"b": {text: text}}], "c": {}})
    assert json.loads(written) == {"a": [{"b": {text: text}}], "c": {}}
    assert not [one for one in ("{{", "{%", "{#", "<", ">") if one in written]


def test_a_measure_with_no_figure_anywhere_is_no_layer(
    drawn: Shapes, painted: Callable[[View], MapPaint]
) -> None:
    first, second, *_ = measures_of(painted)
    nothing = replace(
        second.paint,
        classification=replace(second.paint.classification, index=(-1,) * len(drawn.codes)),
    )
    html = map_html(drawn, [first, DocumentMeasure("Taux", nothing)], territory="Arras")
    assert len(told_to_layers(html)) == 1
    assert (
        len(told_to_layers(map_html(drawn, [DocumentMeasure("Taux", nothing)], territory=""))) == 1
    )


@pytest.mark.parametrize(
    ("service", "measure", "first"),
    at_every_run(
        1,
        [
            ("accueil_0_2", "acces", "Places accessibles à 15 min"),
            ("rpe", None, "ETP manquants"),
            ("accueil_0_2", "taux_publie", "Taux publié par la Caf"),
        ],
    ),
)
def test_the_measure_asked_comes_first(
    service: str, measure: str | None, first: str, embedded: duckdb.DuckDBPyConnection
) -> None:
    view = view_of(
        embedded, Question(service, as_of=DAY), measure=measure, representation="classes",
        commune="62041",
    )  # fmt: skip
    html = document_of(embedded, view, establishments=True)
    assert f"<h1>{first} : " in as_typed(html)
    switch = re.search(r'base_layers : \{\s*("[^"]*")', html)
    assert switch
    assert json.loads(switch.group(1)) == first
    assert f'"selected":{shapes(embedded).codes.index("62041")}' in html


def test_a_document_of_circles_is_refused_in_a_sentence(
    embedded: duckdb.DuckDBPyConnection,
) -> None:
    view = view_of(embedded, QUESTION, measure="ecart", representation="cercles", commune=None)
    with pytest.raises(RequestError, match="classes de couleurs"):
        document_of(embedded, view, establishments=False)
