"""``observatory siting``: where so many places would close most of the gap."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from observatory.commands.options import AsOf, Custom
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.errors import RequestError
from observatory.french import numbers
from observatory.french.dates import long_date, today
from observatory.french.vocabulary import SUPPLY_IS_DEMONSTRATION
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.scenario.scenario_file import rows_of
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.sited_scenario import scenario_of_sites
from observatory.settings import Settings
from observatory.siting.best_sites import BestSites
from observatory.siting.candidate_sites import SiteDefaults, read_sites, site_contract, town_halls
from observatory.siting.siting_problem import Bounds
from observatory.siting.territory_siting import (
    TerritorySiting,
    second_opinions,
    sites_for,
    territory_siting,
)
from observatory.versions import warehouse
from observatory.workbook.template import write_files

NAMED = 12  # communes named one by one; the others are counted


@dataclass(frozen=True)
class Siting:
    """A question of siting and its answer, ready to be told."""

    question: Question
    asked: TerritorySiting
    found: BestSites
    opened: pd.DataFrame
    gained: pd.DataFrame
    minutes: float
    scheme: str
    opinions: tuple[pd.DataFrame, pd.DataFrame] | None


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
        float, typer.Option(min=0, help="Coût d'une place, en euros ; à donner avec sa source.")
    ] = 0,
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
    given = SiteDefaults(smallest, largest, opening_euros, place_euros)
    day = as_of.date() if as_of else today()
    question = Question(service, day_type, definition, custom, as_of=day).settled()
    reach = catchment_rules().reach.default if minutes is None else minutes
    with warehouse.in_service(Settings.from_env()) as con:
        offered = read_sites(candidates, given) if candidates else town_halls(con, given)
        asked = territory_siting(con, question, offered, scheme=scheme, minutes=reach)
        others = (
            second_opinions(con, question, offered, sites, minutes=reach, seconds=seconds)
            if opinions and sites is not None
            else None
        )
    found, opened, gained = sites_for(
        asked,
        Bounds(places=places, sites=sites, euros=budget),
        seconds=seconds,
        progress=None if as_json else _say_progress,
    )
    if out_scenario is not None:
        _write_scenario(out_scenario, question, opened, force)
    answer = Siting(question, asked, found, opened, gained, reach, scheme, others)
    typer.echo(
        json.dumps(_as_record(answer), ensure_ascii=False, indent=2)
        if as_json
        else _as_text(answer)
    )


def _write_scenario(out: Path, question: Question, opened: pd.DataFrame, force: bool) -> None:
    """The sites to open as a scenario, which answers what was foretold."""
    if opened.empty:
        raise RequestError(
            "aucun site n'est à ouvrir : il n'y a pas de scénario", mend="Desserrer les bornes."
        )
    with warehouse.in_service(Settings.from_env()) as con:
        scenario = scenario_of_sites(con, question, opened)
    write_files(scenario_contract(), out, rows_of([scenario]), own_writer(force))


def _say_progress(closed: float, bound: float) -> None:
    """A better choice, on the error output: what is told of it is not the answer yet."""
    best = f", au mieux {numbers.number(bound, 1)}" if numbers.is_known(bound) else ""
    said = numbers.quantity(closed, "place comblée", "places comblées", 1)
    typer.echo(f"  {said}{best}", err=True)


def _as_record(answer: Siting) -> dict[str, Any]:
    """Everything, for a program; places per child are as they are in the accessible supply."""
    found = answer.found

    def records(table: pd.DataFrame) -> list[dict[str, Any]]:
        kept = table.astype(object).where(table.notna(), None)
        return [{str(k): v for k, v in row.items()} for row in kept.to_dict("records")]

    return {
        "service": answer.question.service,
        "day_type": answer.question.day_type,
        "definition": answer.question.definition,
        "as_of": answer.question.as_of.isoformat(),
        "minutes": answer.minutes,
        "scheme": answer.scheme,
        "short_places": found.short,
        "closed_places": found.closed,
        "bound_places": found.bound,
        "distance": found.distance,
        "seconds": round(found.seconds, 3),
        "sites": records(answer.opened),
        "communes": records(answer.gained),
        "left_out": list(answer.asked.left_out),
        "demonstration": answer.asked.demonstration,
        **(
            {}
            if answer.opinions is None
            else dict(zip(("nearest", "within_reach"), map(records, answer.opinions), strict=True))
        ),
    }


def _as_text(answer: Siting) -> str:
    names, found, rules = nomenclature(), answer.found, catchment_rules()
    service = names.service(str(answer.question.service))
    need = names.definitions[str(answer.question.definition)]
    lines = [
        f"{service.label}, {need.label}, offre au {long_date(answer.question.as_of)}, dans les "
        f"{answer.minutes:g} minutes en ligne droite allongée d'un détour "
        f"({rules.scheme(answer.scheme).label}). Simulation, pas prévision.",
        *([f"{SUPPLY_IS_DEMONSTRATION}."] if answer.asked.demonstration else []),
        "",
        _verdict(found),
        "",
        *_site_lines(answer.opened),
        "",
        *_gain_lines(answer.gained),
    ]
    if answer.opinions is not None:
        lines += ["", *_opinion_lines(*answer.opinions, answer.minutes)]
    if left_out := answer.asked.left_out:
        shown = ", ".join(left_out[:NAMED])
        more = f" et {len(left_out) - NAMED} autres" if len(left_out) > NAMED else ""
        lines += ["", f"Laissées de côté, faute d'offre ou de besoin connus : {shown}{more}."]
    return "\n".join(lines)


def _opinion_lines(nearest: pd.DataFrame, within: pd.DataFrame, minutes: float) -> list[str]:
    """What two methods would choose that ignore places and what lacks."""
    mean = numbers.number(nearest["told"].iloc[0], 1)
    seen = numbers.quantity(within["told"].iloc[0], "enfant", "enfants")
    return [
        "Deux autres avis, qui ignorent les places et ce qui manque :",
        f"  au plus près de tous les enfants ({mean} minutes en moyenne, p-médiane) : "
        f"{', '.join(nearest['name'])}",
        f"  le plus d'enfants à {minutes:g} minutes au plus d'un site ({seen}, couverture "
        f"maximale) : {', '.join(within['name'])}",
    ]


def _verdict(found: BestSites) -> str:
    """What the choice closes, and whether a better one may exist."""
    if not found.short:
        return (
            "Il ne manque aucune place selon ce besoin là où un site pourrait servir : les places "
            "vont d'abord aux enfants les moins bien servis."
        )
    proof = (
        "aucun choix ne fait mieux"
        if found.distance == 0
        else f"à {numbers.number(100 * found.distance, 1)} % au plus du meilleur choix"
    )
    closed = numbers.quantity(
        found.closed, "place manquante comblée", "places manquantes comblées", 1
    )
    return f"{closed} sur {numbers.number(found.short, 1)} à portée d'un site : {proof}."


def _site_lines(opened: pd.DataFrame) -> list[str]:
    lines = [f"{numbers.plural(len(opened), 'site')} à ouvrir :"]
    for site in opened.to_dict("records"):
        cost = f", {numbers.number(site['euros'])} €" if site["euros"] else ""
        said = numbers.quantity(site["places"], "place", "places")
        lines.append(f"  {site['name']} : {said}{cost}")
    return lines


def _gain_lines(gained: pd.DataFrame) -> list[str]:
    lines = ["Ce que gagnent les communes, en places que leurs enfants atteignent :"]
    for row in gained.head(NAMED).to_dict("records"):
        left = numbers.number(row["still_short"], 1)
        short = numbers.number(row["short"], 1)
        closed = f" ; il en manquait {short}, il en manque {left}" if row["short"] else ""
        lines.append(f"  {row['name']} : {numbers.number(row['gained'], 1, signed=True)}{closed}")
    if len(gained) > NAMED:
        rest = gained["gained"].iloc[NAMED:].sum()
        count = len(gained) - NAMED
        lines.append(f"  {count} autres : {numbers.number(rest, 1, signed=True)}")
    return lines
