"""The commands on what people wrote that no version is built of: its history, undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.frame import Commands
from observatory.commands.history import entry_line
from observatory.commands.options import Who, Why
from observatory.settings import Settings
from observatory.stores.store import Store

StoreOf = Callable[[Path], Store]
"""The store of a tenant, from the folder of the census."""


def add_history(app: Commands, store_of: StoreOf, words: str) -> None:
    """Give a tenant the command « history ».

    Parameters
    ----------
    words : str
        What the help says.
    """

    @app.command("history", help=words)
    def history_command(
        accounts: Annotated[
            bool,
            typer.Option("--accounts", help="Dire aussi le compte, pour qui doit en répondre."),
        ] = False,
    ) -> None:
        store = store_of(Settings.from_env().census_dir)
        head = store.head().sequence
        for entry in store.history():
            mark = "*" if entry.sequence == head else " "
            typer.echo(f"{mark} {entry_line(entry, accounts)}")


def add_plain_steps(
    app: Commands,
    store_of: StoreOf,
    undo_words: str,
    redo_words: str,
    tell: Callable[[str], object],
) -> None:
    """Give a tenant of which no version is built the commands « undo » and « redo ».

    Parameters
    ----------
    undo_words, redo_words : str
        What the help says.
    tell : callable
        Says what stands afterwards, from what was done: « annulé », « remis ».
    """

    @app.command("undo", help=undo_words)
    def undo_command(who: Who = "", why: Why = "") -> None:
        store_of(Settings.from_env().census_dir).undo(who, why)
        tell("annulé")

    @app.command("redo", help=redo_words)
    def redo_command(who: Who = "", why: Why = "") -> None:
        store_of(Settings.from_env().census_dir).redo(who, why)
        tell("remis")
