"""``observatory scenario``: template, check, run, compare, keep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from observatory.commands.frame import Commands
from observatory.commands.options import Custom, Who, Why
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.scenario_files import check_ending, result_files
from observatory.commands.scenario_told import as_lines, as_record
from observatory.commands.tenant_steps import add_plain_steps
from observatory.errors import RequestError
from observatory.french import dates, numbers
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME
from observatory.knowledge.question import Question
from observatory.scenario import scenario_store
from observatory.scenario.compared_scenarios import compared
from observatory.scenario.scenario_change import Scenario
from observatory.scenario.scenario_file import check, known_to, read_scenarios
from observatory.scenario.scenario_in_words import Toponyms, need_words, toponyms_of
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.what_if import SIMULATION, WhatIf, usual_question, what_if
from observatory.settings import Settings
from observatory.versions import warehouse
from observatory.workbook.template import write_files

scenario_app = Commands(
    help="Et si… : des changements datés, calculés sans toucher au recensement.",
    no_args_is_help=True,
)
Files = Annotated[
    list[Path], typer.Argument(metavar="FICHIER…", help="Classeur .xlsx, ou fichiers .csv.")
]
SomeFiles = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FICHIER…]",
        help="Classeur .xlsx, ou fichiers .csv ; les scénarios gardés à défaut.",
    ),
]
Named = Annotated[
    list[str] | None,
    typer.Option("--scenario", help="Ce scénario seulement ; se répète. Tous à défaut."),
]
Service = Annotated[
    str | None, typer.Option(help="Le service regardé ; à défaut, celui qui change.")
]
DayType = Annotated[str | None, typer.Option(help="Un type de jour du service.")]
Definition = Annotated[str | None, typer.Option(help="Une définition du besoin.")]
On = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Jour regardé, AAAA-MM-JJ ; à défaut, celui où tous les changements valent.",
    ),
]
Minutes = Annotated[float | None, typer.Option(help="Temps d'accès, en minutes ; 15 à défaut.")]
Scheme = Annotated[str, typer.Option(help="Pondération des minutes.")]
AsJson = Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")]
Out = Annotated[
    Path | None,
    typer.Option(
        callback=own_file,
        help="Écrire les résultats : .csv, .xlsx, .gpkg ; ou les cartes : .html, .png, .svg.",
    ),
]


@scenario_app.command("template")
def template_command(
    out: Annotated[
        Path, typer.Option(callback=own_file, help="Fichier à écrire, .xlsx ou .csv.")
    ] = Path("scenario.xlsx"),
    force: Force = False,
) -> None:
    """Écrire un fichier de scénarios vide, avec ses listes et son mode d'emploi."""
    write_files(scenario_contract(), out, write=own_writer(force))


@scenario_app.command("check")
def check_command(files: Files) -> None:
    """Contrôler des scénarios sans rien calculer."""
    with warehouse.in_service(Settings.from_env()) as con:
        checked = check(files, known_to(con))
    for problem in checked.errors:
        typer.echo(str(problem))
    for problem in checked.warnings:
        typer.echo(f"Attention : {problem}")
    typer.echo(checked.summary())
    raise typer.Exit(1 if checked.rejected else 0)


@scenario_app.command("run")
def run_command(
    files: SomeFiles = None,
    scenario: Named = None,
    service: Service = None,
    day_type: DayType = None,
    definition: Definition = None,
    custom: Custom = None,
    as_of: On = None,
    minutes: Minutes = None,
    scheme: Scheme = DEFAULT_SCHEME,
    as_json: AsJson = False,
    out: Out = None,
    force: Force = False,
) -> None:
    """Dire ce que chaque scénario changerait, ici et à la portée des familles."""
    settings = Settings.from_env()
    with warehouse.in_service(settings) as con:
        names, some = toponyms_of(con), _asked(con, settings, files, scenario, out)
        every = [
            what_if(
                con,
                one,
                _question(con, one, service, day_type, definition, custom, as_of),
                scheme=scheme,
                minutes=minutes,
            )
            for one in some
        ]
        _write(con, every, names, out, force)
    if as_json:
        records = [as_record(w, names) for w in every]
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    typer.echo("\n\n".join("\n".join(as_lines(w, names)) for w in every))


