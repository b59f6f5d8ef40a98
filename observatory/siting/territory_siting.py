"""A question of siting put to a version: its children, what they reach today, candidate sites."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.accessible import access_gaps
from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.siting.best_sites import BestSites, best_sites
from observatory.siting.program import Progress
from observatory.siting.second_opinions import maximal_coverage, p_median
from observatory.siting.siting_problem import Bounds, SitingProblem
from observatory.versions.frames import frame, lent
from observatory.versions.warehouse import has_table

# Children of each commune who draw from a site of the offer, by demand point: those of the
# perimeter, and of the surroundings where their own supply is known that day (summed_at.sql).
DEMAND = """
SELECT p.point, p.code, p.share * c.amount AS children, p.share, p.x, p.y, p.z
FROM demand_point AS p
JOIN offer_key AS k ON k.service = $service AND k.day_type IS NOT DISTINCT FROM $day_type
JOIN public_count AS c ON c.code = p.code AND c.public = k.public AND c.amount IS NOT NULL
ANTI JOIN aside_as_of($day, $service) AS a ON a.point = p.point AND a.offer = k.offer
"""
# A site that is a town hall of the table of travel times, and its commune; the table knows no other
# place where nothing stands yet.
TIMED_SITES = """
SELECT s.rank, c.code FROM _site AS s
JOIN commune AS c ON c.code = s.id AND c.lon = s.lon AND c.lat = s.lat
SEMI JOIN hall_minutes AS h ON h.code = c.code
"""
# One row per demand point × site: the minutes of the table where it tells them; else a straight
# line stretched by the detour. As for what stands already (reach.sql), a pair that the table leaves
# out between two ends that it knows, of two communes, is farther than the longest trip.
MINUTES = f"""
WITH demand AS ({DEMAND}),
site AS (
    SELECT rank, sphere_x(lon, lat) AS x, sphere_y(lon, lat) AS y, sphere_z(lat) AS z FROM _site
),
timed_site AS ({TIMED_SITES}),
timed_point AS (
    SELECT point FROM hall_minutes UNION SELECT point FROM reach WHERE measured
),
chord AS (
    SELECT d.point, d.code, d.share, s.rank,
        sqrt((d.x - s.x) * (d.x - s.x) + (d.y - s.y) * (d.y - s.y) + (d.z - s.z) * (d.z - s.z))
            AS km
    FROM demand AS d CROSS JOIN site AS s
),
straight AS (
    SELECT c.point, c.code, c.share, c.rank, r.max_minutes,
        2 * 6371.0088 * asin(least(1, c.km / (2 * 6371.0088))) * r.detour / r.speed_kmh * 60
            AS minutes
    FROM chord AS c CROSS JOIN travel_rule AS r
)
SELECT c.code, c.share, c.rank, CASE
    WHEN h.minutes IS NOT NULL THEN h.minutes
    WHEN t.code <> c.code AND p.point IS NOT NULL THEN greatest(c.minutes, c.max_minutes + 1)
    ELSE c.minutes END AS minutes
