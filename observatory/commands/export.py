"""``observatory export``: files for spreadsheets and maps, without a browser."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.catalog import catalog_command
from observatory.commands.frame import Commands
from observatory.commands.map import map_command
from observatory.commands.options import AsOf, Custom
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.parts import parts_command
from observatory.errors import RequestError
from observatory.files.formats import FORMATS, Wanted, check_name, format_for, parts, write_gaps
from observatory.french.dates import today
from observatory.knowledge.question import Question
from observatory.settings import Settings
from observatory.versions import warehouse

export_app = Commands(
    help="Écrire des fichiers pour les tableurs et les cartes.", no_args_is_help=True
)
export_app.command("map")(map_command)
export_app.command("catalog")(catalog_command)
export_app.command("parts")(parts_command)
MEGABYTES = 400
"""Memory of the database while a table of any size is written."""


class ExportFormat(StrEnum):
    """Formats of an exported table."""

    csv = "csv"
    csv_international = "csv-international"
    xlsx = "xlsx"
    geojson = "geojson"
    gpkg = "gpkg"


class Crs(StrEnum):
    """Coordinates of an exported layer."""

    wgs84 = "4326"
    lambert93 = "2154"


@export_app.command("gaps")
def export_gaps(
    format_: Annotated[
        ExportFormat | None,
        typer.Option(
            "--format", help="Format du fichier ; à défaut celui que dit son nom, sinon csv."
        ),
    ] = None,
    service: Annotated[
        str | None, typer.Option(help="Un service de la nomenclature ; tous à défaut.")
    ] = None,
    day_type: Annotated[
        str | None, typer.Option(help="Un type de jour du service ; tous à défaut.")
    ] = None,
    definition: Annotated[str | None, typer.Option(help="Une définition du besoin.")] = None,
    custom: Custom = None,
    as_of: AsOf = None,
    commune: Annotated[
        list[str] | None,
        typer.Option(
            help="Code Insee d'une commune, à répéter : ces communes seules, dans cet ordre, sans "
            "le total du territoire."
        ),
    ] = None,
    crs: Annotated[
        Crs,
        typer.Option(help="Coordonnées des couches : 4326 (WGS 84) ou 2154 (Lambert-93, gpkg)."),
    ] = Crs.wgs84,
    out: Annotated[
        Path | None,
        typer.Option(
            callback=own_file,
            help="Fichier à écrire ; à défaut la sortie standard, sauf pour xlsx et gpkg.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Écrire les écarts : table pour un tableur, ou couches pour un logiciel de cartographie."""
    name = format_.value if format_ else format_for(out)
    if out is not None:
        check_name(out, name)
    elif not FORMATS[name].text:
        raise RequestError(
            f"le format {name} ne va pas à la sortie standard",
            mend=f"Donner un fichier, par exemple --out ecarts{FORMATS[name].suffixes[0]}.",
        )
    wanted = Wanted(
        Question(service, day_type, definition, custom, as_of=as_of.date() if as_of else today()),
        tuple(commune) if commune else None,
        int(crs.value),
    )
    with warehouse.in_service(Settings.from_env(), megabytes=MEGABYTES) as con:
        if out is None:
            sys.stdout.buffer.writelines(parts(con, wanted, name))
            return
        write_gaps(con, out, wanted, name, own_writer(force))
