"""``observatory territory``: find a territory, change to it, and see which ones are kept."""

from __future__ import annotations

from typing import Annotated

import typer

from observatory.answers.known_territories import found_territories, why_none
from observatory.commands.frame import Commands
from observatory.commands.observing import observe_plan
from observatory.commands.refresh import Membership, Mirror, Offline, of_refresh, request_in_service
from observatory.french.numbers import plural
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.stores.tenancy import claim, owner_of, tenant_folders, tenant_of
from observatory.versions import record, warehouse

territory_app = Commands(
    help="Chercher un territoire, en changer, dire lesquels sont gardés.", no_args_is_help=True
)


@territory_app.command("find")
def find_command(
    words: Annotated[
        str, typer.Argument(help="Un nom d'EPCI, de commune ou de département, un code postal.")
    ],
) -> None:
    """Chercher parmi les territoires que connaissent les fichiers de la version en service."""
    with warehouse.in_service(Settings.from_env()) as con:
        found = found_territories(con, words)
        why = "" if found else why_none(con, words)
    for one in found:
        typer.echo(f"{one.asked} : {one.label}")
    if not found:
        typer.echo(why)
        raise typer.Exit(1)


@territory_app.command("use")
def use_command(
    territory: Annotated[
        str, typer.Argument(help="Nom prévu, SIREN, codes Insee, département ou « france ».")
    ],
    membership: Membership = None,
    mirror: Mirror = None,
    offline: Offline = False,
) -> None:
    """Changer de territoire : chacun garde son recensement, son plan, ses objectifs et le reste."""
    from pipelines.refresh import refresh  # the app never needs the pipeline

    request = parse(territory, membership)
    settings = of_refresh(Settings.from_env(), mirror, offline=offline)
    before = request_in_service(settings)
    claim(settings.census_root, parse(before.territory) if before else request)
    settings = settings.of_tenant(tenant_of(settings.census_root, request))
    refresh(settings, request, lambda line: typer.echo(line, err=True))
    observe_plan(settings)
    with warehouse.in_service(settings) as con:
        name = record.info(con)["territory"]["name"]
    typer.echo(f"Territoire en service : {name}.")


@territory_app.command("kept")
def kept_command() -> None:
    """Dire de quels territoires quelque chose est gardé, et lequel est en service."""
    settings = Settings.from_env()
    owner = owner_of(settings.census_root)
    folders = tenant_folders(settings.census_root)
    for folder in folders:
        key = owner if folder == settings.census_root else folder.name
        here = " (en service)" if folder == settings.census_dir else ""
        typer.echo(f"{key or 'le territoire en service'}{here}")
    if settings.census_dir not in folders:  # nothing was written of it yet
        typer.echo(f"{settings.census_dir.name} (en service, rien n'en est gardé)")
    typer.echo(f"{plural(len(folders), 'territoire')}.")
