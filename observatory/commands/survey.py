"""``observatory survey``: mark, check, load and show what residents answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from observatory.answers.gaps import communes
from observatory.commands.frame import Commands
from observatory.commands.options import Who, Why
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.tenant_steps import add_history, add_plain_steps
from observatory.errors import VersionError
from observatory.french.numbers import plural
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.stores.purge import MOST_MONTHS, purge
from observatory.survey import survey_store
from observatory.survey.inhabitants import NOBODY, Inhabitants, inhabitants
from observatory.survey.marked_answers import MarkedSurvey, marked_answers
from observatory.survey.read_texts import (
    check_texts,
    read_texts,
    texts_contract,
    texts_to_read,
    to_read_again,
)
from observatory.survey.survey_export import SurveyExport, read_export
from observatory.survey.survey_heard import survey_heard
from observatory.survey.survey_marks import marks_contract, proposed_marks, with_their_own
from observatory.survey.survey_told import ToldSurvey, per_cent, sample_sentences
from observatory.versions import warehouse
from observatory.workbook.checking import check_workbook
from observatory.workbook.results import Checked
from observatory.workbook.template import write_files

survey_app = Commands(
    help="Ce que les habitants ont répondu à un questionnaire.", no_args_is_help=True
)
Export = Annotated[
    Path, typer.Argument(metavar="EXPORT", help="Export du questionnaire, .csv ou .xlsx.")
]
Marks = Annotated[
    list[Path],
    typer.Option(
        help="Marques remplies : un classeur, ou les fichiers .csv du modèle (l'option se répète ; "
        "ceux qui sont à côté du premier sont lus avec lui)."
    ),
]


@survey_app.command("template")
def template_command(
    export: Export,
    out: Annotated[
        Path, typer.Option(callback=own_file, help="Fichier à écrire, .xlsx ou .csv.")
    ] = Path("marques.xlsx"),
    force: Force = False,
) -> None:
    """Écrire les questions d'un export, à marquer : rien n'est gardé sans « oui »."""
    read = read_export(export)
    rows = proposed_marks(read, _living())
    write_files(marks_contract(), out, rows, own_writer(force))
    typer.echo(
        f"{export.name} : lu comme {read.dialect.label}, "
        f"{plural(len(rows['questions']), 'question')}, {plural(len(read.rows), 'réponse')}."
    )
    typer.echo(f"{out.name} : marquer « oui », puis « observatory survey check ».")


@survey_app.command("check")
def check_command(export: Export, marks: Marks) -> None:
    """Contrôler un export et ses marques sans rien garder."""
    survey = _marked(read_export(export), marks)
    raise typer.Exit(1 if survey.problems else 0)


@survey_app.command("load")
def load_command(export: Export, marks: Marks, who: Who = "", why: Why = "") -> None:
    """Ranger les réponses marquées à côté du recensement ; l'export n'est pas gardé."""
    survey = _marked(read_export(export), marks)
    if survey.problems:
        typer.echo("Rien n'est gardé : corriger les marques, puis recommencer.")
        raise typer.Exit(1)
    if not survey_store.load(Settings.from_env().census_dir, survey, who, why):
        typer.echo("Le questionnaire en place est déjà celui-là : rien n'a changé.")
        return
    typer.echo("Questionnaire rangé ; l'export peut être effacé.")


@survey_app.command("texts")
def texts_command(
    export: Export,
    out: Annotated[
        Path, typer.Option(callback=own_file, help="Fichier à écrire, .xlsx ou .csv.")
    ] = Path("textes.xlsx"),
    force: Force = False,
) -> None:
    """Écrire les textes libres d'un export, à relire un par un."""
    rows = texts_to_read(read_export(export))
    write_files(texts_contract(), out, {"textes": rows}, own_writer(force))
    marked = sum(bool(row[3]) for row in rows)
    typer.echo(
        f"{out.name} : {plural(len(rows), 'texte')} à relire, dont {marked} où une lecture "
        "automatique a vu une adresse, un téléphone ou un nom ; elle ne voit pas tout."
    )


@survey_app.command("load-texts")
def load_texts_command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FICHIER…", help="Textes relus, .xlsx ou .csv.")
    ],
    who: Who = "",
    why: Why = "",
) -> None:
    """Garder les textes relus et marqués « oui »."""
    checked = check_texts(files)
    _tell_faults(checked)
    if checked.rejected:
        typer.echo("Rien n'est gardé : corriger ces textes, puis recommencer.")
        raise typer.Exit(1)
    kept = read_texts(checked)
    if survey_store.keep_texts(Settings.from_env().census_dir, kept, who, why):
        typer.echo(f"{plural(len(kept), 'texte gardé', 'textes gardés')}.")
        for text in to_read_again(kept):
            typer.echo(f"À relire encore, un nom ou la santé de quelqu'un : « {text} »")
    else:
        typer.echo("Les textes en place sont déjà ceux-là : rien n'a changé.")


