"""``observatory info``: what the version in service holds and where it comes from."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from observatory.french import dates, numbers
from observatory.settings import Settings
from observatory.versions import record, warehouse


def info_command(
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
) -> None:
    """Dire ce que contient la version en service et d'où elle vient."""
    with warehouse.in_service(Settings.from_env()) as con:
        version = record.info(con)
    if as_json:
        typer.echo(json.dumps(version, ensure_ascii=False, indent=2))
        return
    place = version["territory"]
    built = dates.long_moment(datetime.fromisoformat(version["built_at"]))
    typer.echo(f"Version {version['version']}, construite le {built}")
    typer.echo(
        f"{place['name']} : {numbers.quantity(place['communes'], 'commune', 'communes')}, "
        f"{_known(place['population'])} habitants"
    )
    for source in version["sources"]:
        typer.echo(
            f"  {source['id']:<11} {source['vintage'] or '—':<11} {source['origin']:<9}"
            f"{source['rows']:>7} {'lignes' if source['rows'] >= 2 else 'ligne '}  {source['file']}"
        )
    typer.echo(f"Contrôles tenus : {len(version['checks']['passed'])}")
    if version["demonstration"]:
        typer.echo("L'offre est un recensement de démonstration.")


def _known(value: int | None) -> str:
    return "nombre inconnu d'" if value is None else f"{value:,}".replace(",", "\u202f")
