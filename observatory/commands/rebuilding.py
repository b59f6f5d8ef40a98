"""Rebuilding of the version in service after a change of what people wrote, or taking it back.

Undoing and redoing are such changes, said once for every tenant.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import typer

from observatory.census import census_store
from observatory.commands.frame import Commands
from observatory.commands.observing import observe_plan
from observatory.commands.options import NoRefresh, Who, Why
from observatory.commands.refresh import request_in_service
from observatory.errors import ObservatoryError, RequestError
from observatory.knowledge.territory import parse
from observatory.plan import plan_store
from observatory.settings import Settings, tenant_in_service
from observatory.stores.generation import StoreError
from observatory.stores.store import Store
from observatory.targets import target_store


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
    shown : str
        What a version does of it: « le montre ».
    """

    store: Store
    unchanged: str
    of: str
    shown: str = "le montre"


def census(settings: Settings) -> Written:
    """The census of a territory."""
    store = census_store.census_store(settings.census_dir)
    return Written(store, "le recensement en place n'a pas changé", "du recensement")


def action_plan(settings: Settings) -> Written:
    """The action plan of a territory."""
    store = plan_store.plan_store(settings.census_dir)
    return Written(store, "le plan en place n'a pas changé", "du plan")


def voted_targets(settings: Settings) -> Written:
    """The targets that a territory voted."""
    store = target_store.target_store(settings.census_dir)
    return Written(store, "les objectifs en place n'ont pas changé", "des objectifs", "les montre")


def show(
    written: Written, settings: Settings, generation: int | None, who: str, *, no_refresh: bool
) -> None:
    """Build a version of what was just changed, or say how to; when it fails, take it back.

    Raises
    ------
    StoreError
        When the version could not be built, with the reason.
    """
    if no_refresh:
        typer.echo(
            f"Lancer « observatory refresh » pour construire la version qui {written.shown}."
        )
        return
    rebuild_or_take_back(written, settings, generation, who)


def show_head(written: Written, settings: Settings, who: str, *, no_refresh: bool) -> None:
    """The same, of the state that has just come into service."""
    show(written, settings, written.store.head().sequence, who, no_refresh=no_refresh)


def add_steps(
    app: Commands, of: str, tenant: Callable[[Settings], Written], kept: Callable[[Settings], str]
) -> None:
    """Give a tenant the commands « undo » and « redo ».

    Parameters
    ----------
    of : str
        What a change is of, in the help: « du plan ».
    kept : callable
        What stands afterwards: « 12 actions ».
    """

    def step(
        move: Callable[[Store, str, str], object], done: str, no_refresh: bool, who: str, why: str
    ) -> None:
        settings = Settings.from_env()
        written = tenant(settings)
        move(written.store, who, why)
        show_head(written, settings, who, no_refresh=no_refresh)
        typer.echo(f"Changement {done} : {kept(settings)} en place.")

    @app.command(
        "undo",
        help=f"Annuler le dernier changement {of} ; répété, remonter d'un changement de plus.",
    )
    def undo_command(no_refresh: NoRefresh = False, who: Who = "", why: Why = "") -> None:
        step(Store.undo, "annulé", no_refresh, who, why)

    @app.command("redo", help=f"Remettre le changement {of} qui vient d'être annulé.")
    def redo_command(no_refresh: NoRefresh = False, who: Who = "", why: Why = "") -> None:
        step(Store.redo, "remis", no_refresh, who, why)


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

    asked = request_in_service(settings)
    if asked is None:
        typer.echo("Aucune version en service : « observatory refresh » construira la première.")
        return
    if tenant_in_service(settings.processed_dir) != settings.tenant:
        raise RequestError(
            "le territoire en service a changé entre-temps",
            mend="Revenir à ce territoire (observatory territory use), puis recommencer.",
        )
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
