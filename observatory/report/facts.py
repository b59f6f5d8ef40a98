"""Facts of a report, asked once: gap tables, totals of the selection, version metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import pandas as pd

from observatory.answers import deployment, gaps, sums
from observatory.answers.accessible import access_gaps
from observatory.answers.in_a_sentence import Moves, moves_of
from observatory.answers.masked_cells import is_masked
from observatory.answers.period import period
from observatory.answers.silent_services import silent_services
from observatory.errors import RequestError
from observatory.french import numbers
from observatory.french.spelling import plain
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.maps.shapes import Shapes, shapes
from observatory.report.request import ReportRequest, communes_of, services_of
from observatory.versions import record
from observatory.versions.frames import records

Row = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """The answers of a version for one request.

    Attributes
    ----------
    request : Request
        What was asked.
    info : dict
        What the version says of itself.
    names : dict
        Name of each commune of the selection by code, in the order of the names.
    whole : bool
        Whether the selection is the territory.
    services : tuple of str
        The services, in the order of the nomenclature.
    silent : frozenset of str
        Those left out because the version tells nothing of them; none where services were asked.
    table : DataFrame
        `access_gaps` of every service and definition, for the communes of the selection.
    totals : DataFrame
        The selection as one territory (`observatory.answers.sums.add_up`).
    """

    con: duckdb.DuckDBPyConnection
    request: ReportRequest
    info: dict[str, Any]
    names: dict[str, str]
    whole: bool
    services: tuple[str, ...]
    table: pd.DataFrame
    totals: pd.DataFrame
    silent: frozenset[str] = frozenset()
    _chosen: dict[str, str] = field(default_factory=dict)

    @property
    def territory(self) -> str:
        """Name of the territory."""
        return str(self.info["territory"]["name"])

    def moves(self, service: str, day_type: str | None, code: str) -> Moves | None:
        """What opened and closed in a commune since the start of the convention.

        None on a day before it.
        """
        since, until = self._followed
        if since > until:
            return None
        return moves_of(self._movements, service, day_type, code, since, until)

    @cached_property
    def _followed(self) -> tuple[date, date]:
        return period(self.con, self.request.as_of).first, self.request.as_of

    @cached_property
    def _movements(self) -> pd.DataFrame:
        return deployment.movements(self.con, *self._followed)

    @property
    def selection(self) -> str:
        """The selection in words."""
        if self.whole:
            return self.territory
        if len(self.names) == 1:
            return next(iter(self.names.values()))
        return f"{len(self.names)} communes : {self.territory}"

    def definition(self, service: str) -> str:
        """Id of the need definition in force for a service."""
        return self._chosen[service]

    def rows(self, service: str, day_type: str | None = None) -> pd.DataFrame:
        """One row per commune of the selection, by name, for the definition in force.

        Of a service with types of day, the first one when none is named.
        """
        return self._in_force[service, day_type or first_day(service) or ""]

    def total(self, service: str, day_type: str | None = None) -> Row:
        """The selection's own row, for the definition in force; type of day as in `rows`."""
        return self._totals[service, day_type or first_day(service) or ""]

    @cached_property
    def _in_force(self) -> dict[tuple[str, str], pd.DataFrame]:
        """The communes' rows for the definitions in force, by service and type of day."""
        return _by_slot(self.table, self._chosen)

    @cached_property
    def _totals(self) -> dict[tuple[str, str], Row]:
        """The selection's own row for the definitions in force, by service and type of day."""
        return {slot: _record(rows) for slot, rows in _by_slot(self.totals, self._chosen).items()}

    def definitions(self, service: str, code: str | None = None) -> list[Row]:
        """One row per need definition that can be told, of a commune or of the selection."""
        day = first_day(service)
        return [
            row
            for row in self._records.get(code or "", [])
            if row["service"] == service
            and day_of(row) == day
            and row["definition"] != "custom"
            and not pd.isna(row["need"])
        ]

    def sheet(self, code: str) -> list[Row]:
        """Every service and type of day of a commune, for the definitions in force, in order."""
        rank = {offer: n for n, offer in enumerate(nomenclature().offers())}
        found = [
            row
            for row in self._records[code]
            if row["definition"] == self._chosen[str(row["service"])]
        ]
        return sorted(found, key=lambda row: rank[str(row["service"]), day_of(row)])

    @cached_property
    def _records(self) -> dict[str, list[Row]]:
        """The rows of each commune, and of the selection under an empty code."""
        found: dict[str, list[Row]] = {}
        for table in (self.totals, self.table):
            for row in records(table):
                key = row["code"] if isinstance(row["code"], str) else ""
                found.setdefault(key, []).append(row)
        return found

    def by_status(self, code: str) -> dict[tuple[str, str | None, str], float]:
        """Supply of a commune by service, type of day and status; NaN when unknown."""
        return self._by_status.get(code, {})

    @cached_property
    def _by_status(self) -> dict[str, dict[tuple[str, str | None, str], float]]:
        found: dict[str, dict[tuple[str, str | None, str], float]] = {}
        rows = self.con.execute(
            "SELECT code, service, day_type, status, supply FROM supply_by_status(?) "
            "WHERE code IS NOT NULL",
            [self.request.as_of],
        ).fetchall()
        for code, service, day, status, supply in rows:
            amount = float("nan") if supply is None else float(supply)
            found.setdefault(code, {})[service, day, status] = amount
        return found

    @cached_property
    def lists_offer(self) -> bool:
        """Whether the supply of any service is known somewhere, or masked: a census was begun."""
        return any(
            numbers.is_known(row["supply"]) or is_masked(row, "supply")
            for code in self.names
            for row in self.sheet(code)
        )

    def facts_of(self, code: str) -> Row:
        """Population, births, income of a commune."""
        return self._facts[code]

    @cached_property
    def _facts(self) -> dict[str, Row]:
        return {str(row["code"]): row for row in records(self.facts)}

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Population, births, income of each commune of the selection, by name."""
        every = gaps.commune_facts(self.con).set_index("code", drop=False)
        return every.loc[list(self.names)].reset_index(drop=True)

    @cached_property
    def establishments(self) -> pd.DataFrame:
        """Establishments of the selection and its services, open on the day."""
        every = gaps.establishments(self.con, self.request.as_of)
        kept = every["code"].isin(list(self.names)) & every["service"].isin(self.counted)
        return every[kept].sort_values(["service", "commune", "name"], ignore_index=True)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The services and the parts of those that are a sum."""
        services = nomenclature().services
        return frozenset(p for s in self.services for p in (services[s].parts or (s,)))

    @cached_property
    def shapes(self) -> Shapes:
        """Contours of the selection alone."""
        every = shapes(self.con)
        if self.whole:
            return every
        found = every.among(self.names)
        if not found.codes:
            raise RequestError(
                "les communes choisies n'ont pas de contour sur une même carte",
                mend="Choisir d'autres communes.",
            )
        return found


