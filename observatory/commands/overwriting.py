"""What a command may replace: what the observatory wrote there and nobody changed since.

The sum of each file that was written is kept in the cache folder, by its path. A file that stands
there with another sum is somebody's work: it is replaced only when ``--force`` says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from observatory.disk import Content, Write, replace_files, write_files
from observatory.errors import RequestError
from observatory.settings import Settings

REGISTER = "written.json"
MOST = 1_000  # files remembered, the latest


def own_file(context: typer.Context, value: Path | None) -> Path | None:
    """Refuse a file that is not ours, before the work and not after.

    Raises
    ------
    RequestError
        When the file was not written by the observatory, or changed since, without ``--force``.
    """
    if value is not None and not context.resilient_parsing and not context.params.get("force"):
        _refuse_others([value])
    return value


def own_writer(force: bool) -> Write:
    """The way a command writes: files that stand beside the one named are under the same rule."""

    def write(contents: Mapping[Path, Content]) -> list[Path]:
        if not force:
            _refuse_others(contents)
        written = write_files(contents)
        _tell_written(written)
        return written

    return write


def _refuse_others(paths: Iterable[Path]) -> None:
    known = _known()
    for path in paths:
        if path.is_file() and path.stat().st_size and _sum(path) != known.get(_key(path)):
            raise RequestError(
                "ce fichier existe, et l'observatoire ne l'a pas écrit ou il a changé depuis",
                where=str(path),
                mend="Donner un autre nom, ou ajouter --force pour le remplacer.",
            )


def _tell_written(paths: Iterable[Path]) -> None:
    """Say what was written, and remember it."""
    known = _known()
    for path in paths:
        typer.echo(f"écrit : {path}", err=True)
        if path.is_file():
            known.pop(_key(path), None)
            known[_key(path)] = _sum(path)
    kept = dict(list(known.items())[-MOST:])
    try:
        replace_files({_register(): json.dumps(kept, indent=1).encode()})
    except OSError:  # the file is written all the same; the next time asks for --force
        return


Force = Annotated[
    bool,
    typer.Option(
        "--force", is_eager=True, help="Remplacer un fichier que l'observatoire n'a pas écrit."
    ),
]


def _register() -> Path:
    return Settings.from_env().cache_dir / REGISTER


def _known() -> dict[str, str]:
    try:
        read: Any = json.loads(_register().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _key(path: Path) -> str:
    return str(path.resolve())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