FROM straight AS c
LEFT JOIN timed_site AS t ON t.rank = c.rank
LEFT JOIN timed_point AS p ON p.point = c.point
LEFT JOIN hall_minutes AS h ON h.point = c.point AND h.code = t.code
"""
# One row per commune × site in reach of one of its points.
PAIRS = f"""
SELECT code, rank, sum(share * weight_at(minutes, $rule)) AS weight
FROM ({MINUTES}) WHERE minutes <= $reach GROUP BY ALL HAVING weight > 0 ORDER BY code, rank
"""
# One row per commune: the children who draw from a site of the offer.
CHILDREN = f"SELECT code, sum(children) AS public FROM ({DEMAND}) GROUP BY code"
# One row per commune × site, however far.
FAR = f"""
SELECT code, rank, sum(share * minutes) / sum(share) AS minutes
FROM ({MINUTES}) SEMI JOIN perimeter USING (code) GROUP BY code, rank ORDER BY code, rank
"""


@dataclass(frozen=True)
class TerritorySiting:
    """The problem of a territory, and what of it was left out.

    Attributes
    ----------
    communes : DataFrame
        One row per demand place of the problem: code, name, inside (of the perimeter), public,
        need (places), access (places per child).
    sites : DataFrame
        The candidates, in the order of the problem.
    left_out : tuple of str
        Names of the communes of the perimeter whose need or supply is unknown: nothing is counted
        for them, though their children share the places.
    demonstration : bool
        Whether a figure of it is of the demonstration.
    rate_per : float
        Children of a rate.
    local_gap : float or None
        Gap of the whole territory, its own places alone; None when it is unknown, or masked.
    timed : int
        Candidates of which the minutes are those of the table of travel times, not of a straight
        line.
    """

    problem: SitingProblem
    communes: pd.DataFrame
    sites: pd.DataFrame
    left_out: tuple[str, ...]
    demonstration: bool
    rate_per: float
    local_gap: float | None
    timed: int = 0


def territory_siting(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    sites: pd.DataFrame,
    *,
    scheme: str = DEFAULT_SCHEME,
    minutes: float | None = None,
) -> TerritorySiting:
    """The problem of a service, on one type of day, against one need definition.

    Parameters
    ----------
    question : Question
        Of one service, whose establishments families reach.
    sites : DataFrame
        Of ``candidate_sites``.
    scheme : str
        Id of a weight scheme, whose weights do not move with the sites.
    minutes : float, optional
        Reach: one of those of ``catchment.toml``, the default one when absent.

    Raises
    ------
    RequestError
        When no family travels to the service, nor to a part of it; when the weights of the scheme
        move with the sites; when no commune's need and supply are known.
    """
    one, rules = question.settled(), catchment_rules()
    assert one.service is not None
    built = built_service(one.service)
    if rules.scheme(scheme).choice:
        raise RequestError(
            f"« {rules.scheme(scheme).label} » ne peut pas servir à choisir des sites : ses poids "
            "changent avec les sites eux-mêmes, et ce qu'ils apportent ne s'additionne plus",
            mend=f"Choisir une autre pondération, par exemple {DEFAULT_SCHEME}.",
        )
    reach = rules.reach.default if minutes is None else minutes
    if reach not in rules.reach.sensitivity:
        raise RequestError(
            f"le temps d'accès de {reach:g} minutes n'est pas suivi",
            mend=f"Choisir parmi {', '.join(f'{m:g}' for m in rules.reach.sensitivity)}.",
        )
    rule = {"rule": rules.rule(scheme, reach), "reach": float(reach)}
    pairs, drawn = _read(con, one, built, sites, PAIRS, rule)
    asked = access_gaps(con, one, scheme=scheme)
    whole = asked[asked["code"].isna()]
    asked = asked[asked["code"].notna()]
    with _lent_sites(con, sites):
        ((timed,),) = con.execute(f"SELECT count(*) FROM ({TIMED_SITES})").fetchall()
    rate_per = float(
        con.execute("SELECT rate_per FROM service WHERE id = ?", [one.service]).fetchall()[0][0]
    )
    told = asked[["code", "name", "need"]].assign(access=asked[f"access_{reach:g}"] / rate_per)
    communes = drawn.merge(told, on="code", how="left").sort_values("code", ignore_index=True)
    known = communes[["need", "access"]].notna().all(axis=1)
    if not known.any():
        needed = asked["need"].notna().any()
        raise RequestError(
            f"aucune commune n'a un besoin et une offre connus le {one.as_of:%d/%m/%Y}",
            mend="Charger le recensement, ou choisir une autre date."
            if needed
            else "Aucun besoin n'y est connu : choisir un autre besoin, ou un service dont "
            "l'effectif du public est connu.",
        )
    inside = set(asked["code"])
    counted = set(communes.loc[known, "code"])
    left_out = asked.loc[~asked["code"].isin(counted), "name"]
    rank = pd.Series(np.arange(len(communes), dtype=np.int64), index=communes["code"])
    public = communes["public"].to_numpy(dtype=float)
    # Elsewhere nothing lacks that could be counted: those children share the places all the same.
    enough = np.where(known & (public > 0), communes["need"] / np.maximum(public, 1e-12), 0.0)
    problem = SitingProblem(
        children=public,
        enough=enough,
        reached=communes["access"].where(known, 0.0).to_numpy(dtype=float),
        counted=known.to_numpy(),
        origin=np.asarray(rank.loc[pairs["code"]], dtype=np.int64),
        site=pairs["rank"].to_numpy(dtype=np.int64),
        weight=pairs["weight"].to_numpy(dtype=float),
        **{
            name: sites[name].to_numpy()
            for name in ("smallest", "largest", "opening_euros", "place_euros", "opened")
        },
    )
    return TerritorySiting(
        problem,
        communes.assign(inside=communes["code"].isin(inside)),
        sites,
        tuple(sorted(left_out)),
        bool(asked["demonstration"].any()),
        rate_per,
        None if whole["masked"].any() or whole["gap"].isna().any() else float(whole["gap"].iloc[0]),
        int(timed),
    )


def second_opinions(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    sites: pd.DataFrame,
    count: int,
    *,
    minutes: float | None = None,
    seconds: float = 60.0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What two classical methods choose, which know no places: nearest to all, and within reach.

    Parameters
    ----------
    question, sites, minutes
        As for ``territory_siting``.
    count : int
        Sites to open, or all the candidates when there are fewer.
    seconds : float
        Time of each at most.

    Returns
    -------
    nearest : DataFrame
        The sites (id, name) from which the children of the perimeter are the nearest in all;
        ``told``: their mean minutes, on each row.
    within : DataFrame
        The sites that the most children have within reach; ``told``: how many do.

    Raises
    ------
    RequestError
        As ``territory_siting`` for the service; when nothing was found in time.
    """
    one, rules = question.settled(), catchment_rules()
    assert one.service is not None
    far, drawn = _read(con, one, built_service(one.service), sites, FAR, {})
    public = drawn.set_index("code")["public"]
    table = far.pivot_table(index="code", columns="rank", values="minutes")
    people = public.loc[table.index].to_numpy(dtype=float)
    times = table.to_numpy(dtype=float)
    asked = min(count, len(sites))
    reach = rules.reach.default if minutes is None else minutes
    near, walked = p_median(people, times, asked, seconds=seconds)
    seen, covered = maximal_coverage(people, times <= reach, asked, seconds=seconds)
    names = sites[["id", "name"]]
    mean = -walked.value / people.sum() if people.sum() else float("nan")
    return (
        names.iloc[near].assign(told=mean).reset_index(drop=True),
        names.iloc[seen].assign(told=covered.value).reset_index(drop=True),
    )


