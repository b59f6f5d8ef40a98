"""``observatory travel``: minutes by the road, from an extract of OpenStreetMap."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.frame import Commands
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.commands.travel_told import as_text
from observatory.errors import RequestError
from observatory.french.dates import today
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.road_rules import PATH, road_rules
from observatory.roads.road_ends import trip_ends
from observatory.roads.road_file import read_ways
from observatory.roads.road_table import road_table
from observatory.settings import Settings
from observatory.versions import warehouse


class By(StrEnum):
    """How families travel."""

    car = "car"
    walk = "walk"
    bike = "bike"


travel_app = Commands(help="Temps de trajet par la route, d'après OpenStreetMap.")


@travel_app.callback()
def _travel() -> None:
    """Have a group, whatever the number of its commands."""


@travel_app.command("build")
def travel_build_command(
    osm: Annotated[
        Path, typer.Option(help="Extrait d'OpenStreetMap qui couvre le territoire, .osm.pbf.")
    ],
    mode: Annotated[By, typer.Option(help="En voiture, à pied ou à vélo.")] = By.car,
    speeds: Annotated[
        Path, typer.Option(help="Vitesses et voies du territoire, sur le modèle de roads.toml.")
    ] = PATH,
    out: Annotated[
        Path | None, typer.Option(callback=own_file, help="Fichier à écrire, .csv.")
    ] = None,
    force: Force = False,
) -> None:
    """Calculer les temps de trajet par la route, à placer dans le miroir pour l'actualisation."""
    if out is not None and out.suffix.lower() != ".csv":
        raise RequestError("le fichier des temps est un CSV", where=str(out))
    rules, travel = road_rules(speeds), catchment_rules().travel
    with warehouse.in_service(Settings.from_env()) as con:
        origins, destinations = trip_ends(con)
    ways = read_ways(osm, rules.mode(mode.value))
    table = road_table(ways, origins, destinations, mode.value, rules, travel)
    if (table.graph.at[: len(origins)] < 0).all():
        raise RequestError(
            "aucune mairie du territoire n'est près d'une route de ce fichier",
            where=str(osm),
            mend="Donner un extrait d'OpenStreetMap qui couvre le territoire.",
        )
    named = out or Path(f"temps-par-la-route-{mode.value}-{today().year}.csv")
    own_writer(force)({named: table.parts()})
    typer.echo(as_text(table, rules, named))
