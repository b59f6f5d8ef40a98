"""What ``--out`` may replace: what the observatory wrote there and nobody changed since.

The sum of each file that was written is kept in the cache folder, by its path. A file that stands
there with another sum is somebody's work: it is replaced only when ``--force`` says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from observatory.disk import replace_files
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
    if value is None or context.resilient_parsing or context.params.get("force"):
        return value
    if value.is_file() and value.stat().st_size and _sum(value) != _known().get(_key(value)):
        raise RequestError(
            "ce fichier existe, et l'observatoire ne l'a pas écrit ou il a changé depuis",
            where=str(value),
            mend="Donner un autre nom, ou ajouter --force pour le remplacer.",
        )
    return value


def tell_written(paths: Iterable[Path]) -> None:
    """Say what was written, and remember it."""
    known = _known()
    for path in paths:
        typer.echo(f"écrit : {path}", err=True)
        if path.is_file():
            known.pop(_key(path), None)
            known[_key(path)] = _sum(path)
    kept = dict(list(known.items())[-MOST:])
    try:
        replace_files({_register(): json.dumps(kept, ensure_ascii=False, indent=1).encode()})
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
