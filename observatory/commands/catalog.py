"""``observatory export catalog``: the open data of a version, as data.gouv.fr harvests it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.options import AsOf
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.french.dates import today
from observatory.french.vocabulary import DEMONSTRATION_WARNING
from observatory.settings import Settings
from observatory.versions import record, warehouse


def catalog_command(
    address: Annotated[
        str,
        typer.Option(
            help="Adresse où le dossier sera servi, par exemple "
            "https://observatoire.ville.example/donnees/."
        ),
    ],
    out: Annotated[
        Path, typer.Option(callback=own_file, help="Dossier où écrire les tables et le catalogue.")
    ] = Path("donnees"),
    as_of: AsOf = None,
    publisher: Annotated[
        str | None, typer.Option(help="Qui publie ; à défaut, le territoire.")
    ] = None,
    force: Force = False,
) -> None:
    """Écrire les données ouvertes : tables publiques, leurs schémas, leur catalogue DCAT-AP."""
    from observatory.files.catalog.open_catalog import open_catalog  # slow to load

    settings = Settings.from_env()
    day = as_of.date() if as_of else today()
    with warehouse.in_service(settings) as con:
        files = open_catalog(con, day, address, publisher, settings.contact)
        demonstration = record.is_demonstration(con)
    own_writer(force)({out / name: content for name, content in files.items()})
    if demonstration:
        typer.echo(f"{DEMONSTRATION_WARNING} Ne pas le faire moissonner.", err=True)
