"""``observatory report texts``: what planners write in their documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.frame import Commands
from observatory.commands.options import Who, Why
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.tenant_steps import add_plain_steps
from observatory.french.numbers import plural
from observatory.report import written_parts
from observatory.settings import Settings

texts_app = Commands(
    help="Les textes du territoire, repris dans chaque document.", no_args_is_help=True
)
Files = Annotated[
    list[Path], typer.Argument(metavar="DOSSIER…", help="Dossier du modèle, ou fichiers .txt.")
]


@texts_app.command("template")
def template_command(
    out: Annotated[
        Path, typer.Option(callback=own_file, help="Dossier où écrire un fichier par texte.")
    ] = Path("textes"),
    force: Force = False,
) -> None:
    """Écrire un fichier par texte, avec ce qui est en place."""
    kept = written_parts.read(Settings.from_env().census_dir)
    own_writer(force)({out / name: text for name, text in written_parts.files_of(kept).items()})


@texts_app.command("load")
def load_command(files: Files, who: Who = "", why: Why = "") -> None:
    """Ranger des textes à côté du recensement ; un fichier vide retire le sien."""
    given = written_parts.check(files)
    if not written_parts.load(Settings.from_env().census_dir, given, who, why):
        typer.echo("Les textes en place sont déjà ceux-là : rien n'a changé.")
        return
    _tell()


@texts_app.command("show")
def show_command() -> None:
    """Dire les textes en place."""
    kept = written_parts.read(Settings.from_env().census_dir)
    if not kept:
        typer.echo("Aucun texte : partir du modèle (observatory report texts template).")
    for part, text in kept.items():
        typer.echo(f"{written_parts.PARTS[part][0]}\n{text}\n")


def _tell() -> None:
    kept = written_parts.read(Settings.from_env().census_dir)
    named = ", ".join(written_parts.PARTS[part][0].lower() for part in kept)
    typer.echo(f"{plural(len(kept), 'texte')} en place{f' : {named}' if named else ''}.")


add_plain_steps(
    texts_app,
    written_parts.texts_store,
    "Annuler le dernier changement des textes ; répété, remonter d'un changement de plus.",
    "Remettre le changement des textes qui vient d'être annulé.",
    lambda done: _tell(),
)
