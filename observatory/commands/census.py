"""``observatory census``: template, check, load, export.

Exit status: 0, every row was accepted; 1, rows were rejected or a file was refused; 2, usage.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from observatory.census import census_store, loading, proposals
from observatory.census.loading import check_files, is_published, load_files
from observatory.census.sheets import census_contract
from observatory.commands import census_edit, history, rebuilding
from observatory.commands.frame import Commands
from observatory.commands.options import NoRefresh, Who, Why
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.reconcile import reconcile_command
from observatory.errors import RequestError
from observatory.french.numbers import plural
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature
from observatory.secrecy import register as registers
from observatory.secrecy.register import TERRITORY
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.workbook.contract import Sheet
from observatory.workbook.mapping import HeadingMapping, mapping_file, read_mapping
from observatory.workbook.problems import Problem
from observatory.workbook.rejected import write_rejected
from observatory.workbook.results import Checked
from observatory.workbook.template import write_files

SHOWN = 100  # problems, then warnings, that are printed without --all

census_app = Commands(
    help="Le recensement de l'offre : modèle, contrôle, chargement, export.", no_args_is_help=True
)
census_app.command("reconcile")(reconcile_command)
census_app.command("history")(history.history_command)
census_app.command("undo")(history.undo_command)
census_app.command("redo")(history.redo_command)
census_app.command("restore")(history.restore_command)
census_app.command("audit")(history.audit_command)
census_app.command("edit")(census_edit.edit_command)
census_app.command("revert")(census_edit.revert_command)

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FICHIER…", help="Classeur .xlsx ou .ods, fichiers .csv ou .geojson."),
]
Out = Annotated[Path, typer.Option(callback=own_file, help="Fichier à écrire, .xlsx ou .csv.")]
MappingOut = Annotated[Path, typer.Option(callback=own_file, help="Fichier .toml à écrire.")]
Folder = Annotated[
    Path | None,
    typer.Option(help="Dossier des lignes mises de côté ; à défaut, celui du premier fichier."),
]
All = Annotated[bool, typer.Option("--all", help="Tout afficher, sans abréger.")]
Complete = Annotated[
    bool | None,
    typer.Option(
        "--complete/--replace",
        help="Compléter le recensement en place, ou en remplacer les feuilles. À défaut : "
        "compléter avec un fichier de lignes corrigées, remplacer avec tout autre.",
    ),
]

Mapped = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        help="Correspondance des titres et des mots du fichier (.toml), écrite par "
        "« observatory census mapping » ; un chargement la retient avec le recensement.",
    ),
]


@census_app.command("template")
def template_command(out: Out, force: Force = False) -> None:
    """Écrire un modèle vide, avec ses listes et son mode d'emploi."""
    write_files(census_contract(), out, write=own_writer(force))


@census_app.command("export")
def export_command(out: Out, force: Force = False) -> None:
    """Écrire le recensement en place ; le recharger tel quel ne change rien."""
    rows = census_store.read(Settings.from_env().census_dir)
    if not rows:
        mend = "Remplir un modèle (observatory census template), puis le charger."
        raise StoreError("aucun recensement n'est chargé", mend=mend)
    write_files(census_contract(), out, rows, own_writer(force))


@census_app.command("unmask")
def unmask_command(
    commune: Annotated[
        str, typer.Argument(help="Code Insee ; « territoire » pour le total du territoire.")
    ],
    service: Annotated[str, typer.Option(help="Service compté par commune.")] = privacy.SERVICE,
) -> None:
    """Lever un masque du registre : l'acte explicite, sans lequel un chiffre masqué le reste."""
    settings = Settings.from_env()
    nomenclature().service(service)
    code = TERRITORY if commune == "territoire" else commune
    kept_in = census_store.census_store(settings.census_dir)
    with kept_in.holding(kept_in.head()):  # no version is published while the register changes
        register = registers.read(settings.census_dir)
        masks = register.masks if register else ()
        if register is None or (code, service) not in {(m.code, m.service) for m in masks}:
            raise RequestError(
                f"aucun masque pour {commune} ({service})", mend="Vérifier le code et le service."
            )
        lifted = register.lift(code, service)
        registers.write(settings.census_dir, lifted)
    others = len(register.masks) - len(lifted.masks) - 1
    beside = f" Avec lui, ce qui ne protégeait plus rien : {plural(others, 'masque')}."
    typer.echo(
        f"Masque levé : {commune} ({service}).{beside if others else ''} Il revient à la prochaine "
        "actualisation si le chiffre est encore celui d'une ou deux personnes, ou s'il faut en "
        "protéger un autre."
    )


