"""All that the explanations of one question rest on, read once: for one commune, or them all."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.question import Question
from observatory.versions.frames import frame, records
from observatory.versions.warehouse import has_table

Row = dict[str, Any]
Place = str | None
"""The INSEE code of a commune; None is the territory."""

COMMUNES = """
SELECT c.code, c.name, c.reg, c.dep, c.epci FROM commune AS c SEMI JOIN perimeter USING (code)
WHERE $code IS NULL OR c.code = $code ORDER BY c.name, c.code
"""
PUBLICS = """
SELECT code, public, amount FROM public_as_of($day)
WHERE list_contains($publics, public) AND ($code IS NULL OR code = $code)
"""
PIECES = """
SELECT code, public, first_age, next_age, amount, share FROM age_piece
WHERE list_contains($publics, public) AND ($code IS NULL OR code = $code) ORDER BY first_age
"""
RATES = "SELECT level, code, rate, year FROM reference_as_of($day, $service)"
VOTED = """
SELECT amount FROM voted_as_of($day)
WHERE service = $service AND day_type IS NOT DISTINCT FROM $day_type
"""
SUPPLIES = """
SELECT s.code, s.service, s.supply, s.demonstration, k.service IS NOT NULL AS told, k.since
FROM supply_as_of($day, $wanted) AS s
LEFT JOIN known_offer AS k ON k.code = s.code AND k.service = s.service
    AND k.day_type IS NOT DISTINCT FROM s.day_type
WHERE list_contains($services, s.service) AND s.day_type IS NOT DISTINCT FROM $day_type
    AND (s.code IS NULL OR $code IS NULL OR s.code = $code)
"""
OPEN = """
SELECT a.code, o.service, e.id, e.name, c.name AS place, o.amount, a.share, a.equal_shares,
    e.source, e.source_date
FROM open_capacity($day) AS o
JOIN allocation AS a ON a.establishment = o.establishment
SEMI JOIN perimeter AS p ON p.code = a.code
JOIN establishment AS e ON e.id = o.establishment
LEFT JOIN commune AS c ON c.code = e.code
WHERE list_contains($services, o.service) AND o.day_type IS NOT DISTINCT FROM $day_type
    AND ($code IS NULL OR a.code = $code)
ORDER BY e.name, e.id, a.code
"""
TOTALS = """
SELECT t.code, t.service, t.places, t.source, t.valid_from
FROM commune_total AS t SEMI JOIN perimeter AS p ON p.code = t.code
WHERE list_contains($services, t.service) AND in_force(t.valid_from, t.valid_to, $day)
    AND ($code IS NULL OR t.code = $code)
"""
MASKED = "SELECT service, code FROM masked WHERE code IS NULL OR code IN (FROM perimeter)"
BPE = "SELECT DISTINCT service FROM bpe_offer"


@dataclass(frozen=True)
class Material:
    """What explanations rest on; each table by place.

    Attributes
    ----------
    question : Question
        Settled.
    rows : dict
        Of the gap table, by place and definition.
    sources : dict
        Producer and data set, by id of a source.
    communes : list
        Those read: one, or the whole perimeter.
    publics : dict
        Counts by place and public.
    pieces : dict
        Bands of age, by commune and public.
    rates : dict
        Published rate and its year, by level and place.
    voted : float or None
        The target in force.
    supplies : dict
        What the version answers, by service and place.
    opened, totals : dict
        Establishments open that day and their shares, totals in force, by service and commune.
    masked : frozenset
        Services and places that are.
    bpe : frozenset
        Services whose supply is the BPE's.
    every : dict
        The known figures of all communes, by need definition and figure: the gap, the rate.
    """

    question: Question
    rows: dict[tuple[Place, str], Row]
    sources: dict[str, str]
    communes: list[Row]
    publics: dict[tuple[Place, str], float | None]
    pieces: dict[tuple[Place, str], list[Row]]
    rates: dict[tuple[str, str], tuple[float, int]]
    voted: float | None
    supplies: dict[tuple[str, Place], Row]
    opened: dict[tuple[str, Place], list[Row]]
    totals: dict[tuple[str, Place], list[Row]]
    masked: frozenset[tuple[str, Place]]
    bpe: frozenset[str]
    every: dict[tuple[str, str], list[float]]

    @property
    def service(self) -> Service:
        """The service of the question."""
        return nomenclature().services[str(self.question.service)]


def read_material(
    con: duckdb.DuckDBPyConnection, question: Question, table: pd.DataFrame, code: Place = None
) -> Material:
    """Read what the explanations of a question rest on.

    Parameters
    ----------
    question : Question
        Settled.
    table : DataFrame
        The gap table of the whole territory, for every definition.
    code : str, optional
        The only commune to be explained; when absent, all of them and the territory.
    """
    names = nomenclature()
    service = str(question.service)
    one = names.services[service]
    publics = {one.public, names.public_of(service, question.day_type)}
    publics |= {p for d in one.definitions if (p := names.definitions[d].public)}
    values: Row = {
        "code": code,
        "day": question.as_of,
        "day_type": question.day_type,
        "service": service,
        "services": list(one.parts or (service,)),
        "wanted": None if one.parts else service,
        "publics": sorted(publics),
    }

    def read(query: str) -> list[Row]:
        named = set(re.findall(r"\$(\w+)", query))
        return plain_rows(frame(con, query, {k: v for k, v in values.items() if k in named}))

    shown = table if code is None else table[table["code"].isna() | (table["code"] == code)]
    pieces = read(PIECES) if has_table(con, "age_piece") else []
    sources = con.execute("SELECT id, producer, dataset FROM source").fetchall()
    voted = read(VOTED)
    return Material(
        question,
        rows={(r["code"], r["definition"]): r for r in plain_rows(shown)},
        sources={str(id_): f"{producer}, {inside(data)}" for id_, producer, data in sources},
        communes=read(COMMUNES),
        publics={(r["code"], r["public"]): r["amount"] for r in read(PUBLICS)},
        pieces=_grouped(pieces, "code", "public"),
        rates={(r["level"], r["code"]): (r["rate"], int(r["year"])) for r in read(RATES)},
        voted=float(voted[0]["amount"]) if voted else None,
        supplies={(r["service"], r["code"]): r for r in read(SUPPLIES)},
        opened=_grouped(read(OPEN), "service", "code"),
        totals=_grouped(read(TOTALS), "service", "code"),
        masked=frozenset((r["service"], r["code"]) for r in read(MASKED)),
        bpe=frozenset(r["service"] for r in read(BPE)),
        every=_every(table),
    )


def _every(table: pd.DataFrame) -> dict[tuple[str, str], list[float]]:
    """The figures of all communes that have one, by need definition and figure."""
    own = table[table["code"].notna()]
    return {
        (str(definition), figure): [float(v) for v in rows[figure].dropna()]
        for definition, rows in own.groupby("definition")
        for figure in ("gap", "rate")
    }


def plain_rows(table: pd.DataFrame) -> list[Row]:
    """The rows of a table, None where nothing is known."""
    return records(table.astype(object).where(table.notna(), None))


def _grouped(rows: list[Row], *keys: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[k] for k in keys)].append(row)
    return dict(found)
