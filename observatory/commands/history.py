"""``observatory census`` history, undo, redo, restore, audit: the journal of the census."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from observatory.census import census_store
from observatory.census.generation_changes import history_of
from observatory.commands.options import Who, Why
from observatory.errors import RequestError
from observatory.french import dates
from observatory.french.vocabulary import KINDS, NOTHING
from observatory.settings import Settings
from observatory.stores.audit import audit, in_service
from observatory.stores.author import function_of
from observatory.stores.generation import Entry, State
from observatory.stores.store import Store


def history_command(
    establishment: Annotated[
        str, typer.Argument(metavar="[IDENTIFIANT]", help="Les changements d'un établissement.")
    ] = "",
    accounts: Annotated[
        bool, typer.Option("--accounts", help="Dire aussi le compte, pour qui doit en répondre.")
    ] = False,
) -> None:
    """Lister les changements du recensement, du plus ancien au plus récent."""
    kept_in = _store()
    if establishment:
        _of_establishment(kept_in, establishment, accounts)
        return
    head, served = kept_in.head().sequence, in_service(kept_in)
    for entry in kept_in.history():
        mark = "*" if entry.sequence == head else " "
        never = "" if entry.sequence in served else " (jamais en service)"
        typer.echo(f"{mark} {entry_line(entry, accounts)}{never}")


def undo_command(who: Who = "", why: Why = "") -> None:
    """Annuler le dernier changement ; répété, remonter d'un changement de plus."""
    _tell(_store().undo(who, why))


def redo_command(who: Who = "", why: Why = "") -> None:
    """Remettre le changement qui vient d'être annulé ; répété, remettre le suivant."""
    _tell(_store().redo(who, why))


def restore_command(
    generation: Annotated[int, typer.Argument(metavar="NUMÉRO", help="Voir census history.")],
    who: Who = "",
    why: Why = "",
) -> None:
    """Remettre en place un état passé du recensement ; les autres restent au journal."""
    _tell(_store().restore(generation, who, why))


def audit_command() -> None:
    """Vérifier que tout ce qui est gardé du recensement est tel qu'il a été écrit."""
    faults = audit(_store())
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo("Rien ne manque, rien n'a changé.")


def _store() -> Store:
    return census_store.census_store(Settings.from_env().census_dir)


def _of_establishment(kept_in: Store, id_: str, accounts: bool) -> None:
    """Every change of one establishment whose files are still kept, cell by cell."""
    found = list(history_of(kept_in, id_))
    if not found:
        what = f"aucun changement gardé ne porte sur l'établissement « {id_} »"
        raise RequestError(what, mend="Vérifier l'identifiant (observatory census export).")
    for entry, cells in reversed(found):
        typer.echo(entry_line(entry, accounts))
        for cell in cells:
            before, after = cell.before or NOTHING, cell.after or NOTHING
            typer.echo(f"       {cell.column} : {before} → {after}")


def entry_line(entry: Entry, accounts: bool = False) -> str:
    """A line of a journal in words: number, moment, kind, function, reason."""
    when = dates.long_moment(datetime.fromisoformat(entry.when))
    who = entry.who if accounts else function_of(entry.who)
    parts = [f"{entry.sequence:>4}", when, KINDS[entry.kind], who, entry.why]
    return " · ".join(part for part in parts if part)


def _tell(state: State) -> None:
    steps = _store().steps()
    same = f" : l'état de la génération {steps.at}" if steps.at != state.sequence else ""
    same = " : plus aucun recensement" if not steps.at else same
    typer.echo(f"Recensement : génération {state.sequence} en service{same}.")
    if steps.back is not None:
        before = f"l'état de la génération {steps.back}" if steps.back else "aucun recensement"
        typer.echo(f"Pour remonter encore, « observatory census undo » : {before}.")
    if steps.ahead is not None:
        typer.echo(f"Pour remettre la génération {steps.ahead}, « observatory census redo ».")
    typer.echo("Lancer « observatory refresh » pour construire la version qui la montre.")
