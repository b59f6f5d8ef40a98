"""Establishments that differ between two attached versions (``old`` and ``new``)."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd

from observatory.answers.changed_demonstration import table_of
from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature

# Columns of an establishment that a person reads, in the order of the census.
COLUMNS = {
    "name": "nom",
    "service": "service",
    "status": "statut",
    "manager": "gestionnaire",
    "code": "commune",
    "address": "adresse",
    "lon": "longitude",
    "lat": "latitude",
    "position": "position",
    "opened": "ouverture",
    "closed": "fermeture",
    "source": "source",
    "source_date": "date de la source",
    "demonstration": vocabulary.DEMONSTRATION,
    "served": "communes desservies",
}
CLOSING = "closed"
MOVED = ["kind", "id", "name", "service", "code", "commune", "column", "old", "new"]


def establishments_moved(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per establishment added or removed, and one per column that changed.

    Returns
    -------
    DataFrame
        kind (``added``, ``removed``, ``closed``: it has a closing date that it had not,
        ``reopened``: it lost it, ``changed``), id, name, service, code, commune, column (French),
        old, new (French text, None when empty). Capacities are told by day type, with their dates.
    """
    old, new = (_establishments(con, side) for side in ("old", "new"))
    names = _commune_names(con)
    rows = [_whole("added", new[i], names) for i in new if i not in old]
    rows += [_whole("removed", old[i], names) for i in old if i not in new]
    shared = set.intersection(*({*next(iter(s.values()), {})} for s in (old, new)))
    for id_ in old.keys() & new.keys():
        before, after = old[id_], new[id_]
        days = {k for k in (*before, *after) if k.startswith("capacity|")}
        for column in [c for c in COLUMNS if c in shared] + sorted(days):
            if before.get(column) != after.get(column):
                rows.append(_column(column, before.get(column), after.get(column), after, names))
    table = pd.DataFrame(rows, columns=MOVED)
    rank = {i: n for n, i in enumerate(nomenclature().services)}
    kinds = {k: n for n, k in enumerate(("added", "removed", "closed", "reopened", "changed"))}
    table = table.assign(_kind=table["kind"].map(kinds), _rank=table["service"].map(rank))
    table = table.sort_values(
        ["_kind", "_rank", "commune", "name", "id"], kind="stable", ignore_index=True
    )
    return table[MOVED]


def _establishments(con: duckdb.DuckDBPyConnection, side: str) -> dict[str, dict[str, Any]]:
    """Each establishment by id: its columns, and a text for each day type's dated capacities."""
    found = con.execute(
        f"""
        SELECT e.*, s.served FROM {table_of(con, side, "establishment")} AS e LEFT JOIN (
            SELECT establishment AS id, string_agg(code, ', ' ORDER BY code) AS served
            FROM {side}.allocation GROUP BY ALL HAVING count(*) > 1
        ) AS s USING (id)
        """
    )
    columns = [d[0] for d in found.description or ()]
    every = {
        str(record["id"]): record
        for record in (dict(zip(columns, row, strict=True)) for row in found.fetchall())
    }
    capacities = con.execute(
        f"SELECT establishment, coalesce(day_type, ''), amount, valid_from FROM {side}.capacity "
        "ORDER BY establishment, day_type, valid_from"
    ).fetchall()
    for id_, day, amount, valid_from in capacities:
        if (one := every.get(id_)) is None:
            continue
        size = numbers.short_number(amount) if amount is not None else numbers.UNKNOWN
        earlier = one.get(f"capacity|{day}")
        one[f"capacity|{day}"] = (
            f"{earlier}, puis {size} au {dates.long_date(valid_from)}" if earlier else size
        )
    return every


def _commune_names(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(
        con.execute(
            "SELECT code, name FROM old.commune UNION ALL SELECT code, name FROM new.commune"
        ).fetchall()
    )


def _whole(kind: str, one: dict[str, Any], names: dict[str, str]) -> list[Any]:
    sizes = [
        f"{_day(column)} {text}".strip()
        for column, text in one.items()
        if column.startswith("capacity|")
    ]
    said = " ; ".join(sizes) or None
    return [
        kind,
        *_head(one, names),
        "capacité",
        *((None, said) if kind == "added" else (said, None)),
    ]


def _column(
    column: str, before: Any, after: Any, one: dict[str, Any], names: dict[str, str]
) -> list[Any]:
    kind = "changed"
    if column == CLOSING and (before is None) != (after is None):
        kind = "closed" if before is None else "reopened"
    label = COLUMNS.get(column) or f"capacité {_day(column)}".strip()
    return [
        kind,
        *_head(one, names),
        label,
        _said(column, before, names),
        _said(column, after, names),
    ]


def _head(one: dict[str, Any], names: dict[str, str]) -> list[Any]:
    return [
        one["id"],
        one["name"],
        one["service"],
        one["code"],
        names.get(one["code"], one["code"]),
    ]


def _day(column: str) -> str:
    day = column.partition("|")[2]
    return f"({nomenclature().day_types.get(day, day)})" if day else ""


def _said(column: str, value: Any, names: dict[str, str]) -> str | None:
    """A value as a person reads it; None when there is none."""
    if value is None:
        return None
    services = nomenclature().services
    if column in ("opened", "closed", "source_date"):
        return dates.long_date(value)
    if column in ("lon", "lat"):
        return numbers.number(value, 5)
    if column == "demonstration":
        return vocabulary.yes_no(value)
    if column == "service":
        return services[value].short if value in services else str(value)
    if column in ("code", "served"):
        return ", ".join(names.get(code, code) for code in str(value).split(", "))
    words = {**vocabulary.EVERY_STATUS, **vocabulary.POSITIONS}
    return words.get(str(value), str(value))
