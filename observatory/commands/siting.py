"""``observatory siting``: where so many places would close most of the gap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.options import AsOf, Custom
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.errors import RequestError
from observatory.french.dates import today
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME
from observatory.knowledge.question import Question
from observatory.scenario.money_of_scenario import building
from observatory.scenario.scenario_file import rows_of
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.sited_scenario import scenario_of_sites
from observatory.settings import Settings
from observatory.siting.candidate_sites import read_sites, site_contract, town_halls
from observatory.siting.siting_in_words import (
    Siting,
    as_text,
    progress_in_words,
    stability_in_words,
)
from observatory.siting.siting_problem import Bounds
from observatory.siting.siting_record import as_record
from observatory.siting.siting_request import SitingRequest, answer_siting, check_request
from observatory.siting.territory_siting import built_service
from observatory.versions import warehouse
from observatory.workbook.template import write_files

OPTIONS = {
    "places": "--places",
    "sites": "--sites",
    "budget": "--budget",
    "smallest": "--smallest",
    "largest": "--largest",
    "place_euros": "--place-euros",
    "opening_euros": "--opening-euros",
}
"""How each bound and cost is given here."""


def siting_command(
    service: Annotated[
        str, typer.Option(help="Un service dont les familles rejoignent les lieux.")
    ] = "eaje",
    places: Annotated[float | None, typer.Option(min=1, help="Places à répartir, au plus.")] = None,
    sites: Annotated[int | None, typer.Option(min=1, help="Sites à ouvrir, au plus.")] = None,
    budget: Annotated[float | None, typer.Option(min=0, help="Euros à dépenser, au plus.")] = None,
    candidates: Annotated[
        list[Path] | None,
        typer.Option(help="Sites candidats, .xlsx ou .csv ; les mairies à défaut."),
    ] = None,
    smallest: Annotated[float, typer.Option(min=0, help="Places d'un site, au moins.")] = 10,
    largest: Annotated[float, typer.Option(min=1, help="Places d'un site, au plus.")] = 60,
    opening_euros: Annotated[
        float, typer.Option(min=0, help="Coût d'un site, quelle que soit sa taille, en euros.")
    ] = 0,
    place_euros: Annotated[
        float | None,
        typer.Option(min=0, help="Coût d'une place, en euros ; à défaut, le coût moyen publié."),
    ] = None,
    day_type: Annotated[str | None, typer.Option(help="Un type de jour du service.")] = None,
    definition: Annotated[str | None, typer.Option(help="Une définition du besoin.")] = None,
    custom: Custom = None,
    as_of: AsOf = None,
    minutes: Annotated[
        float | None, typer.Option(help="Temps d'accès, en minutes ; 15 à défaut.")
    ] = None,
    scheme: Annotated[str, typer.Option(help="Pondération des minutes.")] = DEFAULT_SCHEME,
    seconds: Annotated[float, typer.Option(min=1, help="Secondes de calcul, au plus.")] = 60,
    opinions: Annotated[
        bool,
        typer.Option(
            "--opinions", help="Ce que choisissent deux méthodes qui ignorent les places."
        ),
    ] = False,
    stability: Annotated[
        bool,
        typer.Option(
            "--stability",
            help="Ce qui reste choisi avec d'autres temps d'accès, pondérations et besoins.",
        ),
    ] = False,
    out_scenario: Annotated[
        Path | None,
        typer.Option(
            callback=own_file,
            help="Écrire la réponse comme un scénario, .xlsx ou .csv, à lancer ou à comparer.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            callback=own_file, help="Écrire un modèle de sites candidats, et rien d'autre."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Dire où ouvrir des places pour réduire le plus l'écart. Simulation, pas prévision."""
    if template is not None:
        write_files(site_contract(), template, write=own_writer(force))
        return
    day = as_of.date() if as_of else today()
    asked = SitingRequest(
        Question(service, day_type, definition, custom, as_of=day).settled(),
        Bounds(places=places, sites=sites, euros=budget),
        smallest,
        largest,
        opening_euros,
        place_euros,
        minutes,
        scheme,
        seconds,
    )
    if opinions and sites is None:
        raise RequestError("combien de sites comparer ?", mend="Donner --sites avec --opinions.")
    published = building(built_service(service))
    check_request(asked, published, OPTIONS)
    given = asked.defaults(published)
    with warehouse.in_service(Settings.from_env()) as con:
        offered = read_sites(candidates, given) if candidates else town_halls(con, given)
        answer = answer_siting(
            con,
            asked,
            offered,
            published,
            opinions=opinions,
            stability=stability,
            progress=None if as_json else _say_progress,
            tell_variant=None if as_json else _say_variant,
        )
    if out_scenario is not None:
        _write_scenario(out_scenario, answer, force)
    typer.echo(
        json.dumps(as_record(answer), ensure_ascii=False, indent=2)
        if as_json
        else as_text(answer, OPTIONS)
    )


def _write_scenario(out: Path, answer: Siting, force: bool) -> None:
    """The sites to open as a scenario, which answers what was foretold."""
    if answer.opened.empty:
        raise RequestError(
            "aucun site n'est à ouvrir : il n'y a pas de scénario", mend="Desserrer les bornes."
        )
    with warehouse.in_service(Settings.from_env()) as con:
        scenario = scenario_of_sites(
            con, answer.question, answer.opened, stability_in_words(answer)
        )
    write_files(scenario_contract(), out, rows_of([scenario]), own_writer(force))


def _say_variant(label: str) -> None:
    """A variant that begins, on the error output."""
    typer.echo(f"  variante : {label}", err=True)


def _say_progress(closed: float, bound: float) -> None:
    """A better choice, on the error output: what is told of it is not the answer yet."""
    typer.echo(f"  {progress_in_words(closed, bound)}", err=True)
