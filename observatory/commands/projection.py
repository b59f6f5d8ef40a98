"""``observatory projection``: need against supply in the coming years. A simulation."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from observatory.answers.gaps import communes
from observatory.commands.options import AsOf, Custom
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.errors import RequestError
from observatory.files.notes import file_metadata
from observatory.files.outlook_columns import (
    outlook_columns,
    outlook_notes,
    outlook_rows,
    outlook_xlsx,
    shown_figures,
    span_words,
)
from observatory.files.side_by_side import table_csv
from observatory.french.dates import today
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.outlook_rules import SIMULATED
from observatory.knowledge.question import Question
from observatory.outlook.age_pyramid import read_pyramid
from observatory.outlook.outlook_sentence import outlook_sentences
from observatory.outlook.territory_outlook import TerritoryOutlook, territory_outlook
from observatory.settings import Settings
from observatory.versions import warehouse


class ProjectionFormat(StrEnum):
    """How a projection is written."""

    table = "table"
    json = "json"


def projection_command(
    service: Annotated[str, typer.Option(help="Un service de la nomenclature.")] = "accueil_0_2",
    commune: Annotated[
        str | None, typer.Option(help="Code Insee d'une commune ; le territoire à défaut.")
    ] = None,
    day_type: Annotated[str | None, typer.Option(help="Un type de jour du service.")] = None,
    definition: Annotated[str | None, typer.Option(help="Une définition du besoin.")] = None,
    custom: Custom = None,
    as_of: AsOf = None,
    pyramid: Annotated[
        Path | None,
        typer.Option(
            help="Âges des assistants maternels du territoire, CSV : classe;effectif, par classes "
            "de 5 personnes au moins. Le territoire seul est suivi ainsi."
        ),
    ] = None,
    format_: Annotated[
        ProjectionFormat,
        typer.Option("--format", help="table, à lire, ou json, pour un programme."),
    ] = ProjectionFormat.table,
    out: Annotated[
        Path | None,
        typer.Option(
            callback=own_file,
            help="Fichier .csv ou .xlsx de tous les lieux et années, avec ses sources.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Dire le besoin et l'offre des cinq années à venir. Simulation, pas prévision."""
    if out is not None and out.suffix not in (".csv", ".xlsx"):
        raise RequestError("ce fichier n'est ni .csv ni .xlsx", where=str(out))
    if pyramid is not None and commune is not None:
        raise RequestError(
            "la pyramide des âges est celle du territoire, jamais d'une commune",
            mend="Retirer --commune.",
        )
    classes = read_pyramid(pyramid) if pyramid else ()
    day = as_of.date() if as_of else today()
    question = Question(service, day_type, definition, custom, as_of=day).settled()
    with warehouse.in_service(Settings.from_env()) as con:
        if commune is not None and commune not in communes(con):
            raise RequestError(
                f"commune absente du territoire : {commune}",
                mend="Choisir une commune du territoire.",
            )
        outlook = territory_outlook(con, question, pyramid=classes)
        if out is not None:
            own_writer(force)(_files(con, out, outlook))
            return
    if format_ is ProjectionFormat.json:
        typer.echo(json.dumps(projection_record(outlook, commune), ensure_ascii=False, indent=2))
        return
    _write(Console(file=sys.stdout, highlight=False), outlook, commune)


def projection_record(outlook: TerritoryOutlook, code: str | None) -> dict[str, Any]:
    """The years of a place for a program; what is unknown or masked is null."""
    question, rows = outlook.question, outlook.of(code)
    return {
        "simulation": SIMULATED,
        "service": question.service,
        "day_type": question.day_type,
        "definition": question.definition,
        "as_of": question.as_of.isoformat(),
        "code": code,
        "name": str(rows["name"].iloc[0]),
        "notes": list(outlook.notes),
        "silent": outlook.silent,
        "demonstration": outlook.demonstration,
        "years": rows.astype(object)
        .where(rows.notna(), None)
        .drop(columns=["code", "name"])
        .to_dict("records"),
    }


def _files(
    con: duckdb.DuckDBPyConnection, out: Path, outlook: TerritoryOutlook
) -> Mapping[Path, bytes]:
    """The file, and beside a CSV its metadata."""
    if out.suffix == ".xlsx":
        return {out: outlook_xlsx(con, outlook)}
    day = outlook.question.as_of
    service = nomenclature().services[str(outlook.question.service)]
    notes = " ".join(outlook_notes(outlook))
    told = json.dumps(file_metadata(con, out.name, SIMULATED, day), ensure_ascii=False, indent=2)
    return {
        out: table_csv(outlook_rows(outlook), outlook_columns(service), notes, day),
        out.with_name(f"{out.name}-metadata.json"): told.encode(),
    }


def _write(console: Console, outlook: TerritoryOutlook, code: str | None) -> None:
    names, question = nomenclature(), outlook.question
    service = names.services[str(question.service)]
    public = names.publics[names.public_of(str(question.service), question.day_type)]
    rows = outlook.of(code)
    day = f", {names.day_types[question.day_type]}" if question.day_type else ""
    need = names.definitions[str(question.definition)].label
    head = f"{rows['name'].iloc[0]} : {service.label}{day}. Besoin : {need}."
    console.print(head, markup=False)
    for sentence in outlook_sentences(outlook, code, service, public.noun):
        console.print(capital(sentence), markup=False)
    table = Table(box=SIMPLE, pad_edge=False)
    figures = shown_figures(str(question.definition))
    for heading in ("Année", *(words or public.label for words in figures.values())):
        table.add_column(heading, justify="left" if heading == "Année" else "right")
    for row in rows.to_dict("records"):
        table.add_row(str(row["year"]), *(span_words(row, f, service) for f in figures))
    console.print(table)
    for note in outlook_notes(outlook):
        console.print(f"- {note}", markup=False)
