"""Any communes and establishments, written as the tables that the last marts read.

For generated territories, in tests and measurements of what is computed after the census: no file,
no refresh. The one small territory of the tests, with its files, is ``tiny``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions.frames import frame

MARTS = Path(__file__).parents[1] / "pipelines" / "marts"
KNOWN_MARTS = ("covered", "known_offer", "known_around")
REACH_MARTS = ("reach", "edge", "around", "offer_key", "child_wide", "offer_wide")
LAST_MARTS = (*KNOWN_MARTS, *REACH_MARTS)
"""What the refresh makes from the tables written here."""
DAY = date(2026, 1, 1)
TRAVEL = {"origin": "TEXT", "destination": "TEXT", "minutes": "DOUBLE"}
POINT = {"id": "TEXT", "code": "TEXT", "lon": "DOUBLE", "lat": "DOUBLE", "weight": "DOUBLE"}
TOTAL = {
    "code": "TEXT",
    "service": "TEXT",
    "headcount": "DOUBLE",
    "places": "DOUBLE",
    "masked": "BOOLEAN",
    "valid_from": "DATE",
}
BORDER = {"code": "TEXT", "metres": "DOUBLE"}
TARGET = {"service": "TEXT", "day_type": "TEXT", "amount": "DOUBLE", "valid_from": "DATE"}
RING = {"code": "TEXT", "minutes": "DOUBLE", "people": "DOUBLE"}


def build(
    con: duckdb.DuckDBPyConnection,
    communes: pd.DataFrame,
    children: pd.DataFrame,
    establishments: pd.DataFrame,
    *,
    totals: pd.DataFrame | None = None,
    travel_times: pd.DataFrame | None = None,
    demand_points: pd.DataFrame | None = None,
    border: pd.DataFrame | None = None,
    rings: pd.DataFrame | None = None,
    covered: pd.DataFrame | None = None,
    travel: Mapping[str, float] | None = None,
) -> None:
    """Write the tables; run the marts of ``LAST_MARTS`` and the macros after it.

    Parameters
    ----------
    communes : DataFrame
        code, lon, lat, and ``inside`` (true when absent).
    children : DataFrame
        code, public, amount.
    establishments : DataFrame
        id, service, code, lon, lat, amount, and ``day_type`` (null when absent).
    totals, travel_times, demand_points, border, rings : DataFrame, optional
        code, service, headcount, places, ``masked`` (false when absent) and ``valid_from``; origin,
        destination, minutes; id, code, lon, lat, weight; code, metres; code, minutes, people.
    covered : DataFrame, optional
        code of the communes that the census stands for; those inside when absent.
    travel : mapping, optional
        Figures of ``[travel]`` to put in place of those of ``catchment.toml``.
    """
    inside = communes[communes.get("inside", pd.Series(True, communes.index)).astype(bool)]
    covered = inside[["code"]] if covered is None else covered
    begin(con, travel_times, demand_points, covered)
    for name, table in {**nomenclature().tables(), **catchment_rules().tables()}.items():
        _write(con, name, table)
    for key, value in (travel or {}).items():
        con.execute(f"UPDATE travel_rule SET {key} = {float(value)}")
    _write(con, "c_in", communes.assign(inside=communes.get("inside", True)))
    _write(con, "n_in", children)
    _write(con, "e_in", establishments.assign(day_type=establishments.get("day_type")))
    if totals is not None:
        totals = totals.assign(
            masked=totals.get("masked", False),
            valid_from=totals.get("valid_from", pd.Timestamp(2020, 1, 1)),
        )
    _write(con, "t_in", totals, TOTAL)
    _write(con, "border", border, BORDER)
    _write(con, "border_ring", rings, RING)
    _write(con, "voted_target", None, TARGET)
    con.execute(
        """
        CREATE TABLE commune AS
        SELECT CAST(code AS TEXT) AS code, 'Commune ' || code AS name, '62' AS dep, '32' AS reg,
            CAST(NULL AS TEXT) AS epci, CAST(inside AS BOOLEAN) AS inside,
            CAST(lon AS DOUBLE) AS lon, CAST(lat AS DOUBLE) AS lat FROM c_in;
        CREATE TABLE perimeter AS SELECT code FROM commune WHERE inside;
        CREATE TABLE territory AS SELECT 'Petit monde' AS name, 'communes' AS kind,
            CAST(NULL AS TEXT) AS siren, (SELECT count(*) FROM perimeter) AS communes;
        CREATE TABLE public_count AS
        SELECT CAST(code AS TEXT) AS code, public, CAST(amount AS DOUBLE) AS amount,
            false AS estimated, '2023' AS vintage FROM n_in;
        CREATE TABLE establishment AS
        SELECT DISTINCT CAST(id AS TEXT) AS id, 'Établissement ' || id AS name, service,
            'public' AS status, CAST(NULL AS TEXT) AS manager, CAST(code AS TEXT) AS code,
            CAST(NULL AS TEXT) AS address, CAST(lon AS DOUBLE) AS lon, CAST(lat AS DOUBLE) AS lat,
            DATE '2020-01-01' AS opened, CAST(NULL AS DATE) AS closed, 'test' AS source,
            CAST(NULL AS DATE) AS source_date, false AS demonstration, 'exact' AS position,
            CAST(id AS TEXT) AS site
        FROM e_in;
        CREATE TABLE capacity AS
        SELECT CAST(id AS TEXT) AS establishment, CAST(day_type AS TEXT) AS day_type,
            CAST(amount AS DOUBLE) AS amount, DATE '2020-01-01' AS valid_from,
            CAST(NULL AS DATE) AS valid_to FROM e_in;
        CREATE TABLE unmet_request (
            establishment TEXT, day_type TEXT, unmet DOUBLE, valid_from DATE, valid_to DATE);
        CREATE TABLE commune_total AS
        SELECT CAST(code AS TEXT) AS code, service,
            CASE WHEN NOT masked THEN headcount END AS headcount,
            CASE WHEN NOT masked THEN places END AS places,
            CAST(valid_from AS DATE) AS valid_from, CAST(NULL AS DATE) AS valid_to, masked,
            'test' AS source, false AS demonstration FROM t_in;
        CREATE TABLE masked AS SELECT code, service, 'sensitive' AS why FROM t_in WHERE masked;
        CREATE TABLE territory_total AS
        SELECT service, DATE '2020-01-01' AS valid_from, CAST(NULL AS DATE) AS valid_to,
            sum(headcount) AS headcount, sum(places) AS places, false AS demonstration
        FROM t_in SEMI JOIN perimeter USING (code) GROUP BY service;
        CREATE TABLE territory_public AS
        SELECT b.id AS public, sum(n.amount) AS amount, false AS estimated,
            '2023' AS vintage
        FROM public AS b
        LEFT JOIN public_count AS n ON n.public = b.id AND n.code IN (FROM perimeter)
        GROUP BY b.id;
        CREATE TABLE schooled (
            code TEXT, valid_from DATE, valid_to DATE, amount DOUBLE, demonstration BOOLEAN);
        CREATE TABLE allocation AS
        SELECT id AS establishment, code, 1.0 AS share, false AS equal_shares FROM establishment;
        CREATE TABLE bpe_offer (service TEXT, vintage TEXT);
        CREATE TABLE grid_demand (
            code TEXT, imputed_share DOUBLE, communes BIGINT, vintage TEXT);
        CREATE TABLE published_minutes (code TEXT, service TEXT, minutes DOUBLE, rows BIGINT,
            weighted BOOLEAN, vintage TEXT);
        CREATE TABLE published_rate (
            level TEXT, code TEXT, service TEXT, year INTEGER, rate DOUBLE, vintage TEXT);
        DROP TABLE c_in; DROP TABLE n_in; DROP TABLE e_in; DROP TABLE t_in;
        """
    )


def begin(
    con: duckdb.DuckDBPyConnection,
    travel_times: pd.DataFrame | None = None,
    demand_points: pd.DataFrame | None = None,
    covered: pd.DataFrame | None = None,
) -> None:
    """What lives beside the version and only as long as its refresh: ``stg`` and its macros."""
    con.execute("ATTACH ':memory:' AS stg")
    con.execute("CREATE TEMP MACRO current_code(c) AS c")
    _write(con, "stg.travel_time", travel_times, TRAVEL)
    _write(con, "stg.demand_point", demand_points, POINT)
    _write(con, "stg.covered", covered, {"code": "TEXT"})


def run_marts(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Run marts by name, as the refresh does."""
    for name in names:
        con.execute((MARTS / f"{name}.sql").read_text(encoding="utf-8"))


def _write(
    con: duckdb.DuckDBPyConnection,
    name: str,
    table: pd.DataFrame | None,
    columns: Mapping[str, str] | None = None,
) -> None:
    if table is None:
        wanted = ", ".join(f"{c} {t}" for c, t in (columns or {}).items())
        con.execute(f"CREATE TABLE {name} ({wanted})")
        return
    con.register("_table", table)
    select = ", ".join(f"CAST({c} AS {t}) AS {c}" for c, t in (columns or {}).items()) or "*"
    con.execute(f"CREATE TABLE {name} AS SELECT {select} FROM _table")
    con.unregister("_table")


def reached(
    con: duckdb.DuckDBPyConnection,
    day: date,
    rule: Mapping[str, float | bool],
    service: str | None = None,
) -> pd.DataFrame:
    """The rows of ``access_of`` for any rule, be it one of no scheme, in the order of the codes."""
    sums = "chosen_at" if rule["choice"] else "summed_at"
    return frame(
        con,
        f"WITH sums AS (SELECT 0 AS within_minutes, * FROM {sums}($day, $rule, $service)) "
        "FROM access_of('sums', [0], $day, $service) ORDER BY service, code, day_type",
        {"day": day, "rule": rule, "service": service},
    )
