"""Options of the commands that edit what people wrote: values, a draft, a rehearsal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from observatory.errors import RequestError
from observatory.workbook.changed_cells import CellChange

SetValues = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="COLONNE=VALEUR", help="À répéter ; vide : COLONNE=."),
]
GivenDraft = Annotated[
    Path | None,
    typer.Option(metavar="FICHIER", help="Plusieurs modifications, en JSON, publiées en une."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Dire ce qui changerait, sans rien écrire.")
]


def refuse_none_or_both(draft: Path | None, one: str) -> None:
    """Refuse a command that edits nothing, or a row and a draft at once.

    Raises
    ------
    RequestError
        When it does.
    """
    if bool(draft) == bool(one):
        raise RequestError(
            "rien à modifier, ou deux choses à la fois",
            mend="Donner un identifiant et --set COLONNE=VALEUR, ou un fichier par --draft.",
        )


def told_values(texts: Sequence[str]) -> dict[str, str]:
    """What is written in each column.

    Raises
    ------
    RequestError
        When a text is not of the form column=value.
    """
    told = {}
    for text in texts:
        column, sign, value = text.partition("=")
        if not sign:
            raise RequestError(
                f"« {text} » n'est pas de la forme colonne=valeur",
                mend="Écrire par exemple --set capacite=24.",
            )
        told[column.strip()] = value.strip()
    return told


def content_of(path: Path) -> bytes:
    """The bytes of a draft.

    Raises
    ------
    RequestError
        When the file cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"le fichier ne peut pas être lu ({error.strerror})"
        raise RequestError(what, where=str(path), mend="Vérifier le chemin.") from error


def tell_edits(cells: Iterable[CellChange], warnings: Iterable[str]) -> None:
    """Say each cell that edits would change; nothing is written."""
    for cell in cells:
        typer.echo(cell.sentence)
    for warning in warnings:
        typer.echo(f"Attention : {warning}")
    typer.echo("Rien n'est écrit (--dry-run).")
