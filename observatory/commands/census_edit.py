"""``observatory census edit``, ``revert``: an establishment or a whole draft changed; undone."""

from __future__ import annotations

from typing import Annotated

import typer

from observatory.census import publishing
from observatory.census.edit_check import apply_draft, stale
from observatory.census.edits import Edit, Nature, read_draft
from observatory.census.generation_changes import cell_changes
from observatory.census.loading import is_published, known_communes
from observatory.census.sheets import sheet
from observatory.commands import rebuilding
from observatory.commands.edit_options import (
    DryRun,
    GivenDraft,
    SetValues,
    content_of,
    refuse_none_or_both,
    tell_edits,
    told_values,
)
from observatory.commands.options import NoRefresh, Who, Why
from observatory.errors import RequestError
from observatory.settings import Settings
from observatory.workbook.drafts import Draft, EditError, PublishedEdits


def edit_command(
    establishment: Annotated[
        str, typer.Argument(metavar="[IDENTIFIANT]", help="L'établissement à modifier.")
    ] = "",
    values: SetValues = None,
    since: Annotated[
        str,
        typer.Option(help="Changement réel à partir de ce jour : l'ancienne capacité reste."),
    ] = "",
    closed: Annotated[str, typer.Option(help="Fermé à partir de ce jour.")] = "",
    day_type: Annotated[str, typer.Option(help="Type de jour, pour un accueil de loisirs.")] = "",
    period: Annotated[
        str | None,
        typer.Option(help="Premier jour de la période à corriger, s'il y en a plusieurs."),
    ] = None,
    draft: GivenDraft = None,
    dry_run: DryRun = False,
    no_refresh: NoRefresh = False,
    who: Who = "",
    why: Why = "",
) -> None:
    """Modifier un établissement du recensement : corriger une erreur, ou dire un changement réel.

    Sans --since ni --closed, c'est une correction : la période est récrite.
    """
    settings = Settings.from_env()
    refuse_none_or_both(draft, establishment)
    if draft:
        asked = read_draft(content_of(draft), draft.name)
    else:
        asked = Draft((_one(establishment, values or [], since, closed, day_type, period),))
    if dry_run:
        _preview(asked, settings)
        return
    done = publishing.publish(asked, settings, who, why)
    for warning in done.warnings:
        typer.echo(f"Attention : {warning}")
    if done.generation is None:
        typer.echo("Le recensement le dit déjà : rien n'a changé.")
        if no_refresh or is_published(settings):
            return
    _show(settings, done, who, no_refresh, "Modification publiée")


def revert_command(
    generation: Annotated[int, typer.Argument(metavar="NUMÉRO", help="Voir census history.")],
    no_refresh: NoRefresh = False,
    who: Who = "",
    why: Why = "",
) -> None:
    """Annuler les modifications d'une génération ; celles des autres établissements restent."""
    settings = Settings.from_env()
    done = publishing.revert(settings, generation, who, why)
    _show(settings, done, who, no_refresh, f"Génération {generation} annulée")


def _show(settings: Settings, done: PublishedEdits, who: str, no_refresh: bool, title: str) -> None:
    written = rebuilding.census(settings)
    rebuilding.show(written, settings, done.generation, who, no_refresh=no_refresh)
    if done.names:
        typer.echo(f"{title} (génération {done.generation}) : {', '.join(done.names)}.")


def _one(
    id_: str, values: list[str], since: str, closed: str, day_type: str, period: str | None
) -> Edit:
    """The edit that the options ask for."""
    if since and closed:
        mend = "Publier l'un, puis l'autre."
        raise RequestError("--since et --closed ne vont pas ensemble", mend=mend)
    nature: Nature = "changement" if since else "fermeture" if closed else "correction"
    return Edit(
        id_, nature, told_values(values), since=since or closed, day_type=day_type, period=period
    )


def _preview(draft: Draft[Edit], settings: Settings) -> None:
    """Say each cell that a draft would change; nothing is written."""
    table = publishing.establishments(settings)
    if moved := stale(table, draft):
        raise EditError(
            f"l'établissement {moved[0]} a été modifié entre-temps",
            mend="Relire sa fiche, puis refaire la modification.",
        )
    edited = apply_draft(table, draft, known_communes(settings))
    tell_edits(cell_changes(sheet("offre"), table, edited.table), edited.warnings)
