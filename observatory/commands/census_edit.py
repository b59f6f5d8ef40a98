"""``observatory census edit``, ``revert``: an establishment or a whole draft changed; undone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.census import publishing
from observatory.census.edit_check import apply_draft, stale
from observatory.census.edits import Edit, Nature, read_draft
from observatory.census.generation_changes import cell_changes
from observatory.census.loading import is_published, known_communes
from observatory.census.publishing import PublishedEdits
from observatory.census.sheets import sheet
from observatory.commands import rebuilding
from observatory.commands.options import NoRefresh, Who, Why
from observatory.errors import RequestError
from observatory.french.vocabulary import NOTHING
from observatory.settings import Settings
from observatory.workbook.drafts import Draft, EditError


def edit_command(
    establishment: Annotated[
        str, typer.Argument(metavar="[IDENTIFIANT]", help="L'établissement à modifier.")
    ] = "",
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="COLONNE=VALEUR", help="À répéter ; vide : COLONNE=."),
    ] = None,
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
    draft: Annotated[
        Path | None,
        typer.Option(metavar="FICHIER", help="Plusieurs modifications, en JSON, publiées en une."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dire ce qui changerait, sans rien écrire.")
    ] = False,
    no_refresh: NoRefresh = False,
    who: Who = "",
    why: Why = "",
) -> None:
    """Modifier un établissement du recensement : corriger une erreur, ou dire un changement réel.

    Sans --since ni --closed, c'est une correction : la période est récrite.
    """
    settings = Settings.from_env()
    if bool(draft) == bool(establishment):
        raise RequestError(
            "rien à modifier, ou deux choses à la fois",
            mend="Donner un identifiant et --set COLONNE=VALEUR, ou un fichier par --draft.",
        )
    if draft:
        asked = read_draft(_content(draft), draft.name)
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
    if no_refresh:
        typer.echo("Lancer « observatory refresh » pour construire la version qui le montre.")
    else:
        rebuilding.rebuild_or_take_back(rebuilding.census(settings), settings, done.generation, who)
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
    told = {}
    for text in values:
        column, sign, value = text.partition("=")
        if not sign:
            raise RequestError(
                f"« {text} » n'est pas de la forme colonne=valeur",
                mend="Écrire par exemple --set capacite=24.",
            )
        told[column.strip()] = value.strip()
    return Edit(id_, nature, told, since=since or closed, day_type=day_type, period=period)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"le fichier ne peut pas être lu ({error.strerror})"
        raise RequestError(what, where=str(path), mend="Vérifier le chemin.") from error


def _preview(draft: Draft[Edit], settings: Settings) -> None:
    """Say each cell that a draft would change; nothing is written."""
    table = publishing.establishments(settings)
    if moved := stale(table, draft):
        raise EditError(
            f"l'établissement {moved[0]} a été modifié entre-temps",
            mend="Relire sa fiche, puis refaire la modification.",
        )
    edited = apply_draft(table, draft, known_communes(settings))
    for change in cell_changes(sheet("offre"), table, edited.table):
        before, after = change.before or NOTHING, change.after or NOTHING
        typer.echo(f"{change.subject} : {change.column.lower()}, {before} → {after}")
    for warning in edited.warnings:
        typer.echo(f"Attention : {warning}")
    typer.echo("Rien n'est écrit (--dry-run).")
