"""Accessible supply by the statements alone: what the answers give, and what is found by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from generated import at_every_run

from observatory.errors import RequestError, SourceError
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from pipelines.kernel.engines import accessible_supply
from pipelines.kernel.kernel_tables import KernelTables
from pipelines.macros import write_macros
from tests.mart_tables import LAST_MARTS, build, reached, run_marts
from tests.scattered import scattered, write_table

RULES = catchment_rules()
OFFERS = {"eaje_psu": "0_2", "eaje_hors_psu": "0_2"}
DAY = date(2026, 1, 1)
MATRIX = [[0, 8, 14], [8, 0, 12], [14, 12, 0]]


def found(tables: KernelTables, beside: Path, **more: str | float) -> pd.DataFrame:
    with accessible_supply(tables, beside, **more) as path, duckdb.connect() as con:  # type: ignore[arg-type]
        return con.execute(f"FROM '{path}'").df()


def timed(
    folder: Path,
    children: Sequence[float | None],
    places: Sequence[float | None],
    minutes: Sequence[Sequence[float]],
) -> KernelTables:
    """Points 00000…, sites E0…, one offer, ``minutes[i][j]`` between them."""
    points = [f"{n:05d}" for n in range(len(children))]
    sites = [f"E{n}" for n in range(len(places))]
    tables = KernelTables(*(folder / f"{n}.parquet" for n in ("demand", "supply", "travel")))
    amounts = pd.DataFrame({"point": points, "offer": "eaje", "children": children})
    write_table(tables.demand, amounts.astype({"children": float}))
    amounts = pd.DataFrame({"site": sites, "offer": "eaje", "places": places})
    write_table(tables.supply, amounts.astype({"places": float}))
    assert tables.travel is not None
    rows = [(p, s, float(minutes[i][j])) for i, p in enumerate(points) for j, s in enumerate(sites)]
    write_table(tables.travel, pd.DataFrame(rows, columns=["point", "site", "minutes"]))
    return tables


def test_three_communes_by_hand_with_the_weights_of_the_apl(tmp_path: Path) -> None:
    rows = found(timed(tmp_path, [100, 50, 30], [40, 0, 6], MATRIX), tmp_path)
    assert rows["point"].tolist() == ["00000", "00001", "00002"]  # codes stay texts
    assert (100 * rows["access"]).round(4).tolist() == [35.2316, 11.5028, 16.7232]


def test_what_is_unknown_stays_unknown_and_what_is_out_of_reach_is_zero(tmp_path: Path) -> None:
    far = [[0, 99], [99, 0], [99, 99], [3, 99]]
    rows = found(timed(tmp_path, [10, 20, 30, None], [None, 5], far), tmp_path)
    # E0's places are unknown to those in its reach; nobody but the second point reaches E1.
    assert rows["access"].isna().tolist() == [True, False, False, True]
    assert rows["access"].tolist()[1:3] == [5 / 20, 0]


def test_places_are_all_shared_out(tmp_path: Path) -> None:
    tables = scattered(tmp_path, 1 / 2000, offers=3)
    rows = found(tables, tmp_path)
    with duckdb.connect() as con:
        con.register("reached", rows)
        shared = con.execute(
            "SELECT sum(access * children) FROM reached "
            f"JOIN '{tables.demand}' USING (point, offer)"
        ).fetchall()
        whole = con.execute(f"SELECT sum(places) FROM '{tables.supply}'").fetchall()
    assert shared[0][0] == pytest.approx(whole[0][0], rel=1e-12)


@pytest.mark.parametrize(
    ("scheme", "reach"), at_every_run(1, [("apl", 15), ("gaussien", 20), ("binaire", 10)])
)
@pytest.mark.parametrize("travel", [False, True])
def test_the_answers_of_a_version_give_the_same(
    tmp_path: Path, scheme: str, reach: float, travel: bool
) -> None:
    con = version(travel)
    tables = tables_of(con, tmp_path, travel)
    rows = found(tables, tmp_path, scheme=scheme, reach=reach).set_index(["point", "offer"])
    told = reached(con, DAY, RULES.rule(scheme, reach)).query("service in @OFFERS")
    rates_per = {name: nomenclature().services[name].rate_per for name in OFFERS}
    told = told.assign(access=told["access"] / told["service"].map(rates_per))
    told = told.rename(columns={"code": "point", "service": "offer"})
    told = told.set_index(["point", "offer"]).loc[rows.index]
    assert len(rows) == 2 * 120
    assert rows["access"].isna().tolist() == told["access"].isna().tolist()
    assert 0 < rows["access"].isna().sum() < len(rows) / 2
    assert (rows["access"] > 0).sum() > len(rows) / 4
    assert rows["access"].dropna().to_numpy() == pytest.approx(
        told["access"].dropna().to_numpy(), rel=1e-9
    )


def version(travel: bool) -> duckdb.DuckDBPyConnection:
    """120 communes and 90 establishments of two services, two of them of unknown capacity."""
    dice = np.random.default_rng(44)
    codes = [f"{n:05d}" for n in range(120)]
    communes = pd.DataFrame(
        {"code": codes, "lon": dice.uniform(2, 3, 120), "lat": dice.uniform(50, 50.6, 120)}
    )
    places = dice.integers(5, 60, 90).astype(float)
    places[[3, 50]] = np.nan
    establishments = pd.DataFrame(
        {
            "id": [f"E{n}" for n in range(90)],
            "service": [list(OFFERS)[n % 2] for n in range(90)],
            "code": dice.choice(codes, 90),
            "lon": dice.uniform(2, 3, 90),
            "lat": dice.uniform(50, 50.6, 90),
            "amount": places,
        }
    )
    times = pd.DataFrame(
        [(c, f"E{n}", m) for c in codes for n in range(90) if (m := dice.uniform(0, 90)) < 45],
        columns=["origin", "destination", "minutes"],
    )
    con = duckdb.connect()
    children = pd.DataFrame({"code": codes, "amount": dice.integers(1, 400, 120).astype(float)})
    build(
        con,
        communes=communes,
        children=pd.concat(children.assign(public=public) for public in set(OFFERS.values())),
        establishments=establishments,
        travel_times=times if travel else None,
    )
    run_marts(con, *LAST_MARTS)
    write_macros(con)
    return con


def tables_of(con: duckdb.DuckDBPyConnection, folder: Path, travel: bool) -> KernelTables:
    """The tables of a version, as the statements read them."""
    selects = {
        "demand": "SELECT p.code AS point, s.id AS offer, n.amount AS children, p.lon, p.lat "
        "FROM demand_point AS p JOIN public_count AS n ON n.code = p.code "
        f"JOIN service AS s ON s.public = n.public WHERE s.id IN {tuple(OFFERS)}",
        "supply": "SELECT e.id AS site, e.service AS offer, c.amount AS places, e.lon, e.lat "
        "FROM establishment AS e JOIN capacity AS c ON c.establishment = e.id",
    }
    if travel:
        selects["travel"] = (
            "SELECT p.code AS point, u.establishment AS site, r.minutes FROM reach AS r "
            "JOIN demand_point AS p ON p.point = r.point JOIN supply_point AS u ON u.site = r.site"
        )
    for name, select in selects.items():
        con.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet)")
    files = {name: folder / f"{name}.parquet" for name in selects}
    return KernelTables(files["demand"], files["supply"], files.get("travel"))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("demand", "SELECT * EXCLUDE (lon) FROM t", "colonne absente : lon"),
        ("demand", "SELECT * REPLACE ('dix' AS children) FROM t", "n'est pas un nombre : children"),
        ("demand", "FROM t UNION ALL FROM t", "écrite deux fois"),
        ("supply", "SELECT * REPLACE (-1 AS places) FROM t", "places : valeur négative"),
        ("supply", "SELECT * REPLACE (NULL::DOUBLE AS lat) FROM t", "lon ou lat : absente"),
        ("supply", "SELECT * REPLACE (NULL::BIGINT AS site) FROM t", "clé sans valeur"),
    ],
)
def test_a_table_that_would_come_out_wrong_is_refused(
    tmp_path: Path, name: str, change: str, said: str
) -> None:
    tables = scattered(tmp_path, 1 / 100_000)
    path = tables.files[name]
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS FROM '{path}'")
        con.execute(f"COPY ({change}) TO '{path}' (FORMAT parquet)")
    with pytest.raises(SourceError, match=said):
        found(tables, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"demand.parquet", "supply.parquet"}


def test_weights_shared_between_sites_are_refused_not_ignored(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="concurrence entre établissements"):
        found(scattered(tmp_path, 1 / 100_000), tmp_path, scheme="apl_choix")