@census_app.command("mapping")
def mapping_command(files: Files, out: MappingOut, force: Force = False) -> None:
    """Proposer ce que veulent dire les titres et les mots d'une liste, dans un fichier à relire."""
    settings = Settings.from_env()
    contract = loading.remembered_contract(settings)
    found = proposals.proposals(contract, files, loading.limits_of(settings))
    for one in found:
        typer.echo(f"{one.where}, feuille « {one.sheet.title} » :")
        for heading, column in one.columns.items():
            sure = "" if heading in one.known or not column else " (proposé)"
            typer.echo(f"  {heading} → {column or 'laissée de côté'}{sure}")
        for column, words in one.words.items():
            for word, count in words.items():
                typer.echo(
                    f"  {column} : {_meant(one.sheet, column, word)} ({plural(count, 'ligne')})"
                )
        for column_missing in one.sheet.missing(set(one.columns.values())):
            typer.echo(f"  la colonne « {column_missing.name} » reste à désigner")
    mapping = proposals.proposed_mapping(found)
    own_writer(force)({out: mapping_file(mapping, proposals.comments(found))})
    typer.echo(f"{out.name} : à relire, puis à donner à check ou à load avec --mapping {out.name}.")


def _meant(sheet: Sheet, column: str, word: str) -> str:
    meant = proposals.meaning(column, word, sheet)
    if meant.state == "private":
        return f"{word} : {proposals.PRIVATE}"
    sure = "" if meant.state == "read" else " (proposé)"
    return f"{word} → {meant.value}{sure}" if meant.value else f"{word} : {proposals.UNKNOWN}"


def _given_mapping(path: Path | None) -> HeadingMapping | None:
    """The mapping of a file that was named, checked."""
    if path is None:
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"la correspondance ne peut pas être lue ({error.strerror})"
        raise RequestError(what, where=str(path), mend="Vérifier le chemin.") from error
    mapping = read_mapping(census_contract(), content, path.name)
    proposals.refuse_private(mapping, path.name)
    return mapping


@census_app.command("check")
def check_command(
    files: Files,
    folder: Folder = None,
    show_all: All = False,
    complete: Complete = None,
    mapping: Mapped = None,
) -> None:
    """Contrôler un recensement sans rien charger."""
    own = _given_mapping(mapping)
    checked = check_files(files, Settings.from_env(), complete=complete, mapping=own)
    _tell(checked, _rejected(checked, files, folder), show_all)
    raise typer.Exit(1 if checked.rejected else 0)


@census_app.command("load")
def load_command(
    files: Files,
    folder: Folder = None,
    show_all: All = False,
    complete: Complete = None,
    no_refresh: NoRefresh = False,
    who: Who = "",
    why: Why = "",
    mapping: Mapped = None,
) -> None:
    """Charger les lignes acceptées d'un recensement, et reconstruire la version en service."""
    settings = Settings.from_env()
    own = _given_mapping(mapping)
    load = load_files(
        files, settings, rebuilding.say, complete=complete, who=who, why=why, mapping=own
    )
    _tell(load.checked, _rejected(load.checked, files, folder), show_all)
    stale = load.generation is not None or not is_published(settings)
    if load.checked.accepted and not no_refresh and stale:
        rebuilding.rebuild_or_take_back(rebuilding.census(settings), settings, load.generation, who)
    if load.changed:
        how = "complété" if load.complete else "remplacé"
        typer.echo(f"Recensement {how} : {', '.join(load.changed)}.")
    elif load.generation is not None:
        typer.echo("Le recensement en place est déjà celui-là ; la correspondance est retenue.")
    elif load.checked.accepted:
        typer.echo("Le recensement en place est déjà celui-là : rien n'a changé.")
    else:
        typer.echo("Aucune ligne acceptée : le recensement en place n'a pas changé.")
    raise typer.Exit(1 if load.checked.rejected or not load.checked.accepted else 0)


def _rejected(checked: Checked, files: Sequence[Path], folder: Path | None) -> list[Path]:
    return write_rejected(checked, folder or files[0].parent) if checked.rejected else []


def _tell(checked: Checked, written: Sequence[Path], show_all: bool) -> None:
    """Print every problem, every warning, the notes, then the summary."""
    for note in checked.notes:
        typer.echo(f"Note : {note}.")
    _list(checked.errors, "", show_all, "ligne à corriger", written)
    _list(checked.warnings, "Attention : ", show_all, "avertissement", ())
    typer.echo(checked.summary([p.name for p in written]))


def _list(
    problems: Sequence[Problem], mark: str, show_all: bool, noun: str, written: Sequence[Path]
) -> None:
    shown = problems if show_all else problems[:SHOWN]
    for problem in shown:
        typer.echo(f"{mark}{problem}")
    more = len(problems) - len(shown)
    if more:
        where = f", aussi dans {', '.join(p.name for p in written)}" if written else ""
        typer.echo(f"{mark}… et {plural(more, 'autre')}{where} (--all pour tout afficher).")
