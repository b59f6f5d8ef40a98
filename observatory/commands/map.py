"""``observatory export map``: a map as a picture or as a document, without a browser."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_args

import duckdb
import typer

from observatory.answers import gaps
from observatory.answers.accessible import access_gaps
from observatory.answers.deployment import movements
from observatory.answers.in_a_sentence import in_a_sentence, moves_of, standing_of
from observatory.answers.period import period
from observatory.answers.targets import targets
from observatory.commands.options import AsOf, Custom
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.errors import RequestError
from observatory.french.dates import today
from observatory.french.spelling import capital, inside
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question, check_choice
from observatory.maps.document.html_map import DocumentMeasure, layers_of, map_html
from observatory.maps.measures import MEASURES, can_be_crossed, measures_of
from observatory.maps.picture.rendering import map_png, map_svg
from observatory.maps.places import points_among
from observatory.maps.shapes import shapes
from observatory.maps.specification import MapPaint, MapPoints
from observatory.maps.specify import painting
from observatory.maps.view import Representation, View
from observatory.settings import Settings
from observatory.versions import record, warehouse


class Picture(StrEnum):
    """Formats of a map: a picture, or a document that a browser opens."""

    svg = "svg"
    png = "png"
    html = "html"


def map_command(
    out: Annotated[Path, typer.Option("--out", callback=own_file, help="Fichier à écrire.")],
    format_: Annotated[
        Picture | None,
        typer.Option("--format", help="Format ; à défaut celui que dit le nom du fichier."),
    ] = None,
    service: Annotated[str, typer.Option(help="Un service de la nomenclature.")] = "accueil_0_2",
    day_type: Annotated[
        str | None, typer.Option(help="Un type de jour du service ; le premier à défaut.")
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            help=f"Ce que montre la carte : {', '.join(MEASURES)} ; à défaut la première."
        ),
    ] = None,
    representation: Annotated[
        str, typer.Option(help=f"{', '.join(get_args(Representation))}.")
    ] = "classes",
    definition: Annotated[
        str | None, typer.Option(help="Une définition du besoin ; la première à défaut.")
    ] = None,
    custom: Custom = None,
    as_of: AsOf = None,
    commune: Annotated[
        str | None, typer.Option(help="Code Insee de la commune à entourer.")
    ] = None,
    establishments: Annotated[
        bool, typer.Option("--establishments", help="Placer les établissements du service.")
    ] = False,
    width: Annotated[
        int,
        typer.Option(
            min=600, max=4000, help="Largeur d'une image, en pixels ; le PNG en a le double."
        ),
    ] = 1600,
    force: Force = False,
) -> None:
    """Écrire une carte, avec son titre, sa légende, son échelle et ses sources.

    En HTML, un seul fichier que tout navigateur ouvre, sans connexion : on y pointe les communes
    et on y passe d'une mesure à l'autre.
    """
    name = format_.value if format_ else _format_for(out)
    day = as_of.date() if as_of else today()
    with warehouse.in_service(Settings.from_env()) as con:
        view = view_of(
            con,
            Question(service, day_type, definition, custom, as_of=day),
            measure=measure,
            representation=representation,
            commune=commune,
        )
        if name == Picture.html:
            drawn = document_of(con, view, establishments=establishments).encode()
        else:
            svg = picture_of(con, view, establishments=establishments, width=width)
            drawn = map_png(svg) if name == Picture.png else svg.encode()
    own_writer(force)({out: drawn})


def view_of(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    measure: str | None,
    representation: str,
    commune: str | None,
) -> View:
    """A map asked by hand, checked; without a measure, of the first one, as on the page.

    Raises
    ------
    RequestError
        When a name is unknown, or two choices do not go together.
    """
    settled = question.settled()
    service = settled.service or ""
    one = nomenclature().service(service)
    measures = measures_of(service, needed=_needed(con, service))
    measure = measure or measures[0]
    check_choice("mesure", measure, measures)
    check_choice("représentation", representation, get_args(Representation), "une carte")
    if commune is not None and commune not in gaps.communes(con):
        raise RequestError(
            f"commune absente du territoire : {commune}",
            mend="Donner le code Insee d'une commune du territoire.",
        )
    shown = MEASURES[measure]
    if representation == "cercles" and shown.kind == "rate":
        raise RequestError(
            "un taux ne se montre pas par des cercles", mend="Choisir --representation classes."
        )
    if representation == "croises" and (shown.published or not can_be_crossed(one)):
        raise RequestError(
            "besoin et offre ne se croisent pas pour cette mesure de ce service",
            mend="Choisir --representation classes.",
        )
    drawn = next(r for r in get_args(Representation) if r == representation)
    return View(settled, measure, commune, drawn)


def picture_of(
    con: duckdb.DuckDBPyConnection, view: View, *, establishments: bool, width: float
) -> str:
    """The SVG of the map that answers a question."""
    points = points_of(con, view) if establishments else None
    return map_svg(
        shapes(con),
        paint_of(con, view),
        width=width,
        points=points,
        selected=view.commune,
        territory=str(record.info(con)["territory"]["name"]),
    )


def document_of(con: duckdb.DuckDBPyConnection, view: View, *, establishments: bool) -> str:
    """The HTML of the map that answers a question, its other measures beside it.

    Raises
    ------
    RequestError
        When circles or two axes are asked: a document is in classes of colour.
    """
    if view.representation != "classes":
        raise RequestError(
            "une carte en HTML se dessine en classes de couleurs",
            mend="Choisir --representation classes, ou --format svg.",
        )
    views = layers_of(view, needed=_needed(con, view.service_id))
    return map_html(
        shapes(con),
        [DocumentMeasure(one.measure.label(one.service), paint_of(con, one)) for one in views],
        territory=record.info(con)["territory"]["name"],
        points=points_of(con, view) if establishments else None,
        selected=view.commune,
        answer=answer_of(con, view),
    )


def answer_of(con: duckdb.DuckDBPyConnection, view: View) -> str:
    """The sentence that answers the question, of the territory."""
    table = gaps.gaps(con, view.question.for_every_need())
    rows = table[table["code"].isna()].to_dict("records")
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    since, moves = period(con, today()).first, None
    if since <= view.as_of:
        found = movements(con, since, view.as_of)
        moves = moves_of(found, view.service_id, view.day_type, None, since, view.as_of)
    subject = f"{capital(inside(view.service.short))}{day}"
    return in_a_sentence(subject, view.service, standing_of(rows), moves)


def paint_of(con: duckdb.DuckDBPyConnection, view: View) -> MapPaint:
    """The classes and words of the map that answers a question."""
    ask = access_gaps if view.measure.reach else gaps.gaps
    table = ask(con, view.question)
    facts = gaps.commune_facts(con)
    population = dict(zip(facts["code"], facts["population"], strict=True))
    return painting(view, table[table["code"].notna()], record.info(con), population)


def points_of(con: duckdb.DuckDBPyConnection, view: View) -> MapPoints | None:
    """The establishments of the service of a map, at its date."""
    parts = view.service.parts or (view.service_id,)
    return points_among(gaps.establishments(con, view.as_of), parts)


def _needed(con: duckdb.DuckDBPyConnection, service: str) -> bool:
    return bool((targets(con)["service"] == service).any())


def _format_for(out: Path) -> str:
    suffix = out.suffix.lower().removeprefix(".")
    if suffix not in {p.value for p in Picture}:
        raise RequestError(
            "le nom du fichier ne dit pas le format de la carte",
            where=str(out),
            mend="Finir le nom par .svg ou .png, ou par .html, ou donner --format.",
        )
    return suffix
