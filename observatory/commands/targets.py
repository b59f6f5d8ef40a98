"""``observatory targets``: template, check, load and show the targets of the territory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.answers.targets import targets
from observatory.commands.frame import Commands
from observatory.commands.options import NoRefresh, Who, Why
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.rebuilding import add_steps, show_head, voted_targets
from observatory.french.dates import long_date
from observatory.french.numbers import plural, short_number
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import Settings
from observatory.targets import target_store
from observatory.targets.target_rows import target_contract
from observatory.versions import warehouse
from observatory.workbook.results import Checked
from observatory.workbook.template import write_files

targets_app = Commands(help="Les objectifs que le territoire a votés.", no_args_is_help=True)
Files = Annotated[
    list[Path], typer.Argument(metavar="FICHIER…", help="Classeur .xlsx, ou fichiers .csv.")
]


@targets_app.command("template")
def template_command(
    out: Annotated[
        Path, typer.Option(callback=own_file, help="Fichier à écrire, .xlsx ou .csv.")
    ] = Path("objectifs.xlsx"),
    force: Force = False,
) -> None:
    """Écrire un fichier d'objectifs vide, avec ses listes et son mode d'emploi."""
    write_files(target_contract(), out, write=own_writer(force))


@targets_app.command("check")
def check_command(files: Files) -> None:
    """Contrôler des objectifs sans rien charger."""
    checked = target_store.check(files)
    _tell(checked)
    raise typer.Exit(1 if checked.rejected else 0)


@targets_app.command("load")
def load_command(files: Files, no_refresh: NoRefresh = False, who: Who = "", why: Why = "") -> None:
    """Ranger des objectifs à côté du recensement, et reconstruire la version en service."""
    checked = target_store.check(files)
    _tell(checked)
    if not checked.read:
        typer.echo("Rien n'est chargé : le fichier ne contient aucune ligne.")
        raise typer.Exit(1)
    if checked.rejected or not checked.accepted:
        typer.echo("Rien n'est chargé : corriger toutes les lignes, puis recommencer.")
        raise typer.Exit(1)
    settings = Settings.from_env()
    if not target_store.load(settings.census_dir, checked, who, why):
        typer.echo("Les objectifs en place sont déjà ceux-là : rien n'a changé.")
        return
    show_head(voted_targets(settings), settings, who, no_refresh=no_refresh)
    typer.echo("Objectifs rangés.")


add_steps(
    targets_app,
    "des objectifs",
    voted_targets,
    lambda s: plural(len(target_store.read(s.census_dir)), "objectif"),
)


@targets_app.command("show")
def show_command() -> None:
    """Dire les objectifs que suit la version en service."""
    with warehouse.in_service(Settings.from_env()) as con:
        found = targets(con)
    if found.empty:
        typer.echo("La version en service ne suit aucun objectif voté.")
    names = nomenclature()
    for row in found.to_dict("records"):
        service = names.services[row["service"]]
        day = f", {names.day_types[row['day_type']]}" if isinstance(row["day_type"], str) else ""
        typer.echo(
            f"{service.short}{day} : {short_number(row['amount'])} {service.rate_label}, "
            f"depuis le {long_date(row['valid_from'].date())} ({row['decided_by']})"
        )


def _tell(checked: Checked) -> None:
    for problem in checked.errors:
        typer.echo(str(problem))
    for problem in checked.warnings:
        typer.echo(f"Attention : {problem}")
    typer.echo(checked.summary())