def read(con: duckdb.DuckDBPyConnection, request: ReportRequest) -> Facts:
    """Ask a version everything a report needs.

    Raises
    ------
    RequestError
        When a commune is not of the territory, a service or a definition of the nomenclature, or
        nothing is selected.
    """
    communes = dict(sorted(gaps.communes(con).items(), key=lambda item: plain(item[1])))
    wanted = communes_of(request.communes, communes)
    silent = silent_services(con) if request.services is None else frozenset()
    services = tuple(s for s in services_of(request.services) if s not in silent)
    request.question.check(services)
    whole = len(wanted) == len(communes)
    table = access_gaps(
        con, request.question.for_every_need(), codes=None if whole else list(wanted)
    )
    table = table[table["service"].isin(services)]
    rank = {code: n for n, code in enumerate(wanted)}
    totals = sums.add_up(con, table, list(wanted), whole=whole)
    mine = table[table["code"].isin(list(wanted))]
    order = mine["code"].map(rank).sort_values(kind="stable").index
    return Facts(
        con=con,
        request=request,
        info=record.info(con),
        names=wanted,
        whole=whole,
        services=services,
        table=mine.loc[order],
        totals=totals,
        silent=silent,
        _chosen={s: nomenclature().definition_for(s, request.definition) for s in services},
    )


def first_day(service: str) -> str | None:
    """The type of day by which a service is first looked at."""
    days = nomenclature().service(service).day_types
    return days[0] if days else None


def stamp(reading: Facts) -> str:
    """The version, short."""
    version = str(reading.info["version"])
    return version.removeprefix("observatory-").removesuffix(".duckdb")


def day_of(row: Mapping[str, Any]) -> str | None:
    """The type of day of a row, None for a service that has none."""
    day = row["day_type"]
    return day if isinstance(day, str) else None


def offer_label(id_: str) -> str:
    """A service in words, with the type of day by which it is first looked at."""
    day = first_day(id_)
    label = nomenclature().service(id_).label
    return f"{label}, {nomenclature().day_types[day]}" if day else label


def service_of(id_: str) -> Service:
    """The entry of the nomenclature."""
    return nomenclature().service(id_)


def _by_slot(table: pd.DataFrame, chosen: Mapping[str, str]) -> dict[tuple[str, str], pd.DataFrame]:
    """Rows of the definitions chosen, by service and type of day (empty where there is none)."""
    kept = table[table["definition"] == table["service"].map(chosen)]
    days = kept["day_type"].fillna("")
    groups = kept.groupby([kept["service"], days], sort=False)
    return {(str(service), str(day)): rows for (service, day), rows in groups}


def _record(one_row: pd.DataFrame) -> Row:
    return {str(k): v for k, v in one_row.iloc[0].items()}
