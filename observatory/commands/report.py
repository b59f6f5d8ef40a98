"""``observatory report``: atlas, sheets, slides and schéma, without a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from observatory.commands.frame import Commands
from observatory.commands.options import AsOf
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.report_texts import texts_app
from observatory.disk import refuse_folder
from observatory.french.dates import today
from observatory.knowledge.question import Question
from observatory.report import atlas as reports
from observatory.report import committee_files
from observatory.report.request import ReportRequest
from observatory.settings import Settings
from observatory.versions import warehouse

report_app = Commands(
    help="Écrire des documents : PDF, diapositives, schéma.", no_args_is_help=True
)
report_app.add_typer(texts_app, name="texts")

PATIENCE = 1.0
"""Seconds after which a person wants to see how far the work is."""

Out = Annotated[Path, typer.Option("--out", callback=own_file, help="Fichier PDF à écrire.")]
Services = Annotated[
    list[str] | None, typer.Option("--service", help="Un service, à répéter ; tous à défaut.")
]
Definition = Annotated[
    str | None,
    typer.Option(help="Une définition du besoin ; la première de chaque service à défaut."),
]


@report_app.command("atlas")
def atlas_command(
    out: Out,
    commune: Annotated[
        list[str] | None,
        typer.Option("--commune", help="Code Insee d'une commune, à répéter ; toutes à défaut."),
    ] = None,
    service: Services = None,
    as_of: AsOf = None,
    definition: Definition = None,
    force: Force = False,
) -> None:
    """Écrire l'atlas du territoire, ou d'une sélection de communes, selon l'art. D.214-10-1."""
    refuse_folder(out)
    request = _request(as_of, commune, service, definition)
    with warehouse.in_service(Settings.from_env()) as con, _shown() as progress:
        drawn = reports.to_pdf(reports.atlas(con, request, progress), progress)
    own_writer(force)({out: drawn})


@report_app.command("commune")
def commune_command(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code Insee de la commune.")],
    out: Out,
    service: Services = None,
    as_of: AsOf = None,
    definition: Definition = None,
    force: Force = False,
) -> None:
    """Écrire la fiche d'une commune."""
    refuse_folder(out)
    request = _request(as_of, None, service, definition)
    with warehouse.in_service(Settings.from_env()) as con, _shown() as progress:
        drawn = reports.to_pdf(reports.commune_sheet(con, code, request, progress), progress)
    own_writer(force)({out: drawn})


Public = Annotated[
    bool,
    typer.Option(
        "--public", help="Ne montrer du plan que ses actions publiques, sans fonctions ni bilan."
    ),
]


class SlidesFormat(StrEnum):
    """Formats of the slides: to be edited, or as they are printed."""

    pptx = "pptx"
    pdf = "pdf"


@report_app.command("copil")
def copil_command(
    out: Annotated[
        Path, typer.Option("--out", callback=own_file, help="Fichier .pptx ou .pdf à écrire.")
    ],
    format_: Annotated[
        SlidesFormat | None,
        typer.Option(
            "--format", help="Format du fichier ; à défaut celui que dit son nom, sinon pptx."
        ),
    ] = None,
    as_of: AsOf = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Dire ce qui a changé depuis ce jour ; à défaut la dernière réunion du plan, "
            "sinon un an.",
        ),
    ] = None,
    public: Public = False,
    force: Force = False,
) -> None:
    """Écrire les diapositives du comité de pilotage (PPTX ou PDF)."""
    refuse_folder(out)
    kind = format_ or (SlidesFormat.pdf if out.suffix.lower() == ".pdf" else SlidesFormat.pptx)
    day = as_of.date() if as_of else today()
    with warehouse.in_service(Settings.from_env()) as con:
        drawn = committee_files.copil_bytes(
            con, Settings.from_env(), day, since.date() if since else None, public=public,
            kind=kind.value,
        )  # fmt: skip
    own_writer(force)({out: drawn})


@report_app.command("schema")
def schema_command(
    out: Annotated[Path, typer.Option("--out", callback=own_file, help="Fichier .docx à écrire.")],
    as_of: AsOf = None,
    public: Public = False,
    force: Force = False,
) -> None:
    """Écrire le schéma dans l'ordre de l'art. D.214-10-1, avec les annexes de la Ctg (DOCX)."""
    refuse_folder(out)
    day = as_of.date() if as_of else today()
    with warehouse.in_service(Settings.from_env()) as con:
        drawn = committee_files.schema_bytes(con, Settings.from_env(), day, public=public)
    own_writer(force)({out: drawn})


def _request(
    as_of: datetime | None,
    communes: list[str] | None,
    services: list[str] | None,
    definition: str | None,
) -> ReportRequest:
    # An option that is not given comes as an empty list.
    return ReportRequest(
        Question(definition=definition, as_of=as_of.date() if as_of else today()),
        communes=tuple(c for c in communes if c.strip()) if communes else None,
        services=tuple(services) if services else None,
    )


@contextmanager
def _shown() -> Iterator[reports.Progress]:
    """A bar on the terminal's error stream, once the work has lasted; nothing in a file."""
    console = Console(stderr=True)
    bar = Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True)
    task = bar.add_task("", total=1.0)
    begun, started = time.monotonic(), False

    def progress(step: str, share: float) -> None:
        nonlocal started
        bar.update(task, description=step, completed=share)
        if not started and console.is_terminal and time.monotonic() - begun > PATIENCE:
            bar.start()
            started = True

    try:
        yield progress
    finally:
        if started:
            bar.stop()
