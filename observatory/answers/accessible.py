"""Accessible supply: the places that families can reach, whatever the communes' borders.

Two-step floating catchment (Luo and Wang, 2003), as in the Drees' APL: each facility's places are
shared between the children who can reach it, ``R_j = S_j / Σ_i w(t_ij) P_i``; a commune then adds
up what it can reach, ``A_i = Σ_j w(t_ij) R_j``. Children and facilities outside the perimeter count
when the sources have them. The sums are macros of the version (``pipelines/answers``); the weights
and the reaches are those of ``catchment.toml``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import duckdb
import pandas as pd

from observatory.answers.access_gap_query import access_gap_query
from observatory.answers.gaps import GAP_COLUMNS, GAP_ORDER, asked_values, in_words
from observatory.answers.reach_query import reach_values, reached_rows
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.versions.frames import frame

KEYS = ["code", "service", "day_type"]


def access(
    con: duckdb.DuckDBPyConnection,
    service: str | None = None,
    *,
    as_of: date,
    scheme: str = DEFAULT_SCHEME,
) -> pd.DataFrame:
    """Accessible rate of each commune of the perimeter at each reach of the sensitivity.

    Parameters
    ----------
    service : str, optional
        Id of the nomenclature; every service with a catchment when absent.
    as_of : date
        Day of the supply.
    scheme : str
        Id of a weight scheme of ``catchment.toml``.

    Returns
    -------
    DataFrame
        One row per commune × service × day type: ``access_10``, ``access_15``, ``access_20``,
        accessible supply per ``rate_per`` of the public (places per 100 children) within so many
        minutes, NaN when unknown; ``nearest_minutes`` to the nearest open facility of the service,
        NaN when it is more than ``max_minutes`` away; ``published_minutes``, Insee's to the nearest
        equipment, and their ``published_minutes_vintage``, null without its file; ``imputed_share``
        (0 to 1), of the commune's children who stand in squares of 200 m, those whose square is an
        estimate, NaN when it cannot be told; ``edge``, true where the surroundings within
        the default reach are unknown, ``edge_missing`` what is unknown there; ``beyond``, of the
        people in the default reach, weighed as places are, the share (0 to 1) whose commune's
        supply is unknown on that day: beyond the border, or inside where no total is in force.

    Raises
    ------
    RequestError
        When the service or the scheme is unknown.
    """
    if service is not None:
        nomenclature().service(service)
    query = f"FROM ({reached_rows(scheme)}) ORDER BY code, service, day_type"
    table = frame(con, query, {"day": as_of, "service": service, **reach_values(scheme)})
    return table.astype({"edge": "bool"})


def nearest(con: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """Minutes from each commune of the perimeter to the nearest open facility of each service.

    Returns
    -------
    DataFrame
        code, service (composites and services without catchment too), nearest_minutes; no row
        where the nearest one is more than ``max_minutes`` away.
    """
    return frame(
        con,
        "SELECT n.code, n.service, n.minutes AS nearest_minutes FROM nearest_as_of(?) AS n "
        "SEMI JOIN perimeter AS p ON p.code = n.code ORDER BY 1, 2",
        [as_of],
    )


def access_gaps(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    scheme: str = DEFAULT_SCHEME,
    codes: Collection[str] | None = None,
) -> pd.DataFrame:
    """The gap table with, beside the local supply, the supply that the commune's children reach.

    Parameters
    ----------
    scheme : str
        Id of a weight scheme.
    codes : collection of str, optional
        INSEE codes of the communes asked for, without the territory's row; by default every
        commune, and the territory.

    Returns
    -------
    DataFrame
        The columns of ``gaps``, then: those of ``access`` (NaN for services without catchment, and
        for pupils before and after school); ``access_rate``, accessible supply per ``rate_per`` at
        the default reach, NaN where those who live in that reach are too few to bear a rate
        (``access_suppressed``), however few live in the commune itself; ``access_supply`` =
        A_i × P_i and ``access_gap`` = access_supply − need, in the service's unit;
        ``access_deficit_count`` of ``access_definition_count``: how many pairs of a need definition
        and a reach call the commune short; ``desert_<rule>`` for each rule of ``catchment.toml``,
        None where the rule does not apply or cannot be told. In the territory's row, accessible
        supply is the sum over its communes: what its children reach, wherever it stands.

    Raises
    ------
    RequestError
        As ``gaps``, and when the scheme is unknown.
    """
    question.check()
    values = {**asked_values(question), **reach_values(scheme)}
    if codes is not None:
        values["codes"] = list(codes)
    rows = access_gap_query(reached_rows(scheme), of_some=codes is not None)
    query = f"FROM ({rows}) ORDER BY {GAP_ORDER}"
    table = in_words(con, frame(con, query, values), question.as_of)
    for name in [f"desert_{id_}" for id_ in catchment_rules().deserts]:
        table[name] = table[name].astype(object).where(table[name].notna(), None)
    counts = ["access_deficit_count", "access_definition_count"]
    others = ["kind", "definition_rank", "rate_per", "suppressed_below", "fragile_below"]
    table = table.astype({"edge": "bool", **dict.fromkeys(counts, "int64")}).drop(columns=others)
    return table[[*GAP_COLUMNS, *(c for c in table if c not in GAP_COLUMNS)]]


def reachable(
    con: duckdb.DuckDBPyConnection,
    code: str,
    service: str,
    *,
    as_of: date,
    scheme: str = DEFAULT_SCHEME,
    reach: float | None = None,
) -> pd.DataFrame:
    """What the children of a commune reach for a service, nearest first, and what each brings.

    Parameters
    ----------
    code : str
        INSEE code of a commune of the perimeter.
    service : str
        Id of the nomenclature, composite or not. A service without catchment lists who serves the
        commune.
    reach : float, optional
        Minutes; the default reach when absent.

    Returns
    -------
    DataFrame
        One row per establishment × day type: establishment (id), name, service, day_type, place and
        place_name (where it stands), minutes, weight (0 to 1), amount (its capacity),
        ``contribution``: supply per ``rate_per`` of the public that it brings to the commune (they
        add up to its accessible rate), ``share``: the part of its places that weighs on the
        commune's children. Services known by commune only (assistants maternels) come as one row,
        ``establishment`` null, minutes of the nearest, all their communes together.
    """
    catchment = nomenclature().service(service).catchment
    rule = catchment_rules().rule(scheme, reach)
    source = "flow_as_of(?, ?, ?)" if catchment else "served_as_of(?, ?)"
    return frame(
        con,
        f"""
        SELECT f.establishment, coalesce(e.name, v.label) AS name, f.service, f.day_type,
            CASE WHEN f.establishment IS NOT NULL THEN f.place END AS place,
            CASE WHEN f.establishment IS NOT NULL THEN c.name END AS place_name,
            min(f.minutes) AS minutes, max(f.weight) AS weight,
            CASE WHEN count(*) = count(f.amount) THEN sum(f.amount) END AS amount,
            CASE WHEN count(*) = count(f.contribution) THEN sum(f.contribution) END AS contribution,
            CASE WHEN f.establishment IS NOT NULL THEN any_value(f.share) END AS share,
            count(*) AS places_counted
        FROM {source} AS f JOIN service AS v ON v.id = f.service
        LEFT JOIN establishment AS e ON e.id = f.establishment
        LEFT JOIN commune AS c ON c.code = f.place
        WHERE f.code = ?
        GROUP BY 1, 2, 3, 4, 5, 6
        ORDER BY f.establishment IS NULL, f.day_type, minutes, f.establishment, f.service
        """,
        [as_of, *([rule] if catchment else []), service, code],
    )


UNREACHED = {
    "place_nowhere": "ni position ni mairie connue : hors du calcul",
    "place_at_town_hall": "position inconnue : compté à la mairie de sa commune",
    "no_child_in_reach": "aucun enfant connu à portée : ses places ne vont à personne",
    "places_unknown": "capacité inconnue : l'offre accessible des communes à portée est inconnue",
    "commune_nowhere": "commune sans mairie ni point de demande : offre accessible inconnue",
    "children_unknown": "effectif inconnu : ses enfants ne sont pas comptés dans le partage",
    "total_unknown": "total communal inconnu ce jour : l'offre accessible alentour est un minimum",
    "total_masked": "total communal masqué : l'offre accessible alentour est un minimum",
    "total_estimated": "total communal masqué : sa part est estimée d'après ses enfants",
    "commune_not_covered": "commune non recensée : l'offre accessible alentour est un minimum",
    "travel_pair_unsnapped": "trajet sans durée dans la table : tenu pour hors de portée",
    "travel_origin_unknown": "origine de la table de temps qui n'est ni une commune ni un point",
    "travel_destination_unknown": "destination de la table de temps où rien n'est recensé",
    "travel_origin_missing": "absent des origines de la table de temps : vol d'oiseau",
    "travel_destination_missing": "absent des destinations de la table de temps : vol d'oiseau",
    "demand_point_rejected": "point de demande sans position, poids ou commune connue : écarté",
}
"""What the accessible supply leaves out or guesses, in the words of the report."""


def unreached(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    *,
    scheme: str = DEFAULT_SCHEME,
    reach: float | None = None,
) -> pd.DataFrame:
    """Everything that the accessible supply does not count, or counts with a guess.

    Returns
    -------
    DataFrame
        One row per thing: kind (a key of ``UNREACHED``), id, service, day_type, code, amount
        (places at stake, or rows of a file; NaN when unknown) and reason in French. Empty when all
        counts.
    """
    table = frame(
        con,
        "FROM unreached_as_of(?, ?) ORDER BY ALL",
        [as_of, catchment_rules().rule(scheme, reach)],
    )
    return table.assign(reason=table["kind"].map(UNREACHED))
