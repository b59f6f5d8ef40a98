"""``observatory refresh``: build and publish a version."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.observing import observe_plan
from observatory.errors import RequestError, VersionError
from observatory.knowledge.territory import DEFAULT, parse
from observatory.settings import Settings
from observatory.versions import record, warehouse


def refresh_command(
    territory: Annotated[
        str | None,
        typer.Option(
            help="Nom prévu, SIREN, codes Insee, département ou « france » ; à défaut, le "
            f"territoire de la version en service, ou {DEFAULT} pour la première."
        ),
    ] = None,
    membership: Annotated[
        str | None, typer.Option(help="Millésime de l'appartenance à l'EPCI, par exemple 2024.")
    ] = None,
    mirror: Annotated[
        Path | None, typer.Option(help="Dossier de fichiers publiés, un sous-dossier par source.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ne jamais ouvrir de connexion.")
    ] = False,
    if_missing: Annotated[
        bool,
        typer.Option("--if-missing", help="Ne rien faire quand une version est déjà en service."),
    ] = False,
) -> None:
    """Construire et publier une nouvelle version des données."""
    from pipelines.refresh import refresh  # the app never needs the pipeline

    settings = Settings.from_env()
    settings = dataclasses.replace(
        settings, mirror=mirror or settings.mirror, offline=offline or settings.offline
    )
    if settings.mirror and not settings.mirror.is_dir():
        raise RequestError(
            "le dossier miroir n'existe pas",
            where=str(settings.mirror),
            mend="Vérifier le chemin donné à --mirror ou à OBSERVATORY_MIRROR.",
        )
    if if_missing:
        try:
            warehouse.current(settings.processed_dir)
        except VersionError:
            pass
        else:
            return
    if territory is None:
        territory, kept = in_service(settings)
        membership = membership or kept
    refresh(settings, parse(territory, membership), lambda line: typer.echo(line, err=True))
    observe_plan(settings)


def in_service(settings: Settings) -> tuple[str, str | None]:
    """The territory of the version in service and the vintage of its EPCI, as they were asked.

    Whoever follows a territory and refreshes its data never gets another one for want of a word.

    Raises
    ------
    RequestError
        When there is a version and it cannot be read: which territory it was is for the operator
        to say.
    """
    try:
        warehouse.current(settings.processed_dir)
    except VersionError:
        return DEFAULT, None
    try:
        with warehouse.in_service(settings) as con:
            asked = record.request(con)
    except VersionError as error:
        raise RequestError(
            "la version en service ne dit plus quel est son territoire",
            mend="Le nommer : « observatory refresh --territory … ».",
        ) from error
    return asked.territory, asked.membership
