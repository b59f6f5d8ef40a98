"""The frame of every command: its help in French, the library's own words included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

HELP = "Afficher cette aide."
WORDS = {
    "DEFAULT_STRING": "[à défaut : {}]",
    "REQUIRED_LONG_STRING": "[obligatoire]",
    "ENVVAR_STRING": "[variable : {}]",
    "DEPRECATED_STRING": "(abandonné) ",
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commandes",
}
"""What the library prints around the help of a command, by the name that it gives it."""
VALUES = {
    "<str>": "<texte>",
    "<int>": "<nombre entier>",
    "<float>": "<nombre>",
    "<path>": "<chemin>",
    "<bool>": "",
    "<%Y-%m-%d>": "<AAAA-MM-JJ>",
    "<int range>": "<nombre entier>",
    "<float range>": "<nombre>",
    "<list[str]>": "<texte>…",
    "<list[Path]>": "<chemin>…",
}
"""What is to be typed, as the library says it, and in words; a mere switch takes nothing."""


@contextmanager
def _french() -> Iterator[None]:
    """The library's own words in French, for the time of a page of help."""
    from typer import rich_utils  # what draws a page of help serves nothing else

    ours: list[tuple[Any, str, Any]] = [(rich_utils, name, word) for name, word in WORDS.items()]
    ours.append((TyperArgument, "display_type_rich", lambda *_, **__: None))  # its name is enough
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in ours]
    for owner, name, word in ours:
        setattr(owner, name, word)
    try:
        yield
    finally:
        for owner, name, word in before:
            setattr(owner, name, word)


def _say(command: TyperCommand | TyperGroup, ctx: typer.Context) -> None:
    """Put in words what each option takes; the usage and the help option with them."""
    command.options_metavar = "[OPTIONS]"
    for param in command.get_params(ctx):
        if isinstance(param, TyperOption) and param.metavar is None:
            shown = param.display_type(ctx) or ""
            param.metavar = VALUES.get(shown, shown)
        if isinstance(param, TyperOption) and "--help" in param.opts:
            param.help = HELP


class _InFrench:
    """The page of help of a command or of a group, in French."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line of usage."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Usage : ")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page of help."""
        _say(self, ctx)  # type: ignore[arg-type]
        with _french():
            super().format_help(ctx, formatter)  # type: ignore[misc]


class FrenchCommand(_InFrench, TyperCommand):
    """A command whose help is in French."""


class FrenchGroup(_InFrench, TyperGroup):
    """A group of commands whose help is in French."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{**given, "subcommand_metavar": "COMMANDE [ARGUMENTS]…"})


class Commands(typer.Typer):
    """Commands, or groups of them, whose help is in French."""

    def __init__(self, help: str, **given: Any) -> None:
        shown: dict[str, Any] = {"cls": FrenchGroup, "add_completion": False, **given}
        super().__init__(help=help, **shown)

    def command(self, name: str | None = None, **given: Any) -> Callable[[Any], Any]:
        """Register a command, as the library does."""
        return super().command(name, cls=FrenchCommand, **given)