@scenario_app.command("compare")
def compare_command(
    files: SomeFiles = None,
    scenario: Named = None,
    service: Service = None,
    day_type: DayType = None,
    definition: Definition = None,
    custom: Custom = None,
    as_of: On = None,
    minutes: Minutes = None,
    scheme: Scheme = DEFAULT_SCHEME,
    out: Out = None,
    force: Force = False,
) -> None:
    """Mettre deux ou trois scénarios côte à côte, pour la même question."""
    settings = Settings.from_env()
    with warehouse.in_service(settings) as con:
        names, some = toponyms_of(con), _asked(con, settings, files, scenario, out)
        if len(some) < 2:
            raise RequestError(
                "il faut deux scénarios à comparer",
                mend="Donner un autre fichier, ou un autre nom.",
            )
        # One question for all: the last day of any of them.
        whole = Scenario("tous", tuple(c for one in some for c in one.changes))
        question = _question(con, whole, service, day_type, definition, custom, as_of)
        every = [what_if(con, one, question, scheme=scheme, minutes=minutes) for one in some]
        lines = compared(every)
        _write(con, every, names, out, force)
    typer.echo(f"{need_words(every[0])}. {SIMULATION}.")
    heads = ["sans scénario", *(w.scenario.name for w in every)]
    for line in lines:
        typer.echo(f"\n{line.label}")
        for head, cell in zip(heads, line.cells, strict=True):
            if cell:
                typer.echo(f"  {head} : {cell}")


@scenario_app.command("keep")
def keep_command(files: Files, who: Who = "", why: Why = "") -> None:
    """Garder des scénarios à côté du recensement ; un même nom prend la place du précédent."""
    settings = Settings.from_env()
    with warehouse.in_service(settings) as con:
        some = read_scenarios(files, known_to(con))
    if not scenario_store.keep(settings.census_dir, some, who, why):
        typer.echo("Ces scénarios sont déjà gardés : rien n'a changé.")
        return
    typer.echo(f"{numbers.plural(len(some), 'scénario gardé', 'scénarios gardés')}.")


@scenario_app.command("show")
def show_command() -> None:
    """Dire les scénarios gardés."""
    kept = scenario_store.read(Settings.from_env().census_dir)
    if not kept:
        typer.echo("Aucun scénario n'est gardé.")
    for one in kept:
        changes = numbers.plural(len(one.changes), "changement")
        committee = ", montré au comité" if one.committee else ""
        typer.echo(f"{one.name} : {changes}, jusqu'au {dates.long_date(one.last_day)}{committee}")


add_plain_steps(
    scenario_app,
    scenario_store.scenario_store,
    "Revenir sur le dernier changement des scénarios gardés ; encore une fois, un de plus.",
    "Remettre le changement des scénarios qui a été annulé en dernier.",
    lambda done: show_command(),
)


def _asked(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    files: list[Path] | None,
    wanted: list[str] | None,
    out: Path | None,
) -> list[Scenario]:
    """The scenarios of some files, or those kept; all, or those of some names.

    Raises
    ------
    RequestError
        When there is none, when a name is none of theirs, or when ``out`` cannot hold so many.
    """
    found = (
        read_scenarios(files, known_to(con)) if files else scenario_store.read(settings.census_dir)
    )
    if not found:
        raise RequestError(
            "aucun scénario n'est gardé",
            mend="Donner un fichier, fait avec « observatory scenario template ».",
        )
    by_name = {one.name: one for one in found}
    if missing := [name for name in wanted or () if name not in by_name]:
        raise RequestError(
            f"le scénario « {missing[0]} » est introuvable",
            mend=f"Choisir parmi : {', '.join(by_name)}.",
        )
    some = [by_name[name] for name in wanted] if wanted else found
    if out is not None:
        check_ending(out, len(some))
    return some


def _question(
    con: duckdb.DuckDBPyConnection,
    scenario: Scenario,
    service: str | None,
    day_type: str | None,
    definition: str | None,
    custom: float | None,
    as_of: datetime | None,
) -> Question:
    """The question that was asked; what is not said is what the scenario is about."""
    usual = usual_question(con, scenario, dates.today())
    day = as_of.date() if as_of else usual.as_of
    if service is None:
        kind = day_type or usual.day_type
        return Question(usual.service, kind, definition, custom, as_of=day).settled()
    return Question(service, day_type, definition, custom, as_of=day).settled()


def _write(
    con: duckdb.DuckDBPyConnection,
    every: Sequence[WhatIf],
    names: Toponyms,
    out: Path | None,
    force: bool,
) -> None:
    if out is not None:
        made = result_files(con, every, names)[out.suffix.lower()]
        own_writer(force)({out: made()})
