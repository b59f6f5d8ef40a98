"""Rebuilding of the version in service after a change of what people wrote, or taking it back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import typer

from observatory.census import census_store
from observatory.commands.observing import observe_plan
from observatory.errors import ObservatoryError, RequestError, VersionError
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.stores.store import Store
from observatory.versions import record, warehouse


@dataclass(frozen=True)
class Written:
    """What people wrote and keep in a store, and the words for what stands of it.

    Attributes
    ----------
    store : Store
        Its generations.
    unchanged : str
        That it stands as it was: « le recensement en place n'a pas changé ».
    of : str
        What a change is of: « du recensement ».
    """

    store: Store
    unchanged: str
    of: str


def census(settings: Settings) -> Written:
    """The census of a territory."""
    store = census_store.census_store(settings.census_dir)
    return Written(store, "le recensement en place n'a pas changé", "du recensement")


def rebuild_or_take_back(
    written: Written, settings: Settings, generation: int | None, who: str
) -> None:
    """Build a version of what was just changed; when that fails, take the change back.

    Parameters
    ----------
    generation : int or None
        The generation that the change made; None when it made none.

    Raises
    ------
    StoreError
        When the version could not be built, with the reason.
    """
    try:
        rebuild(settings)
    except ObservatoryError as error:
        raise StoreError(f"{_taken_back(written, generation, who)} : {error}") from error
    except BaseException:
        told = _taken_back(written, generation, who)
        say(f"{told[:1].upper()}{told[1:]}.")
        raise


def _taken_back(written: Written, generation: int | None, who: str) -> str:
    """Take a change back, and say what stands; one that came after it is left alone."""
    why = "la version n'a pas pu être construite"
    if generation is not None and not written.store.compensate(generation, who, why):
        return f"un autre changement {written.of} est venu depuis, il reste en place"
    return written.unchanged


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
    observe_plan(settings)


def say(line: str) -> None:
    """Say a line of progress, beside what a command answers."""
    typer.echo(line, err=True)
