"""``observatory export``: files for spreadsheets and maps, without a browser."""

from __future__ import annotations

import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from observatory import export, warehouse
from observatory.errors import RequestError
from observatory.settings import Settings

export_app = typer.Typer(help="Écrire des fichiers pour les tableurs.", no_args_is_help=True)


class Format(StrEnum):
    """Formats of an exported table."""

    csv = "csv"


@export_app.command("gaps")
def export_gaps(
    format_: Annotated[Format, typer.Option("--format", help="Format du fichier.")] = Format.csv,
    service: Annotated[
        str | None, typer.Option(help="Un service de la nomenclature ; tous à défaut.")
    ] = None,
    definition: Annotated[str | None, typer.Option(help="Une définition du besoin.")] = None,
    custom: Annotated[
        float | None, typer.Option(help="Objectif choisi, dans l'unité du taux.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Date de l'offre, AAAA-MM-JJ ; aujourd'hui à défaut."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Fichier à écrire ; la sortie standard à défaut.")
    ] = None,
) -> None:
    """Écrire la table des écarts (CSV français), ses métadonnées à côté."""
    day = as_of.date() if as_of else date.today()
    con = warehouse.open_current(Settings.from_env().processed_dir)
    try:
        if out is None:
            table = export.gap_table(con, day, service, definition, custom)
            sys.stdout.buffer.write(export.gaps_csv(table))
            return
        try:
            for path in export.write_gaps(con, out, day, service, definition, custom):
                typer.echo(f"écrit : {path}", err=True)
        except OSError as error:
            raise RequestError(
                f"le fichier ne peut pas être écrit ({error.strerror})",
                where=str(out),
                mend="Choisir un autre dossier avec --out.",
            ) from error
    finally:
        con.close()