@survey_app.command("show")
def show_command(
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
) -> None:
    """Dire ce qui a été répondu, sans qu'aucune case soit petite."""
    told = _told()
    if as_json:
        typer.echo(json.dumps(for_programs(told), ensure_ascii=False, indent=2))
        return
    typer.echo(f"{told.title} ({told.survey.facts.get('organisme', '')})")
    for sentence in sample_sentences(told):
        typer.echo(sentence)
    for table in told.tables:
        typer.echo(f"\n{table.question.label}")
        if not table.lines:
            typer.echo("  Trop peu de réponses différentes pour les montrer.")
        for line in table.lines:
            weighted = "" if line.weighted is None else f", {per_cent(line.weighted)} redressé"
            told_line = f"{line.option} : {line.answers}, {per_cent(line.raw)} brut{weighted}"
            typer.echo(f"  {told_line}")


@survey_app.command("forget")
def forget_command(
    yes: Annotated[
        bool, typer.Option("--yes", help="Effacer ; sans elle, rien ne change.")
    ] = False,
) -> None:
    """Effacer du disque, sans attendre, ce qui a été annulé ou remplacé d'un questionnaire."""
    store = survey_store.survey_store(Settings.from_env().census_dir)
    found = purge(store, datetime.now(UTC), MOST_MONTHS, 0, apply=yes)
    if not found.states:
        typer.echo("Rien n'a été annulé ni remplacé.")
        return
    count = len(found.states)
    told = plural(count, "état remplacé", "états remplacés")
    done = "effacé" if count == 1 else "effacés"
    typer.echo(f"{told}, {done}." if yes else f"{told}, à effacer avec --yes.")


add_history(
    survey_app,
    survey_store.survey_store,
    "Lister les changements du questionnaire, du plus ancien au plus récent.",
)
add_plain_steps(
    survey_app,
    survey_store.survey_store,
    "Annuler le dernier changement du questionnaire.",
    "Remettre le changement du questionnaire qui vient d'être annulé.",
    lambda done: typer.echo(f"Changement {done}."),
)


def _marked(export: SurveyExport, marks: list[Path]) -> MarkedSurvey:
    """What an export leaves, told line by line."""
    checked = check_workbook(marks_contract(), with_their_own(marks), complete=False)
    _tell_faults(checked)
    if checked.rejected:
        typer.echo("Corriger les marques, puis recommencer.")
        raise typer.Exit(1)
    survey = marked_answers(export, checked, _communes(), _living())
    for problem in survey.problems:
        typer.echo(str(problem))
    for note in survey.notes:
        typer.echo(f"Note : {note}.")
    typer.echo(
        f"{plural(len(survey.questions), 'question gardée', 'questions gardées')}, "
        f"{plural(len(survey.answers), 'réponse')}."
    )
    return survey


def _tell_faults(checked: Checked) -> None:
    for problem in [*checked.errors, *checked.warnings]:
        typer.echo(str(problem))


def _told() -> ToldSurvey:
    told = survey_heard(Settings.from_env().census_dir, public=False)
    if told is None:
        raise StoreError(
            "aucun questionnaire n'est chargé",
            mend="Marquer un export (observatory survey template), puis le charger.",
        )
    return told


def _communes() -> dict[str, str]:
    try:
        with warehouse.in_service(Settings.from_env()) as con:
            return communes(con)
    except VersionError:
        return {}


def _living() -> Inhabitants:
    try:
        with warehouse.in_service(Settings.from_env()) as con:
            return inhabitants(con)
    except VersionError:
        return NOBODY


def for_programs(told: ToldSurvey) -> dict[str, Any]:
    """The same as the pages show, and nothing more: shares of classes come without counts."""
    weighing = told.sample.weighing
    return {
        **told.survey.facts,
        "recues": told.survey.received,
        "completes": told.survey.complete,
        "effet_de_plan": weighing and round(weighing.design_effect, 3),
        "taille_effective": weighing and round(weighing.effective_size),
        "marges": [
            {
                "marge": line.role,
                "classe": line.group,
                "part_reponses": round(line.sample, 2),
                "part_population": round(line.people, 2),
                "source": line.source,
            }
            for line in told.sample.lines
        ],
        "questions": [
            {
                "question": table.question.label,
                "theme": table.question.theme or None,
                "service": table.question.service or None,
                "reponses": [
                    {
                        "reponse": line.option,
                        "nombre": line.answers,
                        "part": round(line.raw, 4),
                        "part_redressee": line.weighted and round(line.weighted, 4),
                    }
                    for line in table.lines
                ],
            }
            for table in told.tables
        ],
        "communes": [
            {
                "question": table.question.label,
                "reponses": list(table.options),
                "lignes": {
                    group: list(counts)
                    for group, counts in zip(table.groups, table.counts, strict=True)
                },
            }
            for table in told.communes
        ],
    }
