"""Rebuilding of the version in service after a change of what people wrote, or taking it back."""

from __future__ import annotations

import dataclasses

import typer

from observatory.census import census_store
from observatory.errors import ObservatoryError, RequestError, VersionError
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.versions import record, warehouse


def rebuild_or_take_back(settings: Settings, generation: int | None, who: str) -> None:
    """Build a version of the census just changed; when that fails, take the change back.

    Raises
    ------
    StoreError
        When the version could not be built, with the reason.
    """
    try:
        rebuild(settings)
    except ObservatoryError as error:
        raise StoreError(f"{_taken_back(settings, generation, who)} : {error}") from error
    except BaseException:
        told = _taken_back(settings, generation, who)
        say(f"{told[:1].upper()}{told[1:]}.")
        raise


def _taken_back(settings: Settings, generation: int | None, who: str) -> str:
    """Take a change back, and say what stands; one that came after it is left alone."""
    kept_in = census_store.census_store(settings.census_dir)
    why = "la version n'a pas pu être construite"
    if generation is not None and not kept_in.compensate(generation, who, why):
        return "un autre changement du recensement est venu depuis, il reste en place"
    return "le recensement en place n'a pas changé"


def rebuild(settings: Settings) -> None:
    """Build a version again, for the territory and from the places of the one in service."""
    from pipelines.refresh import refresh  # the app never needs the pipeline

    try:
        with warehouse.in_service(settings) as con:
            asked = record.request(con)
    except VersionError:
        typer.echo("Aucune version en service : « observatory refresh » construira la première.")
        return
    mirror = settings.mirror or asked.mirror
    if mirror and not mirror.is_dir():
        raise RequestError(
            "le dossier miroir de la version n'existe plus",
            where=str(mirror),
            mend="Charger avec --no-refresh, puis lancer « observatory refresh » avec --mirror.",
        )
    settings = dataclasses.replace(
        settings, mirror=mirror, offline=settings.offline or asked.offline
    )
    refresh(settings, parse(asked.territory, asked.membership), say)


def say(line: str) -> None:
    """Say a line of progress, beside what a command answers."""
    typer.echo(line, err=True)
