"""Failures that no command foresaw: one French sentence each, and a numbered note for the mend."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import traceback
from pathlib import Path

import duckdb

from observatory import disk
from observatory.errors import ObservatoryError
from observatory.settings import Settings

NOTES = "erreurs"  # folder of the cache
MOST = 100  # notes kept, the latest
CHECK = "Vérifier le chemin, les droits et la place sur le disque."
GEO_ERRORS = "pyogrio.errors"  # not imported to tell an error: it is slow
FULL = re.compile(r"No space left|Could not write|File too large|max_temp_directory_size")


def told(error: Exception) -> str:
    """One sentence for an error, with its cause where it is the machine's, else with a number."""
    if isinstance(error, OSError):
        place = f"{error.filename} : " if error.filename else ""
        return f"{place}lecture ou écriture impossible ({disk.reason(error)}). {CHECK}"
    if isinstance(error, duckdb.Error) and FULL.search(str(error)):
        return f"écriture impossible (plus de place sur le disque). {CHECK}"
    if type(error).__module__ == GEO_ERRORS:
        return f"les couches n'ont pas pu être écrites ou lues en entier. {CHECK}"
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return (
            "la mémoire ne suffit pas. Fermer d'autres programmes, ou choisir un territoire plus "
            "petit."
        )
    return f"erreur inattendue, {_noted(error)}. Ce qui était en service n'a pas changé."


def _noted(error: Exception) -> str:
    """Where the whole of an error was written: a person reads its number alone."""
    number = secrets.token_hex(4)
    text = "".join(traceback.format_exception(error))
    for folder in _folders():
        path = folder / f"erreur-{number}.txt"
        try:
            disk.replace_file(path, text.encode(errors="backslashreplace"), mode=0o600)
            _keep_last(folder)
        except OSError:
            continue
        return f"notée sous le numéro {number} ({path})"
    return f"qui n'a pas pu être notée ({type(error).__name__})"


def _folders() -> list[Path]:
    aside = Path(tempfile.gettempdir()) / f"observatoire-{os.getuid()}"
    try:
        return [Settings.from_env().cache_dir / NOTES, aside]
    except ObservatoryError:  # the settings themselves are wrong
        return [aside]


def _keep_last(folder: Path) -> None:
    notes = sorted(folder.glob("erreur-*.txt"), key=lambda path: path.stat().st_mtime)
    for path in notes[:-MOST]:
        path.unlink(missing_ok=True)
