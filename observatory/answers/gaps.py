"""Gap tables of a version, its need definitions, communes and establishments.

Everything on a screen or in a file comes from here; the sums themselves are the SQL macros that
each version carries (``pipelines/answers``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.rounded import say_rounded
from observatory.errors import RequestError
from observatory.french.spelling import inside
from observatory.french.vocabulary import RELIABILITY, RELIABLE, SUPPLY_UNKNOWN
from observatory.knowledge.nomenclature import Public, nomenclature
from observatory.knowledge.question import VOTED, Question
from observatory.versions.frames import frame
from observatory.versions.warehouse import has_table

GAP_ROWS = """
SELECT g.*, u.unmet, u.unmet_told, u.unmet_asked
FROM gap_as_of($day, $custom, $service) AS g
LEFT JOIN unmet_as_of($day) AS u ON u.code IS NOT DISTINCT FROM g.code AND u.service = g.service
  AND u.day_type IS NOT DISTINCT FROM g.day_type
WHERE ($day_type IS NULL OR g.day_type = $day_type)
"""
GAP_ORDER = "service, day_type, definition_rank, code NULLS LAST"
FLAGS = ["estimated", "resident", "suppressed", "fragile", "demonstration", "masked", "bpe"]
GAP_COLUMNS = [
    "code",
    "name",
    "service",
    "day_type",
    "definition",
    "public",
    "public_vintage",
    "estimated",
    "resident",
    "need",
    "supply",
    "unknown_parts",
    "gap",
    "unmet",
    "unmet_told",
    "unmet_asked",
    "rate",
    "target",
    "target_year",
    "published_rate",
    "published_year",
    "deficit_count",
    "definition_count",
    "masked",
    "suppressed",
    "fragile",
    "demonstration",
    "bpe",
    "reliability",
]


def gaps(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    codes: Collection[str] | None = None,
    definitions: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Need, supply and gap of each commune, and of the territory in the last row of each group.

    Ages and published rates have their own vintage, given in the table.

    Parameters
    ----------
    codes : collection of str, optional
        INSEE codes of the communes asked for, without the territory's row; by default every
        commune, and that row.
    definitions : mapping, optional
        The one need definition wanted of each service, by its id; by default that of the question,
        or every one.

    Returns
    -------
    DataFrame
        One row per commune × service × day type × definition, and one with ``code`` null for the
        territory. ``need``, ``supply`` and ``gap`` = supply − need are in the service's unit,
        ``rate`` and ``target`` per ``rate_per`` of its public. Unknown is NaN; ``rate`` is NaN too
        where the public is too small to bear one. ``unknown_parts``: ids of the services that leave
        a composite supply unknown, None elsewhere; ``resident``: those who live there stand in for
        pupils that nobody told. ``unmet``: requests that found no place, over the ``unmet_told``
    establishments that tell it, of the ``unmet_asked`` that stand there; NaN when none does.

    Raises
    ------
    RequestError
        When a name is not in the nomenclature, or the target is negative.
    VersionError
        When the version was built by an older arithmetic.
    """
    question.check()
    if question.definition == VOTED and question.service is not None:
        check_voted(con, question.service, question.as_of)
    values = asked_values(question)
    kept = ["$definition IS NULL OR definition = $definition"]
    if codes is not None:
        kept.append("list_contains($codes, code)")
        values["codes"] = list(codes)
    if definitions is not None:
        kept.append("list_contains($needs, service || ' ' || definition)")
        values["needs"] = [f"{service} {need}" for service, need in definitions.items()]
    wanted = " AND ".join(f"({one})" for one in kept)
    table = frame(con, f"FROM ({GAP_ROWS}) WHERE {wanted} ORDER BY {GAP_ORDER}", values)
    return in_words(con, table, question.as_of)[GAP_COLUMNS]


def asked_values(question: Question) -> dict[str, Any]:
    """A question as the values of a query's ``$names``."""
    return {
        "day": question.as_of,
        "custom": question.custom,
        "service": question.service,
        "definition": question.definition,
        "day_type": question.day_type,
    }


