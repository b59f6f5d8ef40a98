"""The convention of the territory in a version, and the period that the pages follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from observatory.french.dates import long_date, long_month
from observatory.knowledge.convention import first_day
from observatory.versions.records import records
from observatory.versions.warehouse import has_table

YEARS_BACK = 3


@dataclass(frozen=True)
class Period:
    """The period that deployment, atlas and maps follow by default.

    Attributes
    ----------
    since : str
        What its first day is, in French, to stand after « depuis ».
    of_convention : bool
        Whether the convention gives its first day.
    """

    first: date
    last: date
    since: str
    of_convention: bool


def convention(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """The convention that a version carries, with its parts; None when it carries none.

    Returns
    -------
    dict or None
        name, territory, start, end, signed, contact_role, contact, source, and ``parts``: one dict
        per signatory, commune, axis, theme: kind, label, since, services.
    """
    if not has_table(con, "convention"):
        return None
    rows = records(con, "SELECT * FROM convention")
    parts = records(con, "SELECT * EXCLUDE (rank) FROM convention_part ORDER BY rank")
    return {**rows[0], "parts": parts} if rows else None


def groups(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Services by theme of the convention, in its order; empty where it says none of a theme."""
    parts = (convention(con) or {}).get("parts", [])
    told = {p["label"]: p["services"] for p in parts if p["kind"] == "thème" and p["services"]}
    return {label: tuple(services.split(",")) for label, services in told.items()}


def period(con: duckdb.DuckDBPyConnection, today: date) -> Period:
    """The period to follow: the convention's, else the last three years."""
    found = convention(con) or {}
    end = found.get("end") or date(today.year, 12, 31)
    if start := found.get("start"):
        return Period(start, end, f"le début de la Ctg ({long_date(start)})", of_convention=True)
    if first := first_day(None, found.get("signed")):
        month = long_month(found["signed"])
        return Period(first, end, f"la signature de la Ctg ({month})", of_convention=True)
    first = date(today.year - YEARS_BACK, 1, 1)
    return Period(first, end, f"le {long_date(first)}", of_convention=False)
