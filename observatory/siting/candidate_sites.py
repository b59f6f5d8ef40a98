"""Candidate sites: the town halls, or those of a planner's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import duckdb
import pandas as pd
from pydantic import PlainValidator, ValidationInfo

from observatory.census.coordinates import latitude, longitude
from observatory.errors import RequestError
from observatory.french.spreadsheet import Cell
from observatory.versions.frames import frame
from observatory.workbook import readers
from observatory.workbook.checking import check_workbook
from observatory.workbook.contract import Contract, SheetRow, column, sheet_of
from observatory.workbook.problems import refused
from observatory.workbook.readers import TEXT, Identifier, Number, Required, Yes

COLUMNS = [
    "id", "name", "lon", "lat", "smallest", "largest", "opening_euros", "place_euros", "opened",
]  # fmt: skip
DEGREES = "Degrés décimaux (WGS84)"


@dataclass(frozen=True)
class SiteDefaults:
    """What a site is held for when its file, or nobody, says otherwise: places, then euros."""

    smallest: float = 10.0
    largest: float = 60.0
    opening_euros: float = 0.0
    place_euros: float = 0.0


def east(cell: Cell, info: ValidationInfo) -> float:
    """Degrees east, required."""
    return _given(longitude(cell, info), "2.77689")


def north(cell: Cell, info: ValidationInfo) -> float:
    """Degrees north, required, somewhere in France."""
    return _given(latitude(cell, info), "50.29004")


def most(cell: Cell, info: ValidationInfo) -> float | None:
    """The greatest number of places, not under the least one."""
    found, least = readers.number(cell, info), info.data.get("places_min")
    if found is not None and least is not None and found < least:
        raise refused("le maximum est sous le minimum", "Corriger l'un des deux.")
    return found


def _given(value: float | None, example: str) -> float:
    if value is None:
        raise refused(readers.EMPTY, f"Écrire des degrés, par exemple {example}.")
    return value


class CandidateSite(SheetRow):
    """A place where one may build."""

    identifiant: Identifier = column("Identifiant", "Le nom court du site.", TEXT, "S1")
    nom: Required = column("Nom", "Ce que l'on lit dans les résultats.", TEXT, "Ancienne école")
    longitude: Annotated[float, PlainValidator(east)] = column(
        "Longitude", "Est du site.", DEGREES, "2.77689", aliases=("lon",)
    )
    latitude: Annotated[float, PlainValidator(north)] = column(
        "Latitude", "Nord du site.", DEGREES, "50.29004", aliases=("lat",)
    )
    places_min: Number = column(
        "Places au moins", "Si le site est ouvert.", "Un nombre, ou vide", "10", default=""
    )
    places_max: Annotated[float | None, PlainValidator(most)] = column(
        "Places au plus", "Ce que le site peut accueillir.", "Un nombre, ou vide", "40", default=""
    )
    cout_ouverture: Number = column(
        "Coût d'ouverture", "En euros, quelle que soit la taille.", "Un nombre, ou vide", "",
        default="",
    )  # fmt: skip
    cout_place: Number = column(
        "Coût d'une place", "En euros par place.", "Un nombre, ou vide", "30000", default=""
    )
    impose: Yes = column(
        "Imposé", "Oui pour un site qui doit ouvrir.", "oui ou non", "non", default=""
    )


@cache
def site_contract() -> Contract:
    """The contract of a file of candidate sites."""
    return Contract(
        title="Sites candidats",
        of_it="des sites",
        sheets=(sheet_of("sites", "Sites", CandidateSite, ("identifiant",)),),
        introduction=(
            "Une ligne par lieu où l'on pourrait construire.",
            "Une cellule vide prend la valeur donnée à la commande.",
        ),
        widths={"nom": 34},
        template_hint="Repartir du modèle : observatory siting --template sites.xlsx.",
    )


def town_halls(con: duckdb.DuckDBPyConnection, given: SiteDefaults) -> pd.DataFrame:
    """The town hall of each commune of the perimeter, as ``read_sites`` gives sites."""
    halls = frame(
        con,
        "SELECT code AS id, name, lon, lat FROM commune SEMI JOIN perimeter USING (code) "
        "WHERE lon IS NOT NULL AND lat IS NOT NULL ORDER BY code",
    )
    return halls.assign(
        smallest=given.smallest,
        largest=given.largest,
        opening_euros=given.opening_euros,
        place_euros=given.place_euros,
        opened=False,
    )[COLUMNS]


def read_sites(files: Sequence[Path], given: SiteDefaults) -> pd.DataFrame:
    """The candidate sites of a planner's files.

    Returns
    -------
    DataFrame
        One row per site: id, name, lon, lat (degrees, WGS84), smallest and largest (places),
        opening_euros, place_euros, opened.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    RequestError
        When a row is refused, with its place and how to mend it.
    """
    checked = check_workbook(site_contract(), files)
    if checked.errors:
        raise RequestError("\n".join(["des sites sont refusés", *map(str, checked.errors)]))
    rows = checked.rows("sites")
    if not rows:
        raise RequestError("le fichier ne contient aucun site", mend="En écrire un par ligne.")
    stored = site_contract().sheet("sites").stored
    table = pd.DataFrame(rows, columns=list(stored), dtype="str")

    def numbers(name: str, default: float) -> pd.Series[float]:
        return pd.to_numeric(table[name].replace("", None)).astype("float64").fillna(default)

    smallest = numbers("places_min", given.smallest)
    return pd.DataFrame(
        {
            "id": table["identifiant"],
            "name": table["nom"],
            "lon": numbers("longitude", float("nan")),
            "lat": numbers("latitude", float("nan")),
            "smallest": smallest,
            # A site that says its least alone may be larger than the default of the greatest.
            "largest": numbers("places_max", given.largest).clip(lower=smallest),
            "opening_euros": numbers("cout_ouverture", given.opening_euros),
            "place_euros": numbers("cout_place", given.place_euros),
            "opened": table["impose"] == "oui",
        }
    )[COLUMNS]
