"""``observatory explain``: how the figures of a commune, or of the territory, are made."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from observatory.answers.explained.explained_change import (
    SinceFormer,
    since_former,
    since_sentences,
)
from observatory.answers.explained.explained_figure import ExplainedFigure, explain_figure
from observatory.answers.explained.explained_step import FigureStep
from observatory.commands.options import AsOf, Custom
from observatory.french.dates import long_date, today
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.settings import Settings
from observatory.versions import warehouse


class ExplainFormat(StrEnum):
    """How an explanation is written."""

    table = "table"
    json = "json"


def explain_command(
    service: Annotated[str, typer.Option(help="Un service de la nomenclature.")],
    commune: Annotated[
        str | None, typer.Option(help="Code Insee d'une commune ; le territoire à défaut.")
    ] = None,
    day_type: Annotated[str | None, typer.Option(help="Un type de jour du service.")] = None,
    definition: Annotated[str | None, typer.Option(help="Une définition du besoin.")] = None,
    custom: Custom = None,
    as_of: AsOf = None,
    format_: Annotated[
        ExplainFormat,
        typer.Option("--format", help="table, à lire, ou json, pour un programme."),
    ] = ExplainFormat.table,
) -> None:
    """Dire comment un chiffre est fait : étapes, sources, millésimes, ce qui est estimé."""
    settings = Settings.from_env()
    day = as_of.date() if as_of else today()
    question = Question(service, day_type, definition, custom, as_of=day).settled()
    version = warehouse.current(settings.processed_dir)
    with warehouse.in_service(settings) as con:
        explained = explain_figure(con, question, commune)
    since = since_former(settings.processed_dir, version, explained)
    if format_ is ExplainFormat.json:
        typer.echo(json.dumps(explanation_record(explained, since), ensure_ascii=False, indent=2))
        return
    _write(Console(file=sys.stdout, highlight=False), explained, since)


def explanation_record(explained: ExplainedFigure, since: SinceFormer) -> dict[str, Any]:
    """An explanation for a program; what is unknown or masked is null, its state says which."""
    question = explained.question
    return {
        "service": question.service,
        "day_type": question.day_type,
        "definition": question.definition,
        "custom": question.custom,
        "as_of": question.as_of.isoformat(),
        "code": explained.code,
        "name": explained.name,
        "reliability": explained.reliability,
        "steps": [asdict(step) for step in explained.steps],
        "since": asdict(since),
    }


def _write(console: Console, explained: ExplainedFigure, since: SinceFormer) -> None:
    names, question = nomenclature(), explained.question
    one = names.services[str(question.service)]
    day = f", {names.day_types[question.day_type]}" if question.day_type else ""
    console.print(
        f"{explained.name} : {one.label}{day}, au {long_date(question.as_of)}. "
        f"Fiabilité : {explained.reliability}.",
        markup=False,
    )
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in ("Chiffre", "Calcul", "Valeur", "Source"):
        table.add_column(heading, justify="right" if heading == "Valeur" else "left")
    for step in explained.steps:
        table.add_row(*map(_plain, (step.label, step.expression, step.said, _source(step))))
    console.print(table, markup=False)
    for step in explained.steps:
        if step.parts or step.notes:
            console.print(f"{step.label} : {' ; '.join(step.notes)}".rstrip(" :"), markup=False)
        several = len({part.source for part in step.parts}) > 1
        for part in step.parts:
            source = f" ({part.source})" if several and part.source else ""
            console.print(f"  {part.label} : {part.detail}{source}", markup=False)
    for line in since_sentences(since):
        console.print(line, markup=False)


def _plain(text: str) -> str:
    """Text from a file, where square brackets are no style."""
    return text.replace("[", "\\[")


def _source(step: FigureStep) -> str:
    return ", ".join(one for one in (step.source, step.vintage) if one)