def in_words(con: duckdb.DuckDBPyConnection, table: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The same rows with whole flags, and their reliability in words.

    Parameters
    ----------
    table : DataFrame
        Rows of a gap table; of each figure, it is enough to tell whether it is known.
    """
    for flag in FLAGS:  # of an unknown public nothing is said: it is neither small nor estimated
        table[flag] = table[flag].fillna(False).astype(bool)
    table["reliability"] = reliability(table)
    say_rounded(con, table, as_of)
    return table


def known_services(con: duckdb.DuckDBPyConnection, day: date) -> frozenset[str]:
    """Services of which the supply of one commune at least is known on a day."""
    rows = con.execute(
        "SELECT DISTINCT service FROM supply_as_of(?, NULL) "
        "WHERE code IS NOT NULL AND supply IS NOT NULL",
        [day],
    ).fetchall()
    return frozenset(service for (service,) in rows)


def check_voted(con: duckdb.DuckDBPyConnection, service: str, day: date) -> None:
    """Refuse to measure against a target that the territory did not vote.

    Raises
    ------
    RequestError
        When no target of the service is in force on that day.
    """
    if frame(con, "FROM voted_as_of(?) WHERE service = ?", [day, service]).empty:
        raise RequestError(
            "le territoire n'a voté aucun objectif en vigueur ce jour pour ce service",
            mend="Choisir une autre définition, ou charger les objectifs (observatory targets).",
        )


def reliability(table: pd.DataFrame) -> pd.Series[str]:
    """In words, what weakens the figures of each row of a gap table; « bonne » if nothing does."""
    unknown = table["public"].isna()
    reasons = {
        "public_unknown": unknown,
        "suppressed": table["suppressed"],
        "fragile": table["fragile"] & ~table["suppressed"],
        "estimated": table["estimated"],
        "resident": table["resident"],
        "masked": table["masked"],
        "supply_unknown": table["supply"].isna() & ~table["masked"],
        "bpe": table["bpe"],
        "demonstration": table["demonstration"],
        # Of an unknown public the need is unknown anyway: the reference is told on its own.
        "need_unknown": table["target"].isna() | table["need"].isna() & ~unknown,
    }
    # Few combinations for many rows: each one is put into words once.
    words = [RELIABILITY[reason] for reason in reasons]
    flags = np.column_stack([flag.to_numpy(bool) for flag in reasons.values()])
    combination = flags @ (1 << np.arange(len(words)))
    said = {
        c: ", ".join(w for n, w in enumerate(words) if c >> n & 1) or RELIABLE
        for c in np.unique(combination).tolist()
    }
    told = pd.Series([said[c] for c in combination.tolist()], index=table.index, dtype=str)
    parts = table["unknown_parts"].where(reasons["supply_unknown"]).dropna()
    for ids in filter(None, parts.unique()):
        rows = parts.index[parts == ids]
        told[rows] = told[rows].str.replace(
            SUPPLY_UNKNOWN, f"{SUPPLY_UNKNOWN} ({part_names(ids)})", regex=False
        )
    return told


def public_of_row(row: Mapping[Any, Any] | pd.Series[Any]) -> Public:
    """The public that a row of a gap table counts: pupils, or those who live there."""
    names, day = nomenclature(), row["day_type"]
    service = str(row["service"])
    own = names.services[service].public
    asked = own if row["resident"] else names.public_of(service, day if pd.notna(day) else None)
    return names.publics[asked]


def part_names(ids: str) -> str:
    """The services that leave a composite one unknown, in people's words."""
    services = nomenclature().services
    return ", ".join(inside(services[i].short) for i in ids.split())


def supply_by_status(
    con: duckdb.DuckDBPyConnection, as_of: date, code: str | None = None
) -> pd.DataFrame:
    """Supply by service, day type and status, of one commune or (``code`` None) of the territory.

    Returns
    -------
    DataFrame
        service, day_type, status (``total`` for services known by commune only,
        ``inconnu``), supply in the service's unit, establishments (count; a shared establishment
        counts in each commune), masked (whether a missing supply is hidden, not unknown).
    """
    return frame(
        con,
        """
        SELECT s.service, s.day_type, s.status,
            CASE WHEN count(*) = count(s.supply) THEN sum(s.supply) END AS supply,
            sum(s.establishments) AS establishments, bool_or(m.code IS NOT NULL) AS masked
        FROM supply_by_status(?) AS s JOIN service AS v ON v.id = s.service
        LEFT JOIN masked AS m ON m.code IS NOT DISTINCT FROM s.code AND m.service = s.service
        WHERE CASE WHEN ? IS NOT NULL THEN s.code = ?
                   ELSE v.grain = 'establishment' OR s.code IS NULL END
        GROUP BY s.service, s.day_type, s.status, v.rank
        ORDER BY v.rank, s.day_type, s.status
        """,
        [as_of, code, code],
    )


def establishments(con: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """Establishments open on a day, with their position.

    Returns
    -------
    DataFrame
        One row per establishment of the perimeter: id, name, service, status, manager, code,
        commune, lon, lat, amount (its greatest capacity of that day, in the service's unit),
        opened, closed, source, source_date, demonstration, occupancy (in percent), atypical
        (hours), disability, funding_end; unknown is null. Never an assistant maternel.
    """
    return frame(
        con,
        """
        SELECT e.id, e.name, e.service, coalesce(e.status, 'inconnu') AS status, e.manager,
            e.code, c.name AS commune,
            e.lon, e.lat, max(k.amount) AS amount, e.opened, e.closed,
            e.source, e.source_date, e.demonstration,
            e.occupancy, e.atypical, e.disability, e.funding_end
        FROM establishment AS e
        JOIN capacity AS k ON k.establishment = e.id
            AND in_force(k.valid_from, k.valid_to, $day)
        JOIN commune AS c ON c.code = e.code AND c.inside
        WHERE in_force(e.opened, e.closed, $day)
        GROUP BY ALL
        ORDER BY e.service, e.id
        """,
        {"day": as_of},
    )


def commune_facts(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Population, births, income and place of each commune of the perimeter, one row each."""
    facts = frame(con, "SELECT * EXCLUDE (inside) FROM commune WHERE inside ORDER BY name")
    # Versions older than the COG's type of name do not say it.
    return facts if "tncc" in facts else facts.assign(tncc=None)


def postcodes(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The postcodes of each commune, a space between them; empty where no table gives them."""
    if not has_table(con, "postcode"):
        return {}
    rows = con.execute(
        "SELECT code, string_agg(postcode, ' ' ORDER BY postcode) FROM postcode "
        "SEMI JOIN perimeter USING (code) GROUP BY code"
    ).fetchall()
    return dict(rows)


def communes(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Name of each commune of the perimeter, by INSEE code."""
    return dict(con.execute("SELECT code, name FROM commune WHERE inside ORDER BY name").fetchall())