def _read(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    built: str,
    sites: pd.DataFrame,
    query: str,
    more: Mapping[str, Any],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What a query finds between communes and sites, and the children of each commune."""
    values = {"day": question.as_of, "service": built, "day_type": question.day_type}
    with _lent_sites(con, sites):
        found = frame(con, query, {**values, **more})
    return found, frame(con, CHILDREN, values)


def _lent_sites(
    con: duckdb.DuckDBPyConnection, sites: pd.DataFrame
) -> AbstractContextManager[None]:
    """The candidates as ``_site``; an older version knows no minutes to a town hall."""
    tables = {"_site": sites.assign(rank=range(len(sites)))[["rank", "id", "lon", "lat"]]}
    if not has_table(con, "hall_minutes"):
        none: pd.Series[str] = pd.Series([], dtype=str)
        tables["hall_minutes"] = pd.DataFrame(
            {"point": none.astype("int32"), "code": none, "minutes": none.astype("float64")}
        )
    return lent(con, tables)


def built_service(service: str) -> str:
    """The service whose establishments are built: itself, or the first part that has some.

    Raises
    ------
    RequestError
        When there is none that families travel to.
    """
    services = nomenclature().services
    for id_ in (service, *nomenclature().service(service).parts):
        if services[id_].grain == "establishment" and services[id_].catchment:
            return id_
    raise RequestError(
        f"{services[service].short} : ce service n'a pas de lieu que les familles rejoignent",
        mend="Choisir un service d'établissements, par exemple eaje.",
    )


def sites_for(
    asked: TerritorySiting,
    bounds: Bounds,
    *,
    seconds: float = 60.0,
    relative: float = 0.0,
    progress: Progress | None = None,
) -> tuple[BestSites, pd.DataFrame, pd.DataFrame]:
    """Choose the sites of a territory.

    Returns
    -------
    found : BestSites
        The choice, and how far a better one may be.
    opened : DataFrame
        One row per site to open: id, name, lon, lat, places, euros.
    gained : DataFrame
        One row per commune of the perimeter that gains: code, name, access and after (places per
        child), gained (places), short and still_short (places that lack before and after).

    Raises
    ------
    RequestError
        As ``best_sites``.
    """
    problem = asked.problem
    found = best_sites(problem, bounds, seconds=seconds, relative=relative, progress=progress)
    rows = asked.sites.assign(places=found.places).iloc[found.opened]
    opened = rows.assign(euros=rows["opening_euros"] + rows["place_euros"] * rows["places"])
    more = problem.gained(found.places)
    gained = asked.communes.assign(
        after=asked.communes["access"] + more,
        gained=problem.children * more,
        short=problem.short,
        still_short=np.maximum(problem.short - problem.children * more, 0.0),
    )
    gained = gained[asked.communes["inside"] & (more > 0)]
    return (
        found,
        opened[["id", "name", "lon", "lat", "places", "euros"]].reset_index(drop=True),
        gained[["code", "name", "access", "after", "gained", "short", "still_short"]].sort_values(
            "gained", ascending=False, ignore_index=True
        ),
    )
