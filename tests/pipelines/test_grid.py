"""The squares of 200 m as demand points: what is made of Insee's lines, without a refresh."""

from __future__ import annotations

import duckdb
import pyproj
import pytest
from published_rows import run_published

COMMUNES = "62001 62002 2A004 75056 97411 97209"
HEADING = "square;communes;imputed;children"


def square(lon: float, lat: float, epsg: int = 3035) -> str:
    """The name of the square of 200 m that holds a point."""
    metres = pyproj.Transformer.from_crs("EPSG:4326", f"EPSG:{epsg}", always_xy=True)
    east, north = (int(m // 200 * 200) for m in metres.transform(lon, lat))
    return f"CRS{epsg}RES200mN{north}E{east}"


ARRAS = square(2.775, 50.29)


def read(*lines: str, points: str = "", older: str = "") -> duckdb.DuckDBPyConnection:
    """The squares of a file, and of an older one."""
    files = {"carreaux_200m_met_2019.csv": "\n".join([HEADING, *lines])}
    if older:
        files["carreaux_200m_met_2017.csv"] = f"{HEADING}\n{older}"
    moved = {"62009": "62001", "75101": "75056"}
    return run_published(
        "grid_square", "grid", files, communes=COMMUNES, carried=moved, points=points
    )


def weights(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], float]:
    rows = con.execute("SELECT code, id, sum(weight) FROM stg.demand_point GROUP BY ALL").fetchall()
    return {(code, id_): weight for code, id_, weight in rows}


def test_the_published_square_is_where_it_says() -> None:
    # South-west corner 2029800 north, 4252400 east: its centre is 100 m further, both ways.
    con = read("CRS3035RES200mN2029800E4252400;2A004;0;40")
    ((lon, lat),) = con.execute("SELECT lon, lat FROM stg.demand_point").fetchall()
    east, north = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True).transform(
        lon, lat
    )
    assert (east, north) == (pytest.approx(4252500, abs=0.01), pytest.approx(2029900, abs=0.01))
    assert 8.5 < lon < 9.6  # in Corsica
    assert 41.3 < lat < 43.1


@pytest.mark.parametrize(
    ("code", "lon", "lat", "epsg"),
    [
        ("62001", 2.775, 50.29, 3035),
        ("97411", 55.45, -20.88, 2975),
        ("97209", -61.07, 14.61, 5490),
    ],
)
def test_a_square_of_each_projection_is_within_its_half_diagonal(
    code: str, lon: float, lat: float, epsg: int
) -> None:
    con = read(f"{square(lon, lat, epsg)};{code};0;40")
    ((found_lon, found_lat),) = con.execute("SELECT lon, lat FROM stg.demand_point").fetchall()
    metres = pyproj.Geod(ellps="WGS84").inv(lon, lat, found_lon, found_lat)[2]
    assert metres < 142


def test_children_are_shares_of_their_commune_and_a_square_over_two_is_split_evenly() -> None:
    other = square(2.80, 50.29)
    con = read(f"{ARRAS};62001;0;30", f"{other};6200162002;1;20")
    # Aval: 30 and 10; Bourg: 10. No count is kept.
    assert weights(con) == {
        ("62001", ARRAS): 0.75,
        ("62001", other): 0.25,
        ("62002", other): 1,
    }
    shares = dict(con.execute("SELECT code, imputed_share FROM grid_demand").fetchall())
    assert shares == {"62001": 0.25, "62002": None, None: 0.4}  # ten children bear no share


def test_codes_of_everywhere_find_their_commune_of_today() -> None:
    corsica, paris = square(8.73, 41.92), square(2.34, 48.86)
    con = read(
        f"{corsica};2a004;0;40", f"{paris};75101;0;50", f"{ARRAS};6200962001;0;60",
        f"{square(5.2, 46.2)};1001;0;9",
    )  # fmt: skip
    assert weights(con) == {
        ("2A004", corsica): 1,
        ("75056", paris): 1,
        ("62001", ARRAS): 1,  # both halves are of the same commune today
    }


@pytest.mark.parametrize(
    "name",
    [
        "perdu",
        "",
        ARRAS.replace("3035", "9999"),
        ARRAS.replace("3035", "2975"),  # metres of Réunion
        ARRAS.replace("N", "F"),
    ],
)
def test_a_square_that_is_nowhere_is_left_to_the_report_and_bears_no_share(name: str) -> None:
    con = read(f"{name};62001;1;40")
    assert con.execute("SELECT lon, lat FROM stg.demand_point").fetchall() == [(None, None)]
    assert con.execute("FROM grid_demand").fetchall() == []


def test_unknown_children_are_no_zero_and_nobody_lives_in_a_square_of_zero() -> None:
    con = read(f"{ARRAS};62001;0;ns", f"{square(2.8, 50.29)};62001;0;0")
    assert weights(con) == {("62001", ARRAS): None}


def test_imputed_or_not_must_be_known_of_every_square() -> None:
    con = read(f"{ARRAS};62001;;40", f"{square(2.8, 50.29)};62001;1;40")
    assert con.execute("SELECT DISTINCT imputed_share FROM grid_demand").fetchall() == [(None,)]


def test_the_points_of_the_territory_are_worth_more() -> None:
    con = read(f"{ARRAS};62001;0;40", f"{ARRAS};62002;0;40", points="62001")
    assert weights(con) == {("62001", "62001"): 1, ("62002", ARRAS): 1}


def test_the_newest_file_of_a_commune_is_the_one() -> None:
    other = square(2.8, 50.29)
    con = read(f"{ARRAS};62001;0;40", older=f"{other};62001;0;40\n{other};62002;1;40")
    assert weights(con) == {("62001", ARRAS): 1, ("62002", other): 1}
    found = con.execute("SELECT code, vintage FROM grid_demand").fetchall()
    assert found == [("62001", "2019"), ("62002", "2017"), (None, "2019")]
