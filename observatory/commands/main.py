"""Entry point of the command line: one French sentence per error, exit status 0, 1 or 2."""

from __future__ import annotations

import io
import re
import signal
import sys
import threading
from types import FrameType
from typing import Any

import typer
from pydantic import ValidationError

from observatory.commands.frame import Commands
from observatory.commands.on_call import Observatory
from observatory.errors import ObservatoryError

app = Commands(
    help="Observatoire de l'offre et du besoin des services aux familles.",
    cls=Observatory,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _observatory() -> None:
    """Have a root that holds commands, whatever their number."""


def _usage(error: typer.TyperException) -> str:
    """A usage error in French, from what the parser knows of it."""
    option = getattr(error, "option_name", None)
    if option and type(error).__name__ == "NoSuchOption":
        return f"l'option « {option} » n'existe pas"
    parameter = getattr(error, "param", None)
    name = parameter.opts[0] if parameter else option
    given = re.search(r"'([^']*)'", str(error))
    value = f" « {given.group(1)} »" if given else ""
    if type(error).__name__ == "MissingParameter":
        return f"il manque {name}"
    if isinstance(error, typer.BadParameter):
        return f"valeur{value} refusée pour {name}{_allowed(error)}"
    return f"commande ou valeur{value} incorrecte" + (f" près de {name}" if name else "")


def _allowed(error: Exception) -> str:
    """The bounds that a number did not hold, where the parser knows them."""
    words = {"ge": "au moins", "le": "au plus", "gt": "plus de", "lt": "moins de"}
    if not isinstance(error.__cause__, ValidationError):
        return ""
    known = [one.get("ctx", {}) for one in error.__cause__.errors()]
    told = [f"{words[k]} {v:g}" for ctx in known for k, v in ctx.items() if k in words]
    return f" : {' et '.join(told)}" if told else ""


def _run(arguments: list[str] | None) -> Any:
    """Run the command line; whatever a library makes of a stop, it ends as Ctrl-C does."""
    stopped = threading.Event()

    def stop(number: int, at: FrameType | None) -> None:
        stopped.set()
        signal.default_int_handler(number, at)

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):  # to be stopped is to be stopped
            signal.signal(number, stop)
    try:
        return app(arguments, standalone_mode=False)
    except Exception as error:
        if stopped.is_set():
            raise KeyboardInterrupt from error
        raise


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and exit; every expected error is one French sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may not have every French character
            stream.reconfigure(errors="replace")
    try:
        code = _run(arguments)
    except typer.TyperException as error:
        typer.echo(f"Erreur d'utilisation : {_usage(error)}. Aide : observatory --help", err=True)
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ObservatoryError as error:
        typer.echo(f"Erreur : {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        from observatory.commands import failures  # what no command needs

        typer.echo(f"Erreur : {failures.told(error)}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
