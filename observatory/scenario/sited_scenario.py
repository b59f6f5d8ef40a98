"""The answer to a question of siting as a scenario: the sites that open, and their places."""

from __future__ import annotations

import duckdb
import pandas as pd

from observatory.errors import RequestError
from observatory.french import dates
from observatory.french.numbers import plural
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.scenario.scenario_change import Change, Scenario

# The nearest town hall of the perimeter to a site, on the sphere.
NEAREST = """
SELECT code FROM commune SEMI JOIN perimeter USING (code) WHERE lon IS NOT NULL
ORDER BY power(sphere_x(lon, lat) - sphere_x($lon, $lat), 2)
    + power(sphere_y(lon, lat) - sphere_y($lon, $lat), 2)
    + power(sphere_z(lat) - sphere_z($lat), 2), code
LIMIT 1
"""


def scenario_of_sites(
    con: duckdb.DuckDBPyConnection, question: Question, opened: pd.DataFrame, more: str = ""
) -> Scenario:
    """The sites to open from the day of the question on.

    A site is attributed to the commune whose town hall is the nearest: what children reach does not
    depend on it, the local supply does.

    Parameters
    ----------
    question : Question
        Of one service, on one type of day.
    opened : DataFrame
        One row per site: id, name, lon, lat (degrees, WGS84), places.
    more : str
        What its description says besides, in French.

    Raises
    ------
    RequestError
        When no establishment of the service can be built, or no commune has a town hall.
    """
    service = _built(str(question.service))
    known = {code for (code,) in con.execute("SELECT code FROM perimeter").fetchall()}
    changes = []
    for site in opened.to_dict("records"):
        code = site["id"] if site["id"] in known else _nearest(con, site["lon"], site["lat"])
        changes.append(
            Change(
                "ouvrir",
                question.as_of,
                service=service,
                etablissement=f"Site {site['name']}",
                commune=code,
                longitude=float(site["lon"]),
                latitude=float(site["lat"]),
                places=float(site["places"]),
                jour=question.day_type or "",
                source="observatory siting",
            )
        )
    sites = plural(len(changes), "site")
    day = dates.long_date(question.as_of)
    return Scenario(
        f"{sites} au {day}", tuple(changes), f"Réponse du choix de sites. {more}".strip()
    )


def _built(service: str) -> str:
    """The service whose establishments are built: itself, or the first part that has some."""
    services = nomenclature().services
    for id_ in (service, *nomenclature().service(service).parts):
        if services[id_].grain == "establishment":
            return id_
    raise RequestError(f"{services[service].short} : ce service n'a pas de lieu à ouvrir")


def _nearest(con: duckdb.DuckDBPyConnection, lon: float, lat: float) -> str:
    found = con.execute(NEAREST, {"lon": lon, "lat": lat}).fetchone()
    if found is None:
        raise RequestError("aucune commune n'a de mairie connue", mend="Donner les communes.")
    return str(found[0])
