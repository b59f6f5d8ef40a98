"""Accessible supply: the places that families can reach, whatever the communes' borders.

Two-step floating catchment (Luo and Wang, 2003), as in the Drees' APL: each facility's places are
shared between the children who can reach it, ``R_j = S_j / Σ_i w(t_ij) P_i``; a commune then adds
up what it can reach, ``A_i = Σ_j w(t_ij) R_j``. Children and facilities outside the perimeter count
when the sources have them. The sums are macros of the version (``pipelines/answers``); the weights
and the reaches are those of ``catchment.toml``.
"""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.gaps import gaps
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.knowledge.shortfall import is_short
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
        NaN when it is more than ``max_minutes`` away; ``edge``, true where the surroundings within
        the default reach are unknown, ``edge_missing`` what is unknown there; ``beyond``, of the
        people in the default reach, weighed as places are, the share (0 to 1) whose commune's
        supply is unknown on that day: beyond the border, or inside where no total is in force.

    Raises
    ------
    RequestError
        When the service or the scheme is unknown.
    """
    rules = catchment_rules()
    if service is not None:
        nomenclature().service(service)
    table = pd.DataFrame()
    for minutes in rules.reach.sensitivity:
        found = frame(
            con,
            "FROM access_as_of(?, ?, ?) WHERE code IN (SELECT code FROM perimeter)",
            [as_of, rules.rule(scheme, minutes), service],
        )
        found = found.rename(columns={"access": f"access_{minutes:g}"})
        table = found if table.columns.empty else table.merge(found, on=KEYS, how="outer")
    around = frame(
        con,
        "SELECT p.code, e.minutes <= ? AS edge, e.missing AS edge_missing "
        "FROM perimeter AS p LEFT JOIN edge AS e ON e.code = p.code",
        [rules.reach.default],
    )
    around["edge"] = around["edge"].fillna(False).astype(bool)
    around["edge_missing"] = around["edge_missing"].where(around["edge"])
    beyond = frame(
        con, "FROM beyond_as_of(?, ?, ?)", [as_of, rules.rule(scheme, rules.reach.default), service]
    )
    table = table.merge(beyond, on=KEYS, how="left")
    table = table.merge(nearest(con, as_of), on=["code", "service"], how="left")
    return table.merge(around, on="code").sort_values(KEYS, ignore_index=True)


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
    con: duckdb.DuckDBPyConnection, question: Question, *, scheme: str = DEFAULT_SCHEME
) -> pd.DataFrame:
    """The gap table with, beside the local supply, the supply that the commune's children reach.

    Parameters
    ----------
    scheme : str
        Id of a weight scheme.

    Returns
    -------
    DataFrame
        The columns of ``gaps``, then: those of ``access`` (NaN for services without catchment, and
        for pupils before and after school); ``access_rate``, accessible supply per ``rate_per`` at
        the default reach, NaN where the public is too small to bear a rate; ``access_supply`` =
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
    rules, services = catchment_rules(), nomenclature().services
    question.check()
    reached = access(con, question.service, as_of=question.as_of, scheme=scheme)
    table = gaps(con, question.for_every_need()).merge(reached, on=KEYS, how="left")
    rate_per = table["service"].map({i: s.rate_per for i, s in services.items()})
    # Before and after school a child is looked after at its own school: nothing else is reached.
    at_school = at_own_school(table)
    reach_columns = [f"access_{minutes:g}" for minutes in rules.reach.sensitivity]
    table.loc[at_school, [*reach_columns, "beyond"]] = np.nan
    total = table["code"].isna()
    supplies = {}
    for minutes in rules.reach.sensitivity:
        column = f"access_{minutes:g}"
        supply = _with_total(table[column] * table["public"] / rate_per, table)
        table[column] = table[column].where(~total, rate_per * supply / table["public"])
        supplies[minutes] = supply
    edge = table["edge"].fillna(False).astype(bool)
    table["edge"] = edge | (total & bool(edge.any()))
    # Of the territory: what its children meet, on average.
    met = _with_total(table["beyond"] * table["public"], table)
    table["beyond"] = table["beyond"].where(~total, met / table["public"])
    default = rules.reach.default
    table["access_supply"] = supplies[default]
    table["access_gap"] = table["access_supply"] - table["need"]
    shown = ~table["suppressed"].fillna(False).astype(bool)
    table["access_rate"] = table[f"access_{default:g}"].where(shown)
    counted = table["definition"].map({i: d.counted for i, d in nomenclature().definitions.items()})
    decimals = nomenclature().decimals_of(table["service"]).to_numpy(float)
    lack = np.column_stack([s - table["need"] for s in supplies.values()])
    short = (is_short(lack, decimals[:, None]).sum(axis=1) * counted).astype(int)
    known = ((~np.isnan(lack)).sum(axis=1) * counted).astype(int)
    slot = [table["code"].fillna(""), table["service"], table["day_type"].fillna("")]
    table["access_deficit_count"] = short.groupby(slot).transform("sum")
    table["access_definition_count"] = known.groupby(slot).transform("sum")
    for id_, rule in rules.deserts.items():
        applies = table["service"].isin(rule.services) & shown
        rate = table["access_rate"] if rule.measure == "access" else table["rate"]
        told = applies & rate.notna()
        low = rate * rule.children_per_place < rate_per - 1e-9
        table[f"desert_{id_}"] = low.astype(object).where(told, None)
    if question.definition is not None:
        table = table[table["definition"] == question.definition]
    return table.reset_index(drop=True)


def at_own_school(table: pd.DataFrame) -> pd.Series[bool]:
    """Rows of a gap table whose public is the pupils of the commune, counted as such."""
    names = nomenclature()
    schooled = names.publics_of(table).map({i: p.schooled for i, p in names.publics.items()})
    return schooled.astype(bool) & ~table["resident"]


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


def _with_total(supply: pd.Series[float], table: pd.DataFrame) -> pd.Series[float]:
    """Put, in the rows of the territory, the sum of its communes; unknown if one of them is."""
    total = table["code"].isna()
    slot = [table[c].fillna("") for c in ("service", "day_type", "definition")]
    inside = supply.where(~total, 0.0)
    whole = inside.groupby(slot).transform(lambda values: values.sum(skipna=False))
    return supply.where(~total, whole)
