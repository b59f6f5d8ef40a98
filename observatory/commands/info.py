"""``observatory info``: what the version in service holds and where it comes from."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from observatory.census.standing import why_degraded
from observatory.french import dates, numbers, vocabulary
from observatory.settings import Settings
from observatory.versions import record, warehouse


def info_command(
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
) -> None:
    """Dire ce que contient la version en service et d'où elle vient."""
    settings = Settings.from_env()
    with warehouse.in_service(settings) as con:
        version = record.info(con)
    degraded = why_degraded(settings, version["census"])
    version["degraded"] = degraded.operator if degraded else None
    if as_json:
        typer.echo(json.dumps(version, ensure_ascii=False, indent=2))
        return
    place = version["territory"]
    built = dates.long_moment(datetime.fromisoformat(version["built_at"]))
    typer.echo(f"Version {version['version']}, construite le {built}")
    typer.echo(
        f"{place['name']} : {numbers.quantity(place['communes'], 'commune', 'communes')}, "
        f"{_inhabitants(place['population'])}"
    )
    for source in version["sources"]:
        typer.echo(
            f"  {source['id']:<11} {source['vintage'] or '—':<11} {source['origin']:<9}"
            f"{source['rows']:>7} {numbers.agreed(source['rows'], 'ligne'):<6}  {source['file']}"
        )
    typer.echo(f"Contrôles tenus : {len(version['checks']['passed'])}")
    if degraded:
        typer.echo(f"État dégradé : {degraded.operator}")
    if version["demonstration"]:
        typer.echo(f"{vocabulary.SUPPLY_IS_DEMONSTRATION}.")


def _inhabitants(count: int | None) -> str:
    if count is None:
        return f"nombre {vocabulary.UNKNOWN} d'habitants"
    return numbers.plural(count, "habitant")
