"""``observatory export map``: the picture of a map, without a browser."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_args

import duckdb
import typer

from observatory.answers import gaps
from observatory.answers.accessible import access_gaps
from observatory.commands.options import AsOf, Custom
from observatory.disk import write_file
from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.measures import MEASURES, can_be_crossed, measures_of
from observatory.maps.picture.rendering import map_png, map_svg
from observatory.maps.places import points_among
from observatory.maps.shapes import shapes
from observatory.maps.specify import painting
from observatory.maps.view import Representation, View
from observatory.settings import Settings
from observatory.versions import record, warehouse


class Picture(StrEnum):
    """Formats of a picture."""

    svg = "svg"
    png = "png"


def map_command(
    out: Annotated[Path, typer.Option("--out", help="Fichier à écrire.")],
    format_: Annotated[
        Picture | None,
        typer.Option("--format", help="Format ; à défaut celui que dit le nom du fichier."),
    ] = None,
    service: Annotated[str, typer.Option(help="Un service de la nomenclature.")] = "accueil_0_2",
    day_type: Annotated[
        str | None, typer.Option(help="Un type de jour du service ; le premier à défaut.")
    ] = None,
    measure: Annotated[
        str, typer.Option(help=f"Ce que montre la carte : {', '.join(MEASURES)}.")
    ] = "ecart",
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
        int, typer.Option(min=600, max=4000, help="Largeur, en pixels ; le PNG en a le double.")
    ] = 1120,
) -> None:
    """Écrire l'image d'une carte, avec son titre, sa légende, son échelle et ses sources."""
    name = format_.value if format_ else _format_for(out)
    with warehouse.in_service(Settings.from_env()) as con:
        view = view_of(
            con,
            service=service,
            day_type=day_type,
            measure=measure,
            representation=representation,
            definition=definition,
            custom=custom,
            as_of=as_of.date() if as_of else date.today(),
            commune=commune,
        )
        svg = picture_of(con, view, establishments=establishments, width=width)
    drawn = map_png(svg) if name == Picture.png else svg.encode()
    typer.echo(f"écrit : {write_file(out, drawn)}", err=True)


def view_of(
    con: duckdb.DuckDBPyConnection,
    *,
    service: str,
    day_type: str | None,
    measure: str,
    representation: str,
    definition: str | None,
    custom: float | None,
    as_of: date,
    commune: str | None,
) -> View:
    """A question typed by hand, checked.

    Raises
    ------
    RequestError
        When a name is unknown, or two choices do not go together.
    """
    found = nomenclature().service(service)
    days = found.day_types
    _check("mesure", measure, measures_of(service))
    _check("représentation", representation, get_args(Representation))
    if day_type is not None:
        _check("jour", day_type, days)
    chosen = definition or ("custom" if custom is not None else found.definitions[0])
    _check("besoin", chosen, found.definitions)
    if (chosen == "custom") != (custom is not None):
        raise RequestError(
            "l'objectif choisi et sa valeur vont ensemble",
            mend="Écrire par exemple --definition custom --custom 60.",
        )
    if commune is not None and commune not in gaps.communes(con):
        raise RequestError(
            f"commune absente du territoire : {commune}",
            mend="Donner le code Insee d'une commune du territoire.",
        )
    told = MEASURES[measure]
    if representation == "cercles" and told.kind == "rate":
        raise RequestError(
            "un taux ne se montre pas par des cercles", mend="Choisir --representation classes."
        )
    if representation == "croises" and (told.published or not can_be_crossed(found)):
        raise RequestError(
            "besoin et offre ne se croisent pas pour cette mesure de ce service",
            mend="Choisir --representation classes.",
        )
    return View(
        service,
        day_type or (days[0] if days else None),
        measure,
        chosen,
        custom,
        as_of,
        commune,
        next(r for r in get_args(Representation) if r == representation),
    )


def picture_of(
    con: duckdb.DuckDBPyConnection, view: View, *, establishments: bool, width: float
) -> str:
    """The SVG of the map that answers a question."""
    ask = access_gaps if view.measure.reach else gaps.gaps
    table = ask(
        con,
        view.service_id,
        as_of=view.as_of,
        definition=view.definition,
        day_type=view.day_type,
        custom=view.custom,
    )
    facts = gaps.commune_facts(con)
    population = dict(zip(facts["code"], facts["population"], strict=True))
    paint = painting(view, table[table["code"].notna()], record.info(con), population)
    points = None
    if establishments:
        parts = view.service.parts or (view.service_id,)
        points = points_among(gaps.establishments(con, view.as_of), parts)
    return map_svg(shapes(con), paint, width=width, points=points, selected=view.commune)


def _format_for(out: Path) -> str:
    suffix = out.suffix.lower().removeprefix(".")
    if suffix not in {p.value for p in Picture}:
        raise RequestError(
            "le nom du fichier ne dit pas le format de l'image",
            where=str(out),
            mend="Finir le nom par .svg ou .png, ou donner --format.",
        )
    return suffix


def _check(what: str, value: str, allowed: list[str] | tuple[str, ...]) -> None:
    if value not in allowed:
        raise RequestError(
            f"{what} : « {value} » ne se peut pas pour ce service",
            mend=f"Choix possibles : {', '.join(allowed) or 'aucun'}.",
        )
