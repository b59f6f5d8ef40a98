"""``observatory plan``: template, check, load, export, show, edit, history, undo and redo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.frame import Commands
from observatory.commands.options import NoRefresh, Who, Why
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.plan_edit import edit_command, known_names
from observatory.commands.plan_told import told
from observatory.commands.rebuilding import action_plan, add_steps, show_head
from observatory.commands.tenant_steps import add_history
from observatory.french.dates import today
from observatory.french.numbers import plural
from observatory.plan import plan_store
from observatory.plan.followed_plan import followed_plan
from observatory.plan.foreign_plan import propose_plan
from observatory.plan.plan_check import check
from observatory.plan.plan_rows import plan_contract
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.versions import warehouse
from observatory.workbook.results import Checked
from observatory.workbook.template import write_files

plan_app = Commands(
    help="Le plan d'actions : modèle, contrôle, chargement, export.", no_args_is_help=True
)
Files = Annotated[
    list[Path], typer.Argument(metavar="FICHIER…", help="Classeur .xlsx, ou fichiers .csv.")
]
Out = Annotated[Path, typer.Option(callback=own_file, help="Fichier à écrire, .xlsx ou .csv.")]


@plan_app.command("template")
def template_command(out: Out = Path("plan.xlsx"), force: Force = False) -> None:
    """Écrire un plan d'actions vide, avec ses listes et son mode d'emploi."""
    write_files(plan_contract(), out, write=own_writer(force))


@plan_app.command("check")
def check_command(files: Files) -> None:
    """Contrôler un plan d'actions sans rien charger."""
    checked = _checked(files, Settings.from_env())
    raise typer.Exit(1 if checked.rejected else 0)


@plan_app.command("load")
def load_command(files: Files, no_refresh: NoRefresh = False, who: Who = "", why: Why = "") -> None:
    """Ranger un plan d'actions à côté du recensement, et reconstruire la version en service."""
    settings = Settings.from_env()
    checked = _checked(files, settings)
    if not checked.read:
        typer.echo("Rien n'est chargé : le fichier ne contient aucune ligne.")
        raise typer.Exit(1)
    if checked.rejected or not checked.accepted:
        typer.echo("Rien n'est chargé : corriger toutes les lignes, puis recommencer.")
        raise typer.Exit(1)
    if not plan_store.load(settings.census_dir, checked, who, why):
        typer.echo("Le plan en place est déjà celui-là : rien n'a changé.")
        return
    show_head(action_plan(settings), settings, who, no_refresh=no_refresh)
    typer.echo("Plan d'actions rangé.")


@plan_app.command("export")
def export_command(out: Out = Path("plan.xlsx"), force: Force = False) -> None:
    """Écrire le plan en place ; le recharger tel quel ne change rien."""
    rows = plan_store.read(Settings.from_env().census_dir)
    if not rows:
        mend = "Remplir un modèle (observatory plan template), puis le charger."
        raise StoreError("aucun plan d'actions n'est chargé", mend=mend)
    write_files(plan_contract(), out, rows, own_writer(force))


@plan_app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Plan d'un autre outil.")],
    out: Out = Path("plan.xlsx"),
    force: Force = False,
) -> None:
    """Proposer un plan à partir de celui d'un autre outil ; rien n'est chargé."""
    found = propose_plan(file)
    write_files(plan_contract(), out, found.rows(), own_writer(force))
    typer.echo(f"{file.name} : lu comme {found.form}.")
    for note in found.notes:
        typer.echo(f"Note : {note}.")
    for name, rows in found.tables.items():
        typer.echo(f"{plan_contract().sheet(name).title} : {plural(len(rows), 'ligne')}.")
    typer.echo(f"{out.name} : à relire, puis à donner à « observatory plan check ».")


@plan_app.command("show")
def show_command() -> None:
    """Dire le plan par axe, ce qui est en retard, et où en sont les indicateurs."""
    settings = Settings.from_env()
    with warehouse.in_service(settings) as con:
        plan = followed_plan(con, settings.census_dir, settings.raw_dir)
    for line in told(plan, today()):
        typer.echo(line)


add_history(
    plan_app,
    plan_store.plan_store,
    "Lister les changements du plan, du plus ancien au plus récent.",
)
plan_app.command("edit")(edit_command)
add_steps(
    plan_app,
    "du plan",
    action_plan,
    lambda s: plural(len(plan_store.read(s.census_dir).get("actions", [])), "action"),
)


def _checked(files: list[Path], settings: Settings) -> Checked:
    """Check files against the plan in place, and say everything that was found."""
    kept = plan_store.read(settings.census_dir)
    checked = check(files, known_names(settings), kept=kept)
    for note in checked.notes:
        typer.echo(f"Note : {note}.")
    for problem in checked.errors:
        typer.echo(str(problem))
    for problem in checked.warnings:
        typer.echo(f"Attention : {problem}")
    typer.echo(checked.summary())
    return checked
