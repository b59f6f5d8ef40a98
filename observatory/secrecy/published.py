"""What a version tells of the totals that have masks: all that an intruder reads of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from observatory.errors import VersionError
from observatory.secrecy.register import Cell
from observatory.versions import warehouse

Figures = tuple[float | None, float | None]
"""A headcount and its places; None is not told."""


@dataclass(frozen=True)
class Total:
    """The territory's total of one service from a day on; ``rounded``: it holds masked communes."""

    day: date
    figures: Figures
    rounded: bool


@dataclass(frozen=True)
class Published:
    """The totals of one version.

    Attributes
    ----------
    masked : frozenset of (code, service)
        Cells hidden at every date.
    open : mapping of (code, service) to rows
        Dated figures that are shown, oldest first.
    totals : mapping of service to totals
        The territory's, oldest first.
    """

    version: str
    perimeter: frozenset[str]
    masked: frozenset[Cell]
    open: Mapping[Cell, tuple[tuple[date, Figures], ...]]
    totals: Mapping[str, tuple[Total, ...]]

    def hidden(self, service: str) -> frozenset[str]:
        """Codes masked for a service."""
        return frozenset(code for code, of in self.masked if of == service)

    def told(self, code: str, service: str, day: date) -> Figures | None:
        """What is shown of a commune on a day; None when nothing is."""
        found = [figures for since, figures in self.open.get((code, service), ()) if since <= day]
        return found[-1] if found else None


def read_published(con: duckdb.DuckDBPyConnection, version: str = "") -> Published:
    """Read the totals of a version from the tables that it publishes, own census only."""
    columns = {d[0] for d in con.execute("FROM territory_total LIMIT 0").description or []}
    rounded = "rounded" if "rounded" in columns else "false"
    perimeter = frozenset(c for (c,) in con.execute("SELECT code FROM perimeter").fetchall())
    masked = frozenset(
        con.execute("SELECT code, service FROM masked WHERE code IS NOT NULL").fetchall()
    )
    shown: dict[Cell, list[tuple[date, Figures]]] = defaultdict(list)
    for code, service, day, headcount, places in con.execute(
        "SELECT code, service, valid_from, headcount, places FROM commune_total "
        "WHERE NOT masked ORDER BY valid_from"
    ).fetchall():
        shown[code, service].append((day, (headcount, places)))
    totals: dict[str, list[Total]] = defaultdict(list)
    for service, day, headcount, places, is_rounded in con.execute(
        f"SELECT service, valid_from, headcount, places, {rounded} FROM territory_total "
        "ORDER BY valid_from"
    ).fetchall():
        totals[service].append(Total(day, (headcount, places), is_rounded))
    return Published(
        version,
        perimeter,
        masked,
        {cell: tuple(rows) for cell, rows in shown.items()},
        {service: tuple(rows) for service, rows in totals.items()},
    )


def kept_versions(processed_dir: Path) -> Iterator[Published]:
    """The kept versions of a real census, oldest first; demonstration figures are nobody's."""
    for name in warehouse.versions(processed_dir):
        try:
            with warehouse.connect(processed_dir / name) as con:
                made_up = con.execute(
                    "SELECT coalesce(bool_or(demonstration), false) FROM commune_total"
                ).fetchone()
                if made_up == (False,):
                    yield read_published(con, name)
        except (duckdb.Error, VersionError):
            continue  # a version of another schema, or unreadable, tells nothing that is known
