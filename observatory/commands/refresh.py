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
from observatory.stores.tenancy import tenant_of
from observatory.versions import record, warehouse
from observatory.versions.record import RefreshRequest

Membership = Annotated[
    str | None, typer.Option(help="Millésime de l'appartenance à l'EPCI, par exemple 2024.")
]
Mirror = Annotated[
    Path | None, typer.Option(help="Dossier de fichiers publiés, un sous-dossier par source.")
]
Offline = Annotated[bool, typer.Option("--offline", help="Ne jamais ouvrir de connexion.")]


def refresh_command(
    territory: Annotated[
        str | None,
        typer.Option(
            help="Nom prévu, SIREN, codes Insee, département ou « france » ; à défaut, le "
            f"territoire de la version en service, ou {DEFAULT} pour la première."
        ),
    ] = None,
    membership: Membership = None,
    mirror: Mirror = None,
    offline: Offline = False,
    if_missing: Annotated[
        bool,
        typer.Option("--if-missing", help="Ne rien faire quand une version est déjà en service."),
    ] = False,
    in_service: Annotated[
        bool,
        typer.Option(
            "--in-service",
            help="Garder le territoire en service ; celui qui est nommé, s'il n'y en a pas.",
        ),
    ] = False,
) -> None:
    """Construire et publier une nouvelle version des données."""
    from pipelines.refresh import refresh  # the app never needs the pipeline

    settings = of_refresh(Settings.from_env(), mirror, offline=offline)
    if if_missing and warehouse.named(settings.processed_dir):
        return
    if (in_service or territory is None) and (asked := request_in_service(settings)):
        territory, membership = asked.territory, membership or asked.membership
    elif territory is None and warehouse.named(settings.processed_dir):
        raise RequestError(
            "la version en service ne dit plus quel est son territoire",
            mend="Le nommer : « observatory refresh --territory … ».",
        )
    request = parse(territory or DEFAULT, membership)
    settings = settings.of_tenant(tenant_of(settings.census_root, request))
    refresh(settings, request, lambda line: typer.echo(line, err=True))
    observe_plan(settings)


def request_in_service(settings: Settings) -> RefreshRequest | None:
    """What the version in service was asked for; None when there is none."""
    try:
        with warehouse.in_service(settings) as con:
            return record.request(con)
    except VersionError:
        return None


def of_refresh(settings: Settings, mirror: Path | None, *, offline: bool) -> Settings:
    """The settings of a refresh, by its own options.

    Raises
    ------
    RequestError
        When the mirror is not there.
    """
    settings = dataclasses.replace(
        settings, mirror=mirror or settings.mirror, offline=offline or settings.offline
    )
    if settings.mirror and not settings.mirror.is_dir():
        raise RequestError(
            "le dossier miroir n'existe pas",
            where=str(settings.mirror),
            mend="Vérifier le chemin donné à --mirror ou à OBSERVATORY_MIRROR.",
        )
    return settings
