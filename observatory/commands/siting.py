"""``observatory siting``: where so many places would close most of the gap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.options import AsOf, Custom
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.siting_told import Siting, as_record, as_text, stability_in_words
from observatory.errors import RequestError
from observatory.french import numbers
from observatory.french.dates import today
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.question import Question
from observatory.scenario.money_of_scenario import building
from observatory.scenario.scenario_file import rows_of
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.sited_scenario import scenario_of_sites
from observatory.settings import Settings
from observatory.siting.candidate_sites import SiteDefaults, read_sites, site_contract, town_halls
from observatory.siting.siting_problem import Bounds
from observatory.siting.stability import variants
from observatory.siting.territory_siting import (
    built_service,
    second_opinions,
    sites_for,
    territory_siting,
)
from observatory.versions import warehouse
from observatory.workbook.template import write_files


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
    if smallest > largest:
        raise RequestError(
            f"un site aurait au moins {smallest:g} places et au plus {largest:g}",
            mend="Corriger --smallest ou --largest.",
        )
    if places is None and sites is None and budget is None:
        raise RequestError("rien ne limite le choix", mend="Donner --places, --sites ou --budget.")
    if opinions and sites is None:
        raise RequestError("combien de sites comparer ?", mend="Donner --sites avec --opinions.")
    day = as_of.date() if as_of else today()
    question = Question(service, day_type, definition, custom, as_of=day).settled()
    usual = building(built_service(service)) if place_euros is None else None
    if place_euros is None and usual is None and budget is not None and not opening_euros:
        raise RequestError(
            "aucun coût publié n'est connu pour une place de ce service",
            mend="Donner --place-euros ou --opening-euros avec --budget.",
        )
    cost = usual.low if usual else place_euros or 0.0
    given = SiteDefaults(smallest, largest, opening_euros, cost)
    bounds = Bounds(places=places, sites=sites, euros=budget)
    reach = catchment_rules().reach.default if minutes is None else minutes
    with warehouse.in_service(Settings.from_env()) as con:
        offered = read_sites(candidates, given) if candidates else town_halls(con, given)
        asked = territory_siting(con, question, offered, scheme=scheme, minutes=reach)
        found, opened, gained = sites_for(
            asked, bounds, seconds=seconds, progress=None if as_json else _say_progress
        )
        others = (
            second_opinions(con, question, offered, sites, minutes=reach, seconds=seconds)
            if opinions and sites is not None
            else None
        )
        changed = (
            variants(
                con, question, offered, bounds, scheme=scheme, minutes=reach, seconds=seconds,
                progress=None if as_json else _say_variant,
            )
            if stability
            else None
        )  # fmt: skip
    published = usual if usual and (offered["place_euros"] == usual.low).any() else None
    answer = Siting(
        question, asked, bounds, found, opened, gained, reach, scheme, published, others, changed
    )
    if out_scenario is not None:
        _write_scenario(out_scenario, answer, force)
    typer.echo(
        json.dumps(as_record(answer), ensure_ascii=False, indent=2) if as_json else as_text(answer)
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
    best = f", au mieux {numbers.number(bound, 1)}" if numbers.is_known(bound) else ""
    said = numbers.quantity(closed, "place comblée", "places comblées", 1)
    typer.echo(f"  {said}{best}", err=True)
